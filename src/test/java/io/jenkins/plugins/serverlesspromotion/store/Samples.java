package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Event;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionPlanning;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Releases, plans and promotions of an ordinary size. */
final class Samples {
    private static final int TARGETS = 3;

    private Samples() {}

    private static String digest(long number) {
        return "sha256:" + String.format("%064x", number);
    }

    static ReleaseRef ref(String service, long number) {
        return new ReleaseRef(service, "1.0." + number, digest(number), number);
    }

    static Published published(String service, String version, long number) {
        var targets = IntStream.range(0, TARGETS)
                .<Manifest.Target>mapToObj(i -> new Manifest.CloudFormation(
                        "t" + i,
                        List.of(),
                        List.of(),
                        "packaged.yaml",
                        service + "-${environment}-" + i,
                        List.of("CAPABILITY_IAM"),
                        Map.of("MemorySize", "512"),
                        Map.of()))
                .toList();
        var manifest = new Manifest(service, Map.of(), targets, List.of(), List.of());
        var artifact = new Artifact("packaged.yaml", digest(number).substring(7), 4711);
        return new Published(
                new ReleaseRef(service, version, digest(number), number),
                new Release(service, version, manifest, List.of(artifact)),
                Provenance.publishedBy("job:team-" + service + "/main"),
                "main",
                Map.of(artifact.digest(), "v" + number),
                StoreLab.NOON,
                "job:team-" + service + "/main#" + number,
                List.of());
    }

    /** @param changes of each target */
    static Plan plan(long number, int changes) {
        var targets = IntStream.range(0, TARGETS)
                .mapToObj(t -> {
                    var list = IntStream.range(0, changes)
                            .mapToObj(c -> new Plan.Change(
                                    "Function" + c,
                                    "AWS::Lambda::Function",
                                    Plan.Action.MODIFY,
                                    Plan.Replacement.NO,
                                    List.of(new Plan.PropertyChange(
                                            "/Properties/Code/S3Key",
                                            "sha256/" + digest(number - 1),
                                            "sha256/" + digest(number),
                                            Plan.Replacement.NO))))
                            .toList();
                    return new Plan.TargetPlan(
                            new Place("orders-prod", "eu-west-1"),
                            "t" + t,
                            "cloudformation",
                            0,
                            List.of(),
                            new Plan.Content(
                                    Plan.Exactness.EXACT,
                                    "orders-prod-" + t,
                                    digest(number),
                                    digest(number - 1),
                                    Map.of("MemorySize", "512"),
                                    Map.of(),
                                    list,
                                    List.of()),
                            Map.of("changeSet", "arn:aws:cloudformation:eu-west-1:033333333333:changeSet/" + number));
                })
                .toList();
        return new Plan(digest(number + 1_000_000), targets, List.of());
    }

    /** @param plan null when there is none yet */
    static Promotion promotion(LaneId lane, long number, State state, Plan plan) {
        var request = new PromotionDecisions.Request(
                "job:team-orders/main#" + number, Set.of("bob", "carol"), StoreLab.NOON, null, null, null);
        var planned = plan == null
                ? null
                : new PromotionPlanning.Planned(
                        plan.digest(),
                        StoreLab.NOON,
                        "",
                        List.of(),
                        plan.targets().stream()
                                .map(t -> new PromotionPlanning.PlannedStep(t.key(), t.wave(), t.after()))
                                .toList(),
                        List.of());
        boolean deployed = state.isRunning() || state == State.SUCCEEDED;
        var steps = !deployed || plan == null
                ? null
                : plan.targets().stream()
                        .map(t -> new Deployment.Step(
                                t.key(),
                                0,
                                List.of(),
                                Status.DONE,
                                StoreLab.NOON,
                                null,
                                Map.of("ApiUrl", "https://api.example.org/" + number),
                                "the stack was updated",
                                List.of("5f083f0a-1a33-4a07-8952-" + number)))
                        .toList();
        return new Promotion(
                lane.service() + "." + lane.environment() + "." + number,
                Promotion.Kind.FORWARD,
                ref(lane.service(), number),
                state,
                StoreLab.NOON,
                "because of the test",
                null,
                new PromotionPlanning(plan == null ? 0 : 1, planned, 0),
                PromotionDecisions.requested(List.of(request))
                        .withApprovals(
                                state == State.WAITING || planned == null
                                        ? List.of()
                                        : List.of(new PromotionDecisions.Approval(
                                                new Person("alice", Set.of("sre"), "login"),
                                                StoreLab.NOON,
                                                "looks good",
                                                digest(number),
                                                plan.digest(),
                                                digest(7),
                                                null)))
                        .waitingSince(StoreLab.NOON),
                steps == null ? null : new Deployment(1, steps, 0, StoreLab.NOON, null));
    }

    static Lane lane(LaneId id, Promotion... promotions) {
        long newest = promotions[promotions.length - 1].release().number();
        var good = new ArrayList<Lane.Live>();
        for (long n = Math.max(1, newest - 10); n < newest; n++) {
            good.add(new Lane.Live(
                    ref(id.service(), n), id.service() + "." + id.environment() + "." + n, StoreLab.NOON, Map.of()));
        }
        return new Lane(id, null, good, null, List.of(promotions), newest, newest);
    }

    static Entry.LaneAdvanced advanced(Fact fact, LaneId lane, Promotion... promotions) {
        var event = new Event(Event.Type.STATE, promotions[0].id(), null, "something happened");
        return new Entry.LaneAdvanced(fact, List.of(event), lane(lane, promotions));
    }

    /** What one promotion leaves in the journal: ten records, of which one has its plan. */
    static List<Entry> promotionsRecords(LaneId lane, long number) {
        Plan plan = plan(number, 8);
        String id = promotion(lane, number, State.WAITING, plan).id();
        var records = new ArrayList<Entry>();
        records.add(new Entry.ReleasePublished(published(lane.service(), "1.0." + number, number)));
        Promotion planning = promotion(lane, number, State.PLANNING, null);
        records.add(advanced(
                new Fact.Requested(planning.release(), planning.requests().get(0)), lane, planning));
        records.add(new Entry.LaneAdvanced(
                new Fact.Planned(id, 1, plan),
                List.of(new Event(Event.Type.PLANNED, id, null, "3 targets, 24 changes")),
                lane(lane, promotion(lane, number, State.WAITING, plan))));
        var alice = new Person("alice", Set.of("sre"), "login");
        records.add(advanced(
                new Fact.Approved(id, alice, plan.digest(), "looks good"),
                lane,
                promotion(lane, number, State.DEPLOYING, plan)));
        for (int step = 0; step < 5; step++) {
            records.add(advanced(
                    new Fact.StepEnded(
                            id,
                            1,
                            plan.targets().get(step % TARGETS).key(),
                            new Fact.StepResult(Status.DONE, Map.of(), "the stack was updated", List.of())),
                    lane,
                    promotion(lane, number, State.DEPLOYING, plan)));
        }
        records.add(advanced(
                new Fact.Verified(id, 1, 0, List.of("http 200"), null),
                lane,
                promotion(lane, number, State.SUCCEEDED, plan)));
        return records;
    }
}
