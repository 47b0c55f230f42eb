package io.jenkins.plugins.serverlesspromotion.aws.session;

import io.jenkins.plugins.serverlesspromotion.aws.CallTrace;
import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.Pace;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.apache.ProxyConfiguration;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Tag;

/**
 * Role sessions: one per account, role and promotion, so that CloudTrail shows who did what for whom. All concurrent
 * work of a promotion shares them. They are refreshed five minutes before they expire, and closed after a period
 * without use. One HTTP client serves them all. Safe for use by several threads.
 */
public final class AwsSessions implements AutoCloseable {
    /** Longer than the pause between two steps of a promotion. */
    private static final Duration IDLE = Duration.ofMinutes(10);

    private final AwsSettings settings;
    private final BaseCredentials base;
    private final Pace pace;
    private final ExecutionInterceptor guard;
    private final SdkHttpClient http;
    private final Map<Key, Held> sessions = new HashMap<>();
    private final Map<Class<?>, Object> kept = new HashMap<>();

    public AwsSessions(AwsSettings settings, BaseCredentials base) {
        this(settings, base, Pace.scaledBy(settings.pollScale()));
    }

    /** @param pace controls the time; {@link Pace#scaledBy} of the settings' scale except in some tests */
    public AwsSessions(AwsSettings settings, BaseCredentials base, Pace pace) {
        this(settings, base, pace, new WriteGuard());
    }

    /** @param guard of every client; {@link WriteGuard} except in tests that act as another process */
    public AwsSessions(AwsSettings settings, BaseCredentials base, Pace pace, ExecutionInterceptor guard) {
        this.guard = guard;
        this.settings = settings;
        this.base = base;
        this.pace = pace;
        this.http = http(settings);
    }

    /** The purpose of a role. */
    public enum Purpose {
        PLAN,
        DEPLOY,
        TEST,
        /** The account of the artifact store. */
        STORE;

        /** Name or ARN; null: the base credentials. */
        public String role(Policy.Account account) {
            return switch (this) {
                case PLAN -> account.planRole();
                case DEPLOY, STORE -> account.deployRole();
                case TEST -> account.testRole();
            };
        }
    }

    /** The user of a session, as shown in CloudTrail. {@code promotion} null: outside of promotions. */
    public record Actor(String promotion, String release, List<String> approvers) {
        public Actor {
            approvers = List.copyOf(approvers);
        }
    }

    public AwsSettings settings() {
        return settings;
    }

    public Pace pace() {
        return pace;
    }

    /**
     * The single object of its type with the lifetime of these sessions, created at the first request. Users of the
     * sessions share knowledge in it; the sessions do not use it.
     */
    public <T> T kept(Class<T> type, Supplier<T> made) {
        synchronized (kept) {
            return type.cast(kept.computeIfAbsent(type, t -> made.get()));
        }
    }

    /** The sessions of one piece of work; close it when the work ends. */
    public Scope scope(Actor actor) {
        return new Scope(actor);
    }

    public final class Scope implements AutoCloseable {
        private final Actor actor;
        private final Map<Key, Held> mine = new HashMap<>();

        private Scope(Actor actor) {
            this.actor = actor;
        }

        /**
         * A session whose account has been verified against the configured one.
         *
         * @throws DeploymentException when the credentials are of another account
         */
        public AwsSession session(Policy.Account account, Purpose purpose, String region) {
            String role = purpose.role(account);
            var key = new Key(account.id(), account.credentialsId(), account.externalId(), role, actor);
            AwsSession session;
            synchronized (this) {
                session = mine.computeIfAbsent(key, k -> hold(k, account, region)).session;
            }
            session.checkAccount(region);
            return session;
        }

        @Override
        public synchronized void close() {
            mine.forEach((key, held) -> release(held));
            mine.clear();
        }
    }

    private synchronized Held hold(Key key, Policy.Account account, String region) {
        sweep(pace.now().minus(IDLE));
        Held held = sessions.computeIfAbsent(key, k -> new Held(make(k, account, region)));
        held.users++;
        return held;
    }

    private synchronized void release(Held held) {
        held.users--;
        held.since = pace.now();
        sweep(held.since.minus(IDLE));
    }

    private void sweep(Instant before) {
        for (Key key : new ArrayList<>(sessions.keySet())) {
            Held held = sessions.get(key);
            if (held.users == 0 && held.since.isBefore(before)) {
                sessions.remove(key);
                held.session.close();
            }
        }
    }

    private AwsSession make(Key key, Policy.Account account, String region) {
        AwsCredentialsProvider from;
        try {
            from = base.find(account.credentialsId());
        } catch (IllegalArgumentException e) {
            throw DeploymentException.errored("no credentials for account " + account.name() + ": " + e.getMessage());
        }
        if (key.role == null) {
            return new AwsSession(settings, http, account, "the base credentials", from, guard, () -> {});
        }
        String arn = roleArn(account, key.role, region);
        StsClient sts = AwsSession.builder(
                        StsClient.builder(),
                        "sts",
                        region,
                        settings,
                        http,
                        from,
                        new CallTrace(account.name(), region, arn),
                        guard)
                .build();
        var assumed = new RoleCredentials(sts, request(account, arn, key.actor), pace);
        return new AwsSession(settings, http, account, key.role, assumed, guard, assumed::close);
    }

    private AssumeRoleRequest request(Policy.Account account, String arn, Actor actor) {
        String promotion = actor.promotion() == null ? "serverless-promotion" : actor.promotion();
        var request = AssumeRoleRequest.builder()
                .roleArn(arn)
                .externalId(account.externalId())
                .roleSessionName(SessionNames.name(actor.release() == null ? promotion : actor.release()));
        if (settings.sourceIdentity()) {
            request.sourceIdentity(SessionNames.name(promotion));
        }
        if (settings.sessionTags()) {
            var tags = new ArrayList<Tag>();
            tag(tags, "promotion", actor.promotion());
            tag(tags, "release", actor.release());
            if (!actor.approvers().isEmpty()) {
                tag(tags, "approvers", SessionNames.people(actor.approvers()));
            }
            request.tags(tags);
        }
        return request.build();
    }

    private static void tag(List<Tag> tags, String key, String value) {
        if (value != null) {
            tags.add(Tag.builder().key(key).value(SessionNames.tag(value)).build());
        }
    }

    /** {@code role} is a name, a path and name, or an ARN, which must then be of this account. */
    public static String roleArn(Policy.Account account, String role, String region) {
        if (!role.startsWith("arn:")) {
            return "arn:" + Partition.of(region) + ":iam::" + account.id() + ":role/" + role;
        }
        String[] parts = role.split(":", 6);
        if (parts.length != 6 || !parts[4].equals(account.id())) {
            throw DeploymentException.failed("role " + role + " of account " + account.name() + " is not in account "
                    + account.id() + "; correct the role or the account's id in the policy");
        }
        return role;
    }

    /** No setting of it comes from the environment. */
    public static ProxyConfiguration proxy(AwsSettings settings) {
        var proxy = ProxyConfiguration.builder().useSystemPropertyValues(false).useEnvironmentVariableValues(false);
        if (settings.proxy() != null) {
            proxy.endpoint(settings.proxy().endpoint());
            if (settings.proxy().username() != null) {
                proxy.username(settings.proxy().username())
                        .password(settings.proxy().password());
            }
            settings.proxy().direct().forEach(host -> proxy.addNonProxyHost(nonProxyPattern(host)));
            proxy.addNonProxyHost("169\\.254\\.169\\.254");
        }
        return proxy.build();
    }

    private static SdkHttpClient http(AwsSettings settings) {
        return ApacheHttpClient.builder()
                .proxyConfiguration(proxy(settings))
                .tlsTrustManagersProvider(TrustStores.of(settings.authorities()))
                .maxConnections(100)
                .connectionTimeout(Duration.ofSeconds(10))
                .connectionAcquisitionTimeout(Duration.ofMinutes(1))
                // Above every attempt timeout, so that those apply: a smoke test may respond after 15 minutes.
                .socketTimeout(Duration.ofMinutes(16))
                .tcpKeepAlive(true)
                .build();
    }

    /** The SDK expects regular expressions where users write {@code *.acme.net}. */
    private static String nonProxyPattern(String host) {
        return host.strip().replace(".", "\\.").replace("*", ".*");
    }

    @Override
    public synchronized void close() {
        sessions.values().forEach(held -> held.session.close());
        sessions.clear();
        http.close();
    }

    private record Key(String account, String credentialsId, String externalId, String role, Actor actor) {
        Key {
            Objects.requireNonNull(account);
        }
    }

    private static final class Held {
        final AwsSession session;
        int users;
        Instant since;

        Held(AwsSession session) {
            this.session = session;
        }
    }
}
