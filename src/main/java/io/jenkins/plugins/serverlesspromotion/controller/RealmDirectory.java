package io.jenkins.plugins.serverlesspromotion.controller;

import hudson.security.ACL;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.port.Directory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import jenkins.security.ImpersonatingExecutorService;

/**
 * Reads the current groups of the people who decided from Jenkins' security realm, before anything is deployed on their
 * decision. It uses separate threads and a time limit: a directory server that hangs must delay only the promotions
 * that need its answer.
 */
final class RealmDirectory implements Directory, AutoCloseable {
    /** Longer than a working realm takes. The time limit decides nothing: the realm is called again. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Concurrent lookups. It also bounds the threads that a hanging realm can occupy permanently. */
    private static final int AT_ONCE = 4;

    private final Duration patience;
    private final ExecutorService asking = new ImpersonatingExecutorService(
            Executors.newFixedThreadPool(
                    AT_ONCE, new NamingThreadFactory(new DaemonThreadFactory(), "Serverless Promotion realm")),
            ACL.SYSTEM2);

    private final Supplier<IdentityRules> rules;

    /** @param rules read for each lookup */
    RealmDirectory(Supplier<IdentityRules> rules) {
        this(rules, PATIENCE);
    }

    /** @param patience time limit of a lookup */
    RealmDirectory(Supplier<IdentityRules> rules, Duration patience) {
        this.rules = rules;
        this.patience = patience;
    }

    @Override
    public PromotionDecisions.Answer read(Set<String> users) throws InterruptedException {
        Future<PromotionDecisions.Answer> answer = asking.submit(() -> ask(users));
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return failure("the security realm has not answered for " + patience.toSeconds()
                    + " seconds with the groups of the people who decided; it is called again");
        } catch (ExecutionException e) {
            throw new IllegalStateException("the question failed", e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private PromotionDecisions.Answer ask(Set<String> users) {
        Identity identity = new Identity(rules.get());
        Map<String, Set<String>> groups = new TreeMap<>();
        Set<String> gone = new TreeSet<>();
        for (String user : users) {
            try {
                Optional<Set<String>> now = identity.groupsNow(user);
                now.ifPresent(in -> groups.put(user, in));
            } catch (NotAPersonException e) {
                gone.add(user);
            } catch (RealmException e) {
                return failure(e.getMessage());
            }
        }
        return new PromotionDecisions.Answer(groups, gone, null);
    }

    private static PromotionDecisions.Answer failure(String sentence) {
        return new PromotionDecisions.Answer(Map.of(), Set.of(), sentence);
    }

    @Override
    public void close() {
        asking.shutdownNow();
    }
}
