package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.AlarmGates;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Command;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact.Failure;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact.FailureKind;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PeopleStatements;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Owners;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Digests;
import io.jenkins.plugins.serverlesspromotion.engine.port.Directory;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.WorkBuilder.CannotWork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Carries out one command and reports its result. Has no state: all it needs is in the store. */
final class CommandHandler {
    private final Store store;
    private final Deployer deployer;

    /** Null: there is no directory, and no one queries it. */
    private final Directory directory;

    private final Digests digests;
    private final GateContextLoader gateContextLoader;
    private final Observer observer;

    CommandHandler(
            Store store,
            Deployer deployer,
            Directory directory,
            Digests digests,
            GateContextLoader gateContextLoader,
            Observer observer) {
        this.directory = directory;
        this.store = store;
        this.deployer = deployer;
        this.digests = digests;
        this.gateContextLoader = gateContextLoader;
        this.observer = observer;
    }

    /** Throws nothing but an interrupt. A bug becomes a fact, so that no lane waits indefinitely for its result. */
    Fact carryOut(Command command) throws InterruptedException {
        try {
            if (command instanceof Command.MakePlan c) {
                return plan(c);
            } else if (command instanceof Command.DeployStep c) {
                return deploy(c);
            } else if (command instanceof Command.VerifyWave c) {
                return verify(c);
            } else if (command instanceof Command.ReadMembership c) {
                return membership(c);
            }
            return undo((Command.UndoStep) command);
        } catch (CannotWork e) {
            return failed(command, e.getMessage());
        } catch (RuntimeException e) {
            return failed(command, "a defect in this program: " + e);
        }
    }

    private Fact failed(Command command, String cause) {
        var failure = new Failure(FailureKind.ERRORED, cause);
        if (command instanceof Command.MakePlan c) {
            return new Fact.PlanningEnded(c.promotion(), c.planning(), failure);
        } else if (command instanceof Command.DeployStep c) {
            return new Fact.StepEnded(
                    c.promotion(),
                    c.attempt(),
                    c.step(),
                    new Fact.StepResult(Deployment.Status.ERRORED, Map.of(), cause, List.of()));
        } else if (command instanceof Command.VerifyWave c) {
            return new Fact.Verified(c.promotion(), c.attempt(), c.wave(), List.of(), failure);
        } else if (command instanceof Command.ReadMembership c) {
            return new Fact.MembershipRead(
                    c.promotion(), c.number(), new PromotionDecisions.Answer(Map.of(), Set.of(), cause));
        }
        var c = (Command.UndoStep) command;
        return new Fact.Undone(c.promotion(), c.attempt(), c.step(), cause, List.of(), failure);
    }

    private Fact plan(Command.MakePlan c) throws InterruptedException {
        Promotion promotion = promotion(c);
        Deployer.Planning planning = deployer.plan(work(promotion, promotion.release()), c.planning(), progress(c));
        recordNoEcho(planning.noEcho());
        if (planning.failure() != null) {
            return new Fact.PlanningEnded(c.promotion(), c.planning(), planning.failure());
        }
        LaneSecrets secrets = LaneSecrets.of(store, LaneId.ofPromotion(c.promotion()), null);
        var plan = new Plan(
                digests.plan(planning.targets()), planning.targets(), secrets.maskedProblems(planning.problems()));
        return new Fact.Planned(c.promotion(), c.planning(), plan);
    }

    /** Runs first for releases whose templates were read for the first time: later records then hide these values. */
    private void recordNoEcho(Map<String, List<String>> found) {
        for (var release : found.entrySet()) {
            int at = release.getKey().indexOf('@');
            boolean known = store.release(
                            release.getKey().substring(0, at), release.getKey().substring(at + 1))
                    .filter(published -> published.noEcho() != null)
                    .isPresent();
            if (known) {
                // Another lane was planned at the same time.
                continue;
            }
            try {
                store.append(new Entry.NoEchoFound(release.getKey(), release.getValue()));
            } catch (IOException e) {
                throw new CannotWork(
                        "the NoEcho parameters of " + release.getKey() + " could not be recorded: " + e.getMessage());
            }
        }
    }

    private Fact membership(Command.ReadMembership c) throws InterruptedException {
        if (directory == null) {
            throw new CannotWork("there is no directory of users to ask");
        }
        Promotion promotion = promotion(c);
        Set<String> users = Stream.of(
                        promotion.standing().stream().map(PromotionDecisions.Approval::person),
                        promotion.overrides().stream().map(PromotionDecisions.Override::person),
                        promotion.requestersStated().stream().map(PeopleStatements.RequestersStatement::person),
                        promotion.authorsAttested().stream().map(PeopleStatements.AuthorsAttestation::person))
                .flatMap(people -> people)
                .map(Person::id)
                .collect(Collectors.toCollection(TreeSet::new));
        return new Fact.MembershipRead(c.promotion(), c.number(), directory.read(users));
    }

    private Fact deploy(Command.DeployStep c) throws InterruptedException {
        Promotion promotion = promotion(c);
        Fact.StepResult result = deployer.deploy(
                work(promotion, promotion.release()),
                c.attempt(),
                target(c.promotion(), c.step()),
                outputs(promotion),
                progress(c));
        return new Fact.StepEnded(c.promotion(), c.attempt(), c.step(), result);
    }

    private Fact verify(Command.VerifyWave c) throws InterruptedException {
        Promotion promotion = promotion(c);
        Deployer.Verification verification = deployer.verify(
                work(promotion, promotion.release()),
                c.attempt(),
                c.wave(),
                planOf(c.promotion()),
                outputs(promotion),
                progress(c));
        return new Fact.Verified(
                c.promotion(),
                c.attempt(),
                c.wave(),
                verification.checks(),
                verification.failure(),
                verification.results());
    }

    private Fact undo(Command.UndoStep c) throws InterruptedException {
        Promotion promotion = promotion(c);
        Deployment.Step step = promotion.deployment().steps().stream()
                .filter(s -> s.key().equals(c.step()))
                .findFirst()
                .orElseThrow(() -> new CannotWork("there is no step " + c.step()));
        ReleaseRef to = step.returnTo();
        if (forwardOnly(published(promotion.release()).release().manifest(), step.target())) {
            var failure = new Failure(
                    FailureKind.FAILED,
                    "it goes forward only and stays as " + promotion.release().id() + " left it"
                            + (step.detail() == null ? "" : ": " + step.detail()));
            return new Fact.Undone(c.promotion(), c.attempt(), c.step(), failure.cause(), List.of(), failure);
        }
        Deployer.Undoing undoing = deployer.undo(
                work(
                        promotion,
                        promotion.release(),
                        gateContextLoader
                                .owners()
                                .of(
                                        LaneId.ofPromotion(promotion.id()),
                                        promotion.deployment().owns())),
                c.attempt(),
                target(c.promotion(), c.step()),
                published(to),
                progress(c));
        return new Fact.Undone(
                c.promotion(), c.attempt(), c.step(), undoing.detail(), undoing.requests(), undoing.failure());
    }

    /**
     * The current state of the alarms of the promotion's lane. The alarm itself gives the best reason for a failure.
     */
    List<GateContext.Alarm> alarms(Promotion promotion) throws InterruptedException {
        LaneRules rules =
                gateContextLoader.around(LaneId.ofPromotion(promotion.id())).rules();
        if (rules == null) {
            return List.of();
        }
        try {
            return deployer.alarms(work(promotion, promotion.release()), AlarmGates.wanted(rules));
        } catch (CannotWork e) {
            return unreadable(rules, e.getMessage());
        } catch (RuntimeException e) {
            return unreadable(rules, "a defect in this program: " + e);
        }
    }

    private static List<GateContext.Alarm> unreadable(LaneRules rules, String why) {
        return rules.placement().places().stream()
                .flatMap(place -> AlarmGates.wanted(rules).stream()
                        .map(name ->
                                new GateContext.Alarm(place.toString(), name, GateContext.Alarm.State.UNREADABLE, why)))
                .toList();
    }

    private Deployer.Work work(Promotion promotion, ReleaseRef release) {
        return work(promotion, release, gateContextLoader.owners().of(LaneId.ofPromotion(promotion.id())));
    }

    private Deployer.Work work(Promotion promotion, ReleaseRef release, Owners owners) {
        List<String> approvers =
                promotion.standing().stream().map(a -> a.person().id()).sorted().toList();
        LaneId lane = LaneId.ofPromotion(promotion.id());
        List<String> kept = promotion.kind() == Promotion.Kind.ROLLBACK ? kept(lane, release) : List.of();
        return new WorkBuilder(store, lane, owners)
                .approvedBy(approvers)
                .keeping(kept)
                .withEarlierReleases()
                .build(promotion.id(), published(release));
    }

    private static boolean forwardOnly(Manifest manifest, String target) {
        return manifest.target(target).map(Manifest.Target::forwardOnly).orElse(false);
    }

    /**
     * Targets that a release has marked and that this rollback passes over: the live release and those since
     * {@code to}.
     */
    private List<String> kept(LaneId id, ReleaseRef to) {
        Lane lane = store.lane(id);
        var over = new ArrayList<ReleaseRef>();
        lane.good().forEach(good -> {
            over.add(good.release());
            if (good.release().equals(to)) {
                over.clear();
            }
        });
        if (lane.live() != null) {
            over.add(lane.live().release());
        }
        return over.stream()
                .flatMap(r -> store.release(r.service(), r.version()).stream())
                .flatMap(p -> p.release().manifest().targets().stream())
                .filter(Manifest.Target::forwardOnly)
                .map(Manifest.Target::name)
                .distinct()
                .sorted()
                .toList();
    }

    private Deployer.Progress progress(Command command) {
        LaneSecrets secrets = LaneSecrets.of(store, LaneId.ofPromotion(command.promotion()), null);
        return new Deployer.Progress() {
            @Override
            public void note(String step, String line) {
                observer.note(command.promotion(), step, secrets.masked(line));
            }

            @Override
            public boolean abortRequested() {
                return store.promotion(command.promotion())
                        .map(Promotion::deployment)
                        .map(Deployment::abort)
                        .isPresent();
            }
        };
    }

    private Promotion promotion(Command command) {
        return store.promotion(command.promotion())
                .orElseThrow(() -> new CannotWork("there is no promotion " + command.promotion()));
    }

    private Published published(ReleaseRef release) {
        Published published = store.release(release.service(), release.version())
                .orElseThrow(() -> new CannotWork(release.id() + " was never published here"));
        if (!published.ref().digest().equals(release.digest())) {
            throw new CannotWork(release.id() + " is not the release that was approved");
        }
        return published;
    }

    private Plan planOf(String promotion) {
        return store.plan(promotion).orElseThrow(() -> new CannotWork(promotion + " has no plan"));
    }

    private Plan.TargetPlan target(String promotion, String step) {
        return planOf(promotion).target(step).orElseThrow(() -> new CannotWork("the plan has no step " + step));
    }

    private static Map<String, Map<String, String>> outputs(Promotion promotion) {
        Map<String, Map<String, String>> outputs = new TreeMap<>();
        promotion.deployment().steps().stream()
                .filter(s -> s.status().isGood())
                .forEach(s -> outputs.put(s.key(), s.outputs()));
        return outputs;
    }
}
