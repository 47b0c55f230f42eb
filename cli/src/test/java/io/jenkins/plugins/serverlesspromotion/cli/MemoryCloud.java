package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.AccountChecker;
import io.jenkins.plugins.serverlesspromotion.engine.port.ArtifactStore;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Accounts that live in memory: what is deployed stays, plans are made against it, and every write is counted. It
 * outlives single calls of the command line, as AWS does.
 */
final class MemoryCloud implements Ports, Deployer, ArtifactStore, Inspector {
    /** Object version by digest. */
    final Map<String, String> objects = new ConcurrentHashMap<>();
    /** Release by step key. */
    final Map<String, String> live = new ConcurrentHashMap<>();
    /** Versions whose checks do not hold. */
    final Set<String> broken = ConcurrentHashMap.newKeySet();

    final AtomicInteger uploads = new AtomicInteger();
    final AtomicInteger deployments = new AtomicInteger();
    /** Keys of targets whose plan was taken away again. */
    final Set<String> discarded = ConcurrentHashMap.newKeySet();

    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();

    /** State of the stack that the doctor looks at. */
    volatile String stack = "UPDATE_COMPLETE";
    /** Said instead of a plan, while set. */
    volatile String planProblem;
    /** A finding in every plan, while set. */
    volatile String finding;
    /** Why the artifact store cannot be reached, while set. */
    volatile String unreachable;
    /** Deployments wait for it, while set. */
    volatile CountDownLatch gate;
    /** Counted down when a deployment has begun. */
    volatile CountDownLatch begun = new CountDownLatch(1);

    Ports open() {
        opened.incrementAndGet();
        return this;
    }

    @Override
    public Deployer deployer() {
        return this;
    }

    @Override
    public ArtifactStore artifacts() {
        return this;
    }

    @Override
    public Inspector inspector() {
        return this;
    }

    @Override
    public List<Inspected> inspect(Work work, Plan plan, Set<String> places, Progress progress) {
        String promoted = work.release().ref().id();
        return plan.targets().stream()
                .filter(t -> places.contains(t.place().toString()))
                .map(t -> {
                    if (unreachable != null) {
                        return new Inspected(t.key(), DriftResult.UNKNOWN, List.of(unreachable));
                    }
                    String now = live.get(t.key());
                    return promoted.equals(now)
                            ? new Inspected(t.key(), DriftResult.SAME, List.of())
                            : new Inspected(t.key(), DriftResult.DRIFTED, List.of("it is " + now + " instead of " + promoted));
                })
                .toList();
    }

    /** What a check of the accounts finds. */
    volatile List<AccountChecker.AccountFinding> accountFindings = List.of();

    @Override
    public AccountChecker accounts() {
        return policy -> accountFindings;
    }

    @Override
    public Recoverer recoverer() {
        return new Recoverer() {
            @Override
            public List<Diagnosis> examine(Work work) {
                String state = stack;
                var options = state.equals("ROLLBACK_COMPLETE")
                        ? List.of(new Option(RecoveryAction.DELETE, "deletes the stack", List.of("Function")))
                        : List.<Option>of();
                return List.of(new Diagnosis(
                        "orders-dev/eu-west-1/api", "orders-dev", "arn:orders-dev", state, !options.isEmpty(),
                        "Function: no memory", options));
            }

            @Override
            public RecoveryResult recover(
                    Work work, Diagnosis diagnosis, RecoveryAction recoveryAction, List<String> resources, String token) {
                stack = "DELETE_COMPLETE";
                return new RecoveryResult(stack, true, "the stack is " + stack, List.of("cloudformation:DeleteStack 1"));
            }
        };
    }

    @Override
    public void close() {
        closed.incrementAndGet();
    }

    @Override
    public String put(Policy.Store store, Policy.Account account, Artifact artifact, Path file) throws IOException {
        if (unreachable != null) {
            throw new IOException(unreachable);
        }
        String found = "sha256:" + sha256(Files.readAllBytes(file));
        if (!found.equals(artifact.digest())) {
            throw new IOException(artifact.path() + " changed while it was stored");
        }
        uploads.incrementAndGet();
        return objects.computeIfAbsent(artifact.digest(), d -> "version-" + (objects.size() + 1));
    }

    @Override
    public List<ArtifactStore.Upload> presign(
            Policy.Store store, Policy.Account account, List<Artifact> artifacts, Duration validFor) {
        throw new UnsupportedOperationException("the command line has credentials and uploads by itself");
    }

    @Override
    public Map<String, String> stored(Policy.Store store, Policy.Account account, List<Artifact> artifacts) {
        return artifacts.stream()
                .map(Artifact::digest)
                .distinct()
                .filter(objects::containsKey)
                .collect(Collectors.toMap(d -> d, objects::get));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Planning plan(Work work, int planning, Progress progress) {
        progress.note(work.environment(), "planning " + work.release().ref().id());
        for (Artifact artifact : work.release().release().artifacts()) {
            if (!objects.containsKey(artifact.digest())) {
                var failure = new Fact.Failure(Fact.FailureKind.FAILED, artifact.path() + " is not in the store");
                return new Planning(List.of(), List.of(), failure);
            }
        }
        var targets = new ArrayList<Plan.TargetPlan>();
        var problems = new ArrayList<Plan.Problem>();
        var waves = work.rules().placement().waves();
        for (int wave = 0; wave < waves.size(); wave++) {
            for (Policy.Place place : waves.get(wave)) {
                for (Manifest.Target target :
                        work.release().release().manifest().targets()) {
                    targets.add(target(work, place, target, wave));
                    if (planProblem != null) {
                        problems.add(new Plan.Problem(Plan.key(place, target.name()), planProblem));
                    }
                }
            }
        }
        return new Planning(targets, problems, null);
    }

    @Override
    public void discard(Work work, List<Plan.TargetPlan> targets) {
        targets.forEach(t -> discarded.add(t.key()));
    }

    /** No alarm exists in these accounts. */
    @Override
    public List<GateContext.Alarm> alarms(Work work, List<String> names) {
        return work.rules().placement().places().stream()
                .flatMap(place -> names.stream()
                        .map(name -> new GateContext.Alarm(
                                place.toString(), name, GateContext.Alarm.State.MISSING, "there is no such alarm")))
                .toList();
    }

    private Plan.TargetPlan target(Work work, Policy.Place place, Manifest.Target target, int wave) {
        String key = Plan.key(place, target.name());
        String before = live.get(key);
        String after = work.release().ref().id();
        List<Plan.Change> changes = after.equals(before)
                ? List.of()
                : List.of(new Plan.Change(
                        "Function",
                        "AWS::Lambda::Function",
                        before == null ? Plan.Action.ADD : Plan.Action.MODIFY,
                        Plan.Replacement.NO,
                        List.of(new Plan.PropertyChange("Code", before, after, Plan.Replacement.NO))));
        List<Plan.Finding> findings =
                finding == null ? List.of() : List.of(new Plan.Finding("statefulReplacement", "Table", finding));
        List<String> after0 =
                target.after().stream().map(t -> Plan.key(place, t)).toList();
        var content = new Plan.Content(
                Plan.Exactness.EXACT,
                target.name() + "-" + work.environment(),
                null,
                before,
                Map.of(),
                Map.of(),
                changes,
                findings);
        return new Plan.TargetPlan(place, target.name(), target.kind(), wave, after0, content, Map.of());
    }

    @Override
    public Fact.StepResult deploy(
            Work work, int attempt, Plan.TargetPlan step, Map<String, Map<String, String>> outputs, Progress progress)
            throws InterruptedException {
        progress.note(step.key(), "Function UPDATE_IN_PROGRESS");
        begun.countDown();
        CountDownLatch waiting = gate;
        if (waiting != null) {
            waiting.await();
        }
        if (work.release()
                .ref()
                .id()
                .equals(live.put(step.key(), work.release().ref().id()))) {
            return new Fact.StepResult(Deployment.Status.UNCHANGED, Map.of(), "was there already", List.of());
        }
        deployments.incrementAndGet();
        return new Fact.StepResult(
                Deployment.Status.DONE, Map.of("Url", "https://" + step.target()), "updated", List.of("request-1"));
    }

    @Override
    public Verification verify(
            Work work, int attempt, int wave, Plan plan, Map<String, Map<String, String>> outputs, Progress progress) {
        return broken.contains(work.release().ref().version())
                ? new Verification(List.of(), new Fact.Failure(Fact.FailureKind.FAILED, "lambda smoke: statusCode was 500"))
                : new Verification(List.of("lambda smoke holds"), null);
    }

    @Override
    public Undoing undo(Work work, int attempt, Plan.TargetPlan step, Published to, Progress progress) {
        live.put(step.key(), to.ref().id());
        return new Undoing("is back at " + to.ref().id(), List.of(), null);
    }
}
