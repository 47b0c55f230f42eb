package io.jenkins.plugins.serverlesspromotion.golden;

import io.jenkins.plugins.serverlesspromotion.engine.lane.CheckResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** Accounts in memory that hold what a store says is live, so that an installation can go on without AWS. */
final class RememberedAccounts implements Deployer {
    /** Release by environment and key of step. */
    private final Map<String, String> live = new ConcurrentHashMap<>();

    private final Set<String> broken = ConcurrentHashMap.newKeySet();
    private final List<String> effects = java.util.Collections.synchronizedList(new ArrayList<>());
    private final Set<String> stuck = ConcurrentHashMap.newKeySet();
    private final CountDownLatch reached = new CountDownLatch(1);

    /** What every lane of a store has left in its places. */
    static RememberedAccounts of(Store store) {
        var accounts = new RememberedAccounts();
        for (LaneId id : store.lanes()) {
            Lane lane = store.lane(id);
            if (lane.live() != null) {
                store.plan(lane.live().promotion())
                        .ifPresent(plan -> plan.targets()
                                .forEach(t -> accounts.live.put(
                                        id + " " + t.key(),
                                        lane.live().release().id())));
            }
        }
        return accounts;
    }

    /** Checks of this release fail from now on. */
    void breakChecks(String release) {
        broken.add(release);
    }

    /** Deployments of this service never end. */
    void holdForEver(String service) {
        stuck.add(service);
    }

    void awaitHeld() throws InterruptedException {
        reached.await();
    }

    /** What was written, in order. */
    List<String> effects() {
        return List.copyOf(effects);
    }

    private static String key(Work work, String step) {
        return new LaneId(work.release().ref().service(), work.environment()) + " " + step;
    }

    @Override
    public Planning plan(Work work, int planning, Progress progress) {
        var targets = new ArrayList<Plan.TargetPlan>();
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
        return new Planning(targets, List.of(), null);
    }

    private Plan.TargetPlan target(Work work, Place place, Manifest.Target target, int wave) {
        String key = Plan.key(place, target.name());
        String before = live.get(key(work, key));
        String after = work.release().ref().id();
        var change = new Plan.Change(
                target.name(),
                target.kind().equals("cloudformation") ? "AWS::Lambda::Function" : target.kind(),
                before == null ? Plan.Action.ADD : Plan.Action.MODIFY,
                Plan.Replacement.NO,
                List.of(new Plan.PropertyChange("/Properties/Code/S3Key", before, after, Plan.Replacement.NO)));
        var content = new Plan.Content(
                target.kind().equals("cloudformation") ? Plan.Exactness.EXACT : Plan.Exactness.BOUNDED,
                work.release().ref().service() + "-" + target.name() + "-" + work.environment(),
                work.release().ref().digest(),
                before,
                Map.of("Release", after),
                Map.of(),
                after.equals(before) ? List.of() : List.of(change),
                List.of());
        List<String> waitsFor = work.release().release().manifest().dependencies(target).stream()
                .map(name -> Plan.key(place, name))
                .toList();
        return new Plan.TargetPlan(
                place,
                target.name(),
                target.kind(),
                wave,
                waitsFor,
                content,
                Map.of("changeSet", "arn:aws:cloudformation:changeSet/" + work.promotion() + "/" + target.name()));
    }

    @Override
    public Fact.StepResult deploy(
            Work work, int attempt, Plan.TargetPlan step, Map<String, Map<String, String>> outputs, Progress progress)
            throws InterruptedException {
        String release = work.release().ref().id();
        if (stuck.contains(work.release().ref().service())) {
            reached.countDown();
            new CountDownLatch(1).await();
        }
        Map<String, String> values = new TreeMap<>(
                Map.of("Table", "table", "Bucket", "bucket-" + work.environment(), "Distribution", "E123"));
        if (release.equals(live.put(key(work, step.key()), release))) {
            return new Fact.StepResult(Status.UNCHANGED, values, step.key() + " is already as wanted", List.of());
        }
        effects.add("deploy " + work.environment() + " " + step.key() + " " + release);
        return new Fact.StepResult(
                Status.DONE, values, step.key() + " is at " + release, List.of("cloudformation:ExecuteChangeSet 1"));
    }

    @Override
    public Verification verify(
            Work work, int attempt, int wave, Plan plan, Map<String, Map<String, String>> outputs, Progress progress) {
        boolean no = broken.contains(work.release().ref().id());
        var result = new CheckResult(
                "lambda smoke", "shop-dev/eu-west-1", !no, 1, 84, no ? "500" : "200", null, no ? "it is no 200" : null);
        return new Verification(
                List.of("lambda smoke " + (no ? "answered 500" : "answered 200")),
                no ? new Fact.Failure(Fact.FailureKind.FAILED, "lambda smoke answered 500") : null,
                List.of(result));
    }

    @Override
    public Undoing undo(Work work, int attempt, Plan.TargetPlan step, Published to, Progress progress) {
        live.put(key(work, step.key()), to.ref().id());
        effects.add(
                "undo " + work.environment() + " " + step.key() + " " + to.ref().id());
        return new Undoing("is back at " + to.ref().id(), List.of("cloudformation:ExecuteChangeSet 2"), null);
    }

    @Override
    public void discard(Work work, List<Plan.TargetPlan> targets) {}

    @Override
    public List<GateContext.Alarm> alarms(Work work, List<String> names) {
        return List.of();
    }
}
