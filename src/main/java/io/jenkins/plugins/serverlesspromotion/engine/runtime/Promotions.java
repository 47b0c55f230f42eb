package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Command;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneMachine;
import io.jenkins.plugins.serverlesspromotion.engine.lane.NamedGroups;
import io.jenkins.plugins.serverlesspromotion.engine.lane.OverrideStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.RecordedFacts;
import io.jenkins.plugins.serverlesspromotion.engine.lane.RoleProgress;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Digests;
import io.jenkins.plugins.serverlesspromotion.engine.port.Directory;
import io.jenkins.plugins.serverlesspromotion.engine.port.Patterns;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The small runtime around the lane machine. It takes facts into lanes one after the other, and writes each transition
 * to the journal before acting on it. It carries out commands on a bounded pool and feeds their results back.
 *
 * <p>The caller (page, step, command line) decides who may call a method. The gates decide who may approve.
 */
public final class Promotions implements AutoCloseable {
    private final Store store;
    private final Clock clock;
    private final ExecutorService pool;
    private final ScheduledExecutorService timer;
    private final Observer observer;
    private final GateContextLoader gateContextLoader;
    private final CommandRunner runner;
    private final ReleaseRegistry releaseRegistry;
    private final RequestLimit limit;
    private final PolicyChanges policies;
    private final Pauses pauses;
    private final ConfigurationChanges changes;
    private final GateQueries gateQueries;
    private final AutoPromotion autoPromotion;
    /**
     * Protects the facts that all lanes share: policy, pauses, releases, evidence, configuration changes. A transition
     * holds the read lock from its first read of these facts until its record is durable. A change holds the write lock
     * until its own record is durable. So the journal never has a start after a pause or a stricter policy that the
     * start did not see. Fair, so that a pause does not wait behind a stream of transitions. No AWS call and no
     * observer runs under it.
     */
    private final ReentrantReadWriteLock shared = new ReentrantReadWriteLock(true);

    private final Map<LaneId, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final Map<LaneId, Future<?>> wakes = new ConcurrentHashMap<>();
    private final AlarmWatch alarms;
    private final OwnerRecords owners;
    private final OwnerDecisions decisions;
    /** Held while a lane records what it owns: two lanes that begin at the same time must not both claim a resource. */
    private final ReentrantLock claiming = new ReentrantLock();

    private final Object changed = new Object();
    private volatile boolean closed;

    /**
     * @param pool bounded; each running command takes one of its threads
     * @param timer for wake-ups only; never runs long work itself
     * @param directory gives the groups of people before their decisions are carried out; null: there is none
     */
    public Promotions(
            Store store,
            Deployer deployer,
            Directory directory,
            Digests digests,
            Patterns patterns,
            Clock clock,
            ExecutorService pool,
            ScheduledExecutorService timer,
            Observer observer) {
        this.store = store;
        this.clock = clock;
        this.pool = pool;
        this.timer = timer;
        this.observer = observer;
        this.owners = new OwnerRecords(store, clock);
        this.gateContextLoader =
                new GateContextLoader(store, digests, patterns, this::alarms, directory != null, owners);
        var commandHandler = new CommandHandler(store, deployer, directory, digests, gateContextLoader, observer);
        this.runner = new CommandRunner(commandHandler, pool, new ResultListener());
        this.alarms = new AlarmWatch(commandHandler, clock, pool, timer, new ResultListener());
        var wide = shared.writeLock();
        this.limit = new RequestLimit(store, clock);
        this.releaseRegistry =
                new ReleaseRegistry(store, gateContextLoader, owners, digests, clock, wide, this::refuse);
        this.decisions = new OwnerDecisions(store, wide, this::refuse);
        this.policies = new PolicyChanges(store, digests, clock, wide);
        this.pauses = new Pauses(store, clock, wide, this::refuse);
        this.changes = new ConfigurationChanges(store, clock, wide, this::refuse);
        this.gateQueries = new GateQueries(store, gateContextLoader, clock);
        this.autoPromotion = new AutoPromotion(
                store,
                gateContextLoader,
                clock,
                (a, request) -> take(a.lane(), new Fact.Requested(a.release(), request)));
    }

    /** Without a directory: people keep the groups that they had when they decided. */
    public Promotions(
            Store store,
            Deployer deployer,
            Digests digests,
            Patterns patterns,
            Clock clock,
            ExecutorService pool,
            ScheduledExecutorService timer,
            Observer observer) {
        this(store, deployer, null, digests, patterns, clock, pool, timer, observer);
    }

    /** Starts, or restarts, all work that the lanes need. Before this call facts are taken, but no command runs. */
    public void start() throws IOException {
        recordOwners();
        runner.open();
        reconsiderAll("started");
        autoPromotion.ask(null);
    }

    /**
     * Commands start only while {@code condition} is true; it is evaluated right before each command. When it is true
     * again, {@link #start} carries out the skipped commands.
     */
    public void onlyWhile(BooleanSupplier condition) {
        runner.onlyWhile(condition);
    }

    /** Sets how many operations of each kind a person may do in a minute ({@link RequestLimit}). The default is 60. */
    public void perMinute(int most) {
        limit.perMinute(most);
    }

    /** Starts nothing further. Running commands continue, and their results are taken. */
    public void quiet() {
        runner.shut();
    }

    /** The number of running commands. */
    public int busy() {
        return runner.busy();
    }

    /** Stops at once: interrupts running commands. The next {@link #start} carries out all unfinished work. */
    @Override
    public void close() {
        closed = true;
        runner.shut();
        wakes.values().forEach(w -> w.cancel(false));
        alarms.close();
        runner.interrupt();
        wake();
    }

    // --- releases and policy ---

    /**
     * Records a release whose bytes are already in the store. Publishing the same bytes again gives the same release.
     *
     * @param noEcho the parameters with NoEcho, each as {@code TARGET.PARAMETER}; null: not known; then no value of a
     *     parameter is ever shown
     * @throws RefusedException when the version exists with other bytes, policy does not know the service, a parameter
     *     with NoEcho has a literal value, or the same people published too often within a minute
     */
    public Published publish(
            Release release,
            List<String> noEcho,
            Provenance provenance,
            String storeName,
            Map<String, String> versions,
            String by)
            throws IOException, RefusedException {
        limit.count(RequestLimit.Kind.PUBLISH, by, provenance.people(), release.service(), "publish " + release.id());
        return releaseRegistry.publish(release, noEcho, provenance, storeName, versions, by);
    }

    /** The same where nothing is known about NoEcho. */
    public Published publish(
            Release release, Provenance provenance, String storeName, Map<String, String> versions, String by)
            throws IOException, RefusedException {
        return publish(release, null, provenance, storeName, versions, by);
    }

    /**
     * Records evidence about a release and evaluates every promotion that waits for it. The policy names the producers
     * whose evidence counts.
     *
     * @throws RefusedException when the release was never published
     */
    public void record(Evidence evidence) throws IOException, RefusedException {
        record(evidence, null);
    }

    /**
     * The same for signed evidence. A statement counts once, from when it was first submitted. Submitting it again does
     * not make it newer, and it does not replace later statements of the same key.
     *
     * @param envelope the signed statement as submitted, kept in the journal; null: there is none
     * @throws RefusedException also when the same producer has made a later statement
     */
    public void record(Evidence evidence, String envelope) throws IOException, RefusedException {
        record(evidence, envelope, List.of());
    }

    /** The same for a build: a refusal names {@code people}, as in {@link #refuse}. */
    public void record(Evidence evidence, String envelope, Collection<String> people)
            throws IOException, RefusedException {
        String by = evidence.signed() == null
                ? evidence.producer()
                : evidence.signed().by();
        limit.count(
                RequestLimit.Kind.EVIDENCE,
                by,
                people,
                evidence.release().replaceFirst("@.*", ""),
                "record " + evidence.kind() + " of " + evidence.release());
        String service = releaseRegistry.record(evidence, envelope, people);
        reconsider(lane -> lane.service().equals(service), evidence.kind() + " recorded by " + evidence.producer());
    }

    /**
     * Puts {@code policy} in force and evaluates all pending promotions. Applying the same policy again changes
     * nothing.
     */
    public void apply(Policy policy, String by) throws IOException {
        apply(policy, List.of(by));
    }

    /**
     * Like {@link #apply(Policy, String)}, for a change by several people. None of them counts where the rules changed.
     */
    public void apply(Policy policy, Collection<String> by) throws IOException {
        if (policies.apply(policy, by)) {
            reconsiderAll("policy applied by " + String.join(" and ", by));
            autoPromotion.ask(null);
        }
    }

    /** Changes of the configuration that need a second person. */
    public ConfigurationChanges configurationChanges() {
        return changes;
    }

    /** Pauses deployments in {@code scope} ({@link Pause}) until they are resumed. Running deployments continue. */
    public void pause(String scope, String by, String reason) throws IOException, RefusedException {
        countPause(by, "pause " + scope);
        pauses.pause(scope, by, reason);
    }

    /** @throws RefusedException when {@code scope} is not paused */
    public void resume(String scope, String by, String reason) throws IOException, RefusedException {
        countPause(by, "resume " + scope);
        pauses.resume(scope, by, reason);
        reconsiderAll("resumed by " + by);
    }

    /** An invalid configuration pauses automatically, and is not counted. */
    private void countPause(String by, String what) throws IOException, RefusedException {
        if (by.startsWith("user:")) {
            limit.count(RequestLimit.Kind.PAUSE, by, what);
        }
    }

    /** The period of a stack recovery in a lane; the caller closes it when the recovery has ended. */
    interface Recovering extends AutoCloseable {
        @Override
        void close() throws IOException;
    }

    /**
     * Keeps the lane from starting anything until the returned object is closed. The caller must check afterwards
     * whether something is already running.
     *
     * @throws RefusedException when a recovery is already running there, or the person began too many in this minute
     */
    Recovering recovering(LaneId lane, String by, String what) throws IOException, RefusedException {
        limit.count(RequestLimit.Kind.RECOVERY, by, what);
        ReentrantLock lock = locks.computeIfAbsent(lane, l -> new ReentrantLock());
        lock.lock();
        try {
            if (!gateContextLoader.beginRecovery(lane, new Pause("recovery", by, clock.instant(), what))) {
                throw refuse(by, what, "another recovery is under way there; wait until it has ended");
            }
        } finally {
            lock.unlock();
        }
        return () -> {
            gateContextLoader.endRecovery(lane);
            take(lane, new Fact.Reconsidered("a stack recovery ended"));
        };
    }

    /** Writes a refusal to the audit log, as described in {@link RequestLimit}, and returns the exception to throw. */
    public RefusedException refuse(String who, String what, String why) throws IOException {
        return refuse(who, what, why, List.of());
    }

    /** The same for a refusal about a promotion. */
    public RefusedException refuse(Entry.Refused refused) throws IOException {
        return limit.refuse(refused);
    }

    /** The same for a build. {@code people} are the ids of the people behind it, {@code unknown} stands for others. */
    public RefusedException refuse(String who, String what, String why, Collection<String> people) throws IOException {
        return limit.refuse(new Entry.Refused(who, what, why, List.copyOf(people)));
    }

    // --- owners ---

    /**
     * Records once what older records show about owners. Without a policy the accounts of older records are not known.
     */
    private void recordOwners() throws IOException {
        var policy = gateContextLoader.policy();
        if (policy.isPresent()) {
            for (var fact : new OwnerUpgrade(store, policy.get()).facts().entrySet()) {
                take(fact.getKey(), fact.getValue());
            }
        }
    }

    /** The owners, the contested resources, and a proposal for the policy. */
    public OwnerReport owners() {
        return OwnerReport.of(store, owners);
    }

    /**
     * Records the owner of a resource. The caller decides who may do this.
     *
     * @param by {@code user:olga}
     * @throws RefusedException when the policy names another owner, or the resource can belong to no service
     */
    public void decideOwner(ResourceId resource, LaneId owner, String by, String reason)
            throws IOException, RefusedException {
        limit.count(RequestLimit.Kind.DECISION, by, "decide the owner of " + resource);
        decisions.decide(resource, owner, by, reason);
        reconsiderAll("the owner of " + resource + " was decided by " + by);
    }

    // --- promotions ---

    /**
     * Requests {@code release} in the lane and returns the promotion's id. A repeated request returns the id of the
     * existing one.
     */
    public String request(LaneId lane, ReleaseRef release, PromotionDecisions.Request request)
            throws IOException, RefusedException {
        placed(lane, request, "promote " + release.id());
        Transition transition = accepted(lane, new Fact.Requested(release, request));
        return newest(
                transition, p -> p.release().digest().equals(release.digest()) && p.kind() == Promotion.Kind.FORWARD);
    }

    /** Requests a return to an earlier release; {@code version} null means the last good one. */
    public String rollback(LaneId lane, String version, PromotionDecisions.Request request)
            throws IOException, RefusedException {
        placed(lane, request, "rollback");
        Transition transition = accepted(lane, new Fact.RollbackRequested(version, request));
        return newest(transition, p -> p.kind() == Promotion.Kind.ROLLBACK);
    }

    /** The promotion that the request of {@code key} led to, also when it has ended; empty when there was none. */
    public Optional<Promotion> requested(LaneId lane, String key) {
        return store.promotions(lane).stream()
                .filter(p -> p.requests().stream().anyMatch(r -> key.equals(r.key())))
                .findFirst();
    }

    private void placed(LaneId lane, PromotionDecisions.Request request, String what)
            throws IOException, RefusedException {
        if (gateContextLoader.around(lane).rules() == null) {
            var people = new TreeSet<>(request.people());
            if (request.isUnknown()) {
                people.add(Provenance.UNKNOWN);
            }
            throw refuse(
                    request.by(),
                    what + " in " + lane.environment(),
                    gateContextLoader
                            .policy()
                            .map(p -> p.notPlaced(lane.service(), lane.environment()))
                            .orElse("there is no valid policy"),
                    people);
        }
    }

    private static String newest(Transition transition, Predicate<Promotion> which) {
        return transition.lane().promotions().stream()
                .filter(which)
                .reduce((a, b) -> b)
                .orElseThrow()
                .id();
    }

    /** @param planDigest of the plan that {@code person} reviewed */
    public void approve(String promotion, Person person, String planDigest, String comment)
            throws IOException, RefusedException {
        accepted(LaneId.ofPromotion(promotion), new Fact.Approved(promotion, person, planDigest, comment));
    }

    /**
     * Withdraws the approval by {@code person}.
     *
     * @throws RefusedException when there is none, or the deployment has begun
     */
    public void withdrawApproval(String promotion, Person person, String reason) throws IOException, RefusedException {
        accepted(LaneId.ofPromotion(promotion), new Fact.ApprovalWithdrawn(promotion, person, reason));
    }

    /**
     * Adds one person's override of the gates that are closed for {@code promotion}.
     *
     * @param planDigest of the plan that {@code person} reviewed
     */
    public void override(String promotion, Person person, String planDigest, String reason, String ticket)
            throws IOException, RefusedException {
        accepted(LaneId.ofPromotion(promotion), new Fact.Overridden(promotion, person, planDigest, reason, ticket));
    }

    /**
     * Records who requested {@code promotion}, where that could not be established.
     *
     * @param people ids; empty: no person requested it
     */
    public void stateRequesters(String promotion, Person person, Set<String> people, String reason)
            throws IOException, RefusedException {
        accepted(LaneId.ofPromotion(promotion), new Fact.RequestersStated(promotion, person, people, reason));
    }

    /**
     * Records who wrote {@code release}, which comes in with {@code promotion}, where that could not be established.
     *
     * @param release id: {@code orders@1.4.2}
     * @param people ids, at least one
     */
    public void attestAuthors(String promotion, Person person, String release, Set<String> people, String reason)
            throws IOException, RefusedException {
        accepted(LaneId.ofPromotion(promotion), new Fact.AuthorsAttested(promotion, person, release, people, reason));
    }

    /** The statements that {@code person} can make about people of {@code promotion} who could not be established. */
    public StatementsWanted statementsWanted(Person person, Promotion promotion) {
        return gateQueries.statementsWanted(person, promotion);
    }

    /** The statements that are required before anyone can approve it, by any person. */
    public StatementsWanted statementsMissing(Promotion promotion) {
        return gateQueries.statementsMissing(promotion);
    }

    /** Closes the post-review of the gates that were overridden for {@code promotion}. */
    public void review(String promotion, Person person, String finding) throws IOException, RefusedException {
        accepted(LaneId.ofPromotion(promotion), new Fact.Reviewed(promotion, person, finding));
    }

    public void reject(String promotion, Person person, String reason) throws IOException, RefusedException {
        accepted(LaneId.ofPromotion(promotion), new Fact.Rejected(promotion, person, reason));
    }

    public void abort(String promotion, String by, String reason) throws IOException, RefusedException {
        accepted(LaneId.ofPromotion(promotion), new Fact.AbortRequested(promotion, by, reason));
    }

    /**
     * Withdraws the request of {@code key}. The promotion ends when nothing has been deployed and no one else requested
     * it.
     *
     * @throws RefusedException with the reason why the promotion continues
     */
    public void withdraw(String promotion, String key, String by, String reason) throws IOException, RefusedException {
        accepted(LaneId.ofPromotion(promotion), new Fact.Withdrawn(promotion, key, by, reason));
    }

    public void replan(String promotion, Person person) throws IOException, RefusedException {
        accepted(LaneId.ofPromotion(promotion), new Fact.ReplanRequested(promotion, person));
    }

    public void releaseHold(LaneId lane, Person person, String reason) throws IOException, RefusedException {
        accepted(lane, new Fact.HoldReleased(person, reason));
    }

    /** The current status of every gate of {@code promotion}; empty when it has ended. */
    public List<GateStatus> gates(String promotion) {
        return gateQueries.gates(promotion);
    }

    /**
     * The status of a lane's gates for a release: for its open promotion, or for one that {@code request} would create
     * now. Nothing is recorded.
     *
     * @param person who views it, null: the system account
     */
    public GateExplanation explain(LaneId id, ReleaseRef release, PromotionDecisions.Request request, Person person) {
        return gateQueries.explain(id, release, request, person);
    }

    /**
     * The approval of {@code promotion} role by role; empty where none is needed, too little is known, or it has ended.
     */
    public List<RoleProgress> roles(Promotion promotion) {
        return gateQueries.roles(promotion);
    }

    /** Why {@code person} could not approve {@code promotion}; empty when they could. */
    public Optional<String> whyNot(Person person, Promotion promotion) {
        return gateQueries.whyNot(person, promotion);
    }

    /** Whether {@code person} could not approve {@code promotion} because they wrote part of it. */
    public boolean excludedAsAuthor(Person person, Promotion promotion) {
        return gateQueries.excludedAsAuthor(person, promotion);
    }

    /**
     * The progress of an override of the gates of {@code promotion}; empty where no one can override, and when it has
     * ended.
     */
    public Optional<OverrideStatus> overrideStatus(Promotion promotion) {
        return gateQueries.overrideStatus(promotion);
    }

    /** Why {@code person} could not override the closed gates of {@code promotion} now; empty when they could. */
    public Optional<String> whyNotOverride(Person person, Promotion promotion) {
        return gateQueries.whyNotOverride(person, promotion);
    }

    /** When a pending promotion expires. */
    public Optional<Instant> expiry(Promotion promotion) {
        return gateQueries.expiry(promotion);
    }

    /**
     * Waits until {@code wanted} is true for the promotion.
     *
     * @return the promotion at that time, or when {@code atMost} has passed or this runtime was closed
     */
    public Promotion await(String promotion, Predicate<Promotion> wanted, Duration atMost) throws InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        synchronized (changed) {
            while (true) {
                Promotion now = store.promotion(promotion).orElseThrow();
                long left = until - System.nanoTime();
                if (wanted.test(now) || left <= 0) {
                    return now;
                }
                changed.wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
            }
        }
    }

    /** Whether {@code promotion} changes only when a person acts or time passes. */
    public boolean resting(Promotion promotion) {
        if (promotion.state().isOver()) {
            return true;
        }
        LaneId id = LaneId.ofPromotion(promotion.id());
        boolean waiting = promotion.state() == Promotion.State.WAITING || promotion.state() == Promotion.State.QUEUED;
        return waiting && LaneMachine.outstanding(store.lane(id)).isEmpty() && !alarms.isReading(id);
    }

    // --- facts ---

    /** Takes a fact from a person or a build. */
    private Transition accepted(LaneId lane, Fact fact) throws IOException, RefusedException {
        limit.count(lane, fact);
        Transition transition = take(lane, fact);
        if (transition.refusal() != null) {
            throw new RefusedException(transition.refusal());
        }
        return transition;
    }

    /** Takes one fact into its lane in this order: decide, write to disk, report, act. */
    private Transition take(LaneId id, Fact brought) throws IOException {
        ReentrantLock lock = locks.computeIfAbsent(id, l -> new ReentrantLock());
        Transition transition;
        lock.lock();
        try {
            GateContext around;
            Instant now;
            shared.readLock().lock();
            try {
                around = gateContextLoader.around(id, brought);
                // The record has no more of the fact than the lane.
                Fact fact = NamedGroups.only(brought, around.rules());
                now = clock.instant();
                Lane before = store.lane(id);
                transition = LaneMachine.advance(before, fact, around, now);
                if (transition.lane().owns().equals(before.owns())) {
                    transition = recorded(fact, transition);
                } else {
                    claiming.lock();
                    try {
                        // Another lane may have claimed the same resource since the decision.
                        around = gateContextLoader.around(id, fact);
                        transition = recorded(fact, LaneMachine.advance(before, fact, around, now));
                    } finally {
                        claiming.unlock();
                    }
                }
            } finally {
                shared.readLock().unlock();
            }
            transition.commands().forEach(c -> runner.start(id, c));
            schedule(id, around, now);
        } finally {
            lock.unlock();
        }
        if (!transition.isNothing()) {
            observer.changed(id, transition);
            wake();
            // A later environment of this service, or another service here, may be waiting for this result.
            boolean ended = transition.lane().promotions().stream()
                    .anyMatch(p -> p.state().isOver() && p.deployment() != null);
            if (ended) {
                reconsider(
                        lane -> lane.service().equals(id.service())
                                || lane.environment().equals(id.environment()),
                        "a deployment of " + id.service() + " ended in " + id.environment());
                autoPromotion.ask(id.service());
            }
        }
        return transition;
    }

    /** The event as recorded: what the store leaves out is not reported either. */
    private Transition recorded(Fact fact, Transition made) throws IOException {
        if (made.isNothing()) {
            return made;
        }
        var recorded = (Entry.LaneAdvanced)
                store.append(new Entry.LaneAdvanced(RecordedFacts.of(fact), made.events(), made.lane()))
                        .entry();
        return new Transition(recorded.lane(), made.commands(), recorded.events(), made.refusal());
    }

    private GateContext.AlarmReading alarms(LaneId lane) {
        return alarms.last(lane);
    }

    private void wake() {
        synchronized (changed) {
            changed.notifyAll();
        }
    }

    private void reconsiderAll(String because) throws IOException {
        for (LaneId lane : store.lanes()) {
            take(lane, new Fact.Reconsidered(because));
        }
    }

    private void reconsider(Predicate<LaneId> which, String because) throws IOException {
        for (LaneId lane : new TreeSet<>(store.lanes())) {
            if (which.test(lane)
                    && store.lane(lane).promotions().stream()
                            .anyMatch(p -> !p.state().isOver())) {
                take(lane, new Fact.Reconsidered(because));
            }
        }
    }

    /** @param looked when the lane was evaluated: a gate that opens while the record is written must not be missed */
    private void schedule(LaneId id, GateContext around, Instant looked) {
        Future<?> old = wakes.remove(id);
        if (old != null) {
            old.cancel(false);
        }
        if (!runner.isOpen()) {
            return;
        }
        alarms.look(store.lane(id), around);
        LaneMachine.nextWake(store.lane(id), around, looked).ifPresent(at -> {
            long delay = Math.max(0, Duration.between(clock.instant(), at).toMillis() + 1);
            wakes.put(id, timer.schedule(() -> tick(id), delay, TimeUnit.MILLISECONDS));
        });
    }

    private void tick(LaneId id) {
        pool.execute(() -> {
            try {
                take(id, new Fact.Reconsidered("time"));
            } catch (IOException e) {
                unwritable(e);
            }
        });
    }

    /** The store closes soon after this object. The next start repeats the work of a result that comes too late. */
    private void unwritable(IOException e) {
        runner.shut();
        if (!closed) {
            observer.trouble("the journal cannot be written; nothing more is started", e);
        }
    }

    private final class ResultListener implements CommandRunner.Results {
        @Override
        public void came(LaneId lane, Fact result) throws IOException {
            take(lane, result);
        }

        @Override
        public void unwritable(IOException e) {
            Promotions.this.unwritable(e);
        }

        @Override
        public void defect(Command command, RuntimeException e) {
            observer.trouble("a defect in this program: the result of " + command.key() + " was not taken", e);
        }

        @Override
        public void ended() {
            wake();
        }
    }
}
