package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Accounts in memory. Like the real one it can be asked the same thing twice: an effect with a token that it has seen is
 * not had again.
 */
public final class MemoryDeployer implements Deployer {
    private final Map<String, String> live = new HashMap<>();
    private final Set<String> tokens = new HashSet<>();
    private final List<String> effects = Collections.synchronizedList(new ArrayList<>());
    private final Set<String> broken = Collections.synchronizedSet(new HashSet<>());
    private volatile Semaphore gate = new Semaphore(1_000_000);
    private volatile CountDownLatch reached = new CountDownLatch(1);

    private final Map<String, List<String>> kept = Collections.synchronizedMap(new HashMap<>());

    /** The targets that the plan of a promotion was told to keep. */
    public List<String> kept(String promotion) {
        return kept.get(promotion);
    }

    /** What is live by key of step, as {@code 1.0.0}. */
    public synchronized Map<String, String> live() {
        return Map.copyOf(live);
    }

    /** Every effect there was, in order: {@code deploy orders-dev/eu-west-1/api 1.0.0}. */
    public List<String> effects() {
        return List.copyOf(effects);
    }

    /** Checks of this release answer no from now on in {@code environment}. */
    public void breakSmokeTest(String version, String environment) {
        broken.add(version + "@" + environment);
    }

    /** From now on effects are had, but their answers come only when they are let go. */
    public void hold() {
        reached = new CountDownLatch(1);
        gate = new Semaphore(0);
    }

    /** One answer comes; the next one is held again. */
    public void letOne() {
        reached = new CountDownLatch(1);
        gate.release();
    }

    public void letGo() {
        gate.release(1_000_000);
    }

    /** Waits until some answer is being held. */
    public boolean awaitHeld() throws InterruptedException {
        return reached.await(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private void pass() throws InterruptedException {
        Semaphore now = gate;
        if (!now.tryAcquire()) {
            reached.countDown();
            now.acquire();
        }
    }

    /** Why no target can be planned, null: all can. */
    volatile String problem;

    /** What every reading of alarms answers. */
    volatile GateContext.Alarm alarm;

    final AtomicInteger alarmsRead = new AtomicInteger();

    /** Leaves nothing in the accounts while planning, so nothing is removed. */
    @Override
    public void discard(Work work, List<Plan.TargetPlan> targets) {}

    @Override
    public List<GateContext.Alarm> alarms(Work work, List<String> names) {
        alarmsRead.incrementAndGet();
        return List.of(alarm);
    }

    @Override
    public Planning plan(Work work, int planning, Progress progress) throws InterruptedException {
        kept.put(work.promotion(), work.kept());
        List<Plan.TargetPlan> targets = new ArrayList<>();
        int wave = 0;
        for (List<Place> places : work.rules().placement().waves()) {
            for (Place place : places) {
                for (Manifest.Target target :
                        work.release().release().manifest().targets()) {
                    targets.add(target(work, place, target, wave));
                }
            }
            wave++;
        }
        pass();
        String why = problem;
        if (why == null) {
            return new Planning(targets, List.of(), null);
        }
        progress.note(targets.get(0).key(), why);
        var problems = targets.stream().map(t -> new Plan.Problem(t.key(), why)).toList();
        return new Planning(List.of(), problems, null);
    }

    private synchronized Plan.TargetPlan target(Work work, Place place, Manifest.Target target, int wave) {
        String key = Plan.key(place, target.name());
        var change = new Plan.Change(target.name(), "stack", Plan.Action.MODIFY, Plan.Replacement.NO, List.of());
        var content = new Plan.Content(
                Plan.Exactness.EXACT,
                target.name(),
                work.release().ref().digest(),
                live.get(key),
                Map.of(),
                Map.of(),
                List.of(change),
                List.of());
        List<String> after = work.release().release().manifest().dependencies(target).stream()
                .map(name -> Plan.key(place, name))
                .toList();
        return new Plan.TargetPlan(place, target.name(), target.kind(), wave, after, content, Map.of());
    }

    @Override
    public Fact.StepResult deploy(
            Work work, int attempt, Plan.TargetPlan step, Map<String, Map<String, String>> outputs, Progress progress)
            throws InterruptedException {
        set("deploy", work.promotion() + attempt, step.key(), work.release());
        pass();
        return new Fact.StepResult(Status.DONE, Map.of("Name", step.key()), "deployed", List.of());
    }

    @Override
    public Verification verify(
            Work work, int attempt, int wave, Plan plan, Map<String, Map<String, String>> outputs, Progress progress)
            throws InterruptedException {
        pass();
        boolean no = broken.contains(work.release().ref().version() + "@" + work.environment());
        return no
                ? new Verification(List.of(), new Fact.Failure(Fact.FailureKind.FAILED, "smoke test answered 500"))
                : new Verification(List.of("smoke test answered 200"), null);
    }

    @Override
    public Undoing undo(Work work, int attempt, Plan.TargetPlan step, Published to, Progress progress)
            throws InterruptedException {
        set("undo", work.promotion() + attempt, step.key(), to);
        pass();
        return new Undoing("is back at " + to.ref().id(), List.of(), null);
    }

    private synchronized void set(String verb, String attempt, String key, Published release) {
        if (tokens.add(verb + attempt + key)) {
            live.put(key, release.ref().version());
            effects.add(verb + " " + key + " " + release.ref().version());
        }
    }
}
