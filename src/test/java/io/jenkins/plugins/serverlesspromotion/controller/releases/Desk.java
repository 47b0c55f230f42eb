package io.jenkins.plugins.serverlesspromotion.controller.releases;

import hudson.model.Item;
import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.TestAccounts;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import jenkins.model.Jenkins;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/**
 * A controller with a policy, people and accounts in memory, in which promotions are brought into any state. Each test
 * takes a service of its own, so that tests may share one Jenkins.
 *
 * <p>In {@code prod} one of the release managers (alice, bob, dave) and one of the owners (carol) must approve; erin is
 * on call and decides about rollbacks.
 */
public final class Desk {
    public static final List<String> DECIDERS = List.of("alice", "bob", "carol", "dave", "erin", "olga");
    public static final Duration LIMIT = Patience.LIMIT;

    /** Services whose releases {@code team/NAME} may publish. */
    public static final int SERVICES = 30;

    final ScriptedAccounts accounts = new ScriptedAccounts();

    public static String service(int number) {
        return "svc-" + number;
    }

    /**
     * alice, bob, carol, dave, erin may see and approve; alice and dave may also override; olga may do all that and
     * promote, but is in no role; petra may see and promote; vera may see;
     * rita may read Jenkins and the jobs of the folder {@code team}; nina may read Jenkins only; audra may audit; adam is
     * administrator.
     */
    public void open(JenkinsRule j) throws Exception {
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("adam")
                .grant(Jenkins.READ)
                .everywhere()
                .toAuthenticated()
                .grant(PromotionPermissions.VIEW)
                .everywhere()
                .to(DECIDERS.toArray(new String[0]))
                .grant(PromotionPermissions.APPROVE)
                .everywhere()
                .to(DECIDERS.toArray(new String[0]))
                .grant(PromotionPermissions.PROMOTE)
                .everywhere()
                .to("olga")
                .grant(PromotionPermissions.VIEW, PromotionPermissions.PROMOTE)
                .everywhere()
                .to("petra")
                .grant(PromotionPermissions.OVERRIDE)
                .everywhere()
                .to("alice", "dave", "olga")
                .grant(PromotionPermissions.VIEW)
                .everywhere()
                .to("vera")
                .grant(PromotionPermissions.VIEW, PromotionPermissions.AUDIT)
                .everywhere()
                .to("audra")
                .grant(Item.READ, Item.DISCOVER)
                .onFolders(folder(j))
                .to("rita"));
        TestAccounts.install(accounts);
        // What tests do in a minute is more than a person does.
        promotions().perMinute(10_000);
        promotions().apply(policy(1), "user:ops");
    }

    private static com.cloudbees.hudson.plugins.folder.Folder folder(JenkinsRule j) throws Exception {
        var folder = j.createProject(com.cloudbees.hudson.plugins.folder.Folder.class, "team");
        folder.createProject(hudson.model.FreeStyleProject.class, service(0));
        return folder;
    }

    /** A change of the realm judges the configured policy anew, and there is none: everything is paused then. */
    public void goOn() throws Exception {
        if (store().pauses().stream().anyMatch(p -> p.scope().equals(Pause.CONFIGURATION))) {
            promotions().resume(Pause.CONFIGURATION, "user:ops", "the policy is the test's own");
        }
    }

    public void close() {
        accounts.memory.letGo();
    }

    /** From now on, the check of this version in this environment fails. */
    public void failsCheck(String version, String environment) {
        accounts.memory.breakSmokeTest(version, environment);
    }

    /** What is found from now on when accounts are compared with what was promoted. */
    public void finds(Inspector inspector) {
        accounts.inspects = inspector;
    }

    public static Promotions promotions() {
        return EngineLifecycle.get().promotions().orElseThrow();
    }

    public static Store store() {
        return EngineLifecycle.get().store().orElseThrow();
    }

    /** @param managers how many release managers prod needs */
    public static Policy policy(int managers) {
        Map<String, Policy.Account> accounts = new LinkedHashMap<>();
        for (String name : List.of("tools", "dev", "prod")) {
            accounts.put(
                    name,
                    new Policy.Account(
                            name, "11111111111" + accounts.size(), null, null, null, "deploy", null, null, "b"));
        }
        Map<String, Policy.Environment> environments = new LinkedHashMap<>();
        environments.put("dev", new Policy.Environment("dev", null, List.of(), null));
        environments.put(
                "prod",
                new Policy.Environment(
                        "prod",
                        "dev",
                        List.of(new Gate.Approval(
                                List.of(
                                        new Gate.Requirement("release-managers", managers),
                                        new Gate.Requirement("serviceOwner", 1)),
                                true,
                                Duration.ofHours(24))),
                        new Gate.Requirement("on-call", 1)));
        Map<String, Policy.Service> services = new LinkedHashMap<>();
        for (int i = 0; i < SERVICES; i++) {
            services.put(service(i), service(service(i)));
        }
        return new Policy(
                Map.of("main", new Policy.Store("main", "acme-releases", "eu-west-1", "tools")),
                accounts,
                Map.of(
                        "release-managers",
                        new Policy.Role("release-managers", Set.of("alice", "bob", "dave"), Set.of()),
                        "on-call",
                        new Policy.Role("on-call", Set.of("erin"), Set.of())),
                environments,
                services);
    }

    /** As {@link #policy}, with other gates in prod besides an approval, and a rule for breaking the glass. */
    public static Policy policy(Policy.BreakGlass glass, Gate.Comment comment, Gate... more) {
        Policy plain = policy(1);
        Policy.Environment prod = plain.environments().get("prod");
        Gate.Approval approval = (Gate.Approval) prod.gates().get(0);
        var gates = new ArrayList<Gate>(List.of(more));
        gates.add(new Gate.Approval(
                approval.require(), approval.excludeRequesters(), approval.expiresAfter(), null, comment));
        var environments = new LinkedHashMap<>(plain.environments());
        environments.put(
                "prod", new Policy.Environment(prod.name(), prod.after(), gates, prod.rollback(), false, null, glass));
        return new Policy(plain.stores(), plain.accounts(), plain.roles(), environments, plain.services());
    }

    private static Policy.Service service(String name) {
        Map<String, Policy.Placement> placements = new LinkedHashMap<>();
        placements.put("dev", placement("dev"));
        placements.put("prod", placement("prod"));
        return new Policy.Service(
                name,
                new Policy.Role("serviceOwner", Set.of("carol"), Set.of()),
                List.of(new Policy.Grant("team/" + name, Set.of("publish", "request:dev"))),
                placements);
    }

    private static Policy.Placement placement(String account) {
        return new Policy.Placement(List.of(List.of(new Policy.Place(account, "eu-west-1"))), Duration.ZERO);
    }

    public Published publish(String service, String version) throws Exception {
        return publish(service, version, Provenance.publishedBy("user:bob"));
    }

    public Published publish(String service, String version, Provenance provenance) throws Exception {
        var api = new Manifest.CloudFormation(
                "api", List.of(), List.of(), "api.yaml", "orders-${environment}", List.of(), Map.of(), Map.of());
        var manifest = new Manifest(service, Map.of(), List.of(api), List.of(), List.of());
        String hex = String.format("%064x", version.hashCode() & 0xffffffffL);
        var release = new Release(service, version, manifest, List.of(new Artifact("api.yaml", hex, 10)));
        return promotions().publish(release, provenance, "main", Map.of(), "user:bob");
    }

    public static PromotionDecisions.Request by(String user) {
        return by(user, null);
    }

    public static PromotionDecisions.Request by(String user, String reason) {
        return new PromotionDecisions.Request("user:" + user, Set.of(user), Instant.now(), reason, null, null);
    }

    /** Live in dev afterwards. */
    public void toDev(String service, String version) throws Exception {
        String id = promotions()
                .request(new LaneId(service, "dev"), publish(service, version).ref(), by("bob"));
        until(id, State.SUCCEEDED);
    }

    /** Does {@code meanwhile} while a release is being deployed to dev, which succeeds after it. */
    public void deploying(String service, Meanwhile meanwhile) throws Exception {
        accounts.memory.hold();
        String id = promotions()
                .request(new LaneId(service, "dev"), publish(service, "9.0.0").ref(), by("bob"));
        try {
            if (!accounts.memory.awaitHeld()) {
                throw new AssertionError("nothing was planned");
            }
            accounts.memory.letOne();
            until(id, State.DEPLOYING);
            meanwhile.happens();
        } finally {
            accounts.memory.letGo();
        }
        until(id, State.SUCCEEDED);
    }

    @FunctionalInterface
    public interface Meanwhile {
        void happens() throws Exception;
    }

    /** A promotion to prod that bob asked for and that waits for its approvals. */
    public String waiting(String service, String version) throws Exception {
        toDev(service, version);
        return ask(service, version);
    }

    /** As {@link #waiting}, for what is live in dev already. */
    public String ask(String service, String version) throws Exception {
        String id = promotions()
                .request(new LaneId(service, "prod"), publish(service, version).ref(), by("bob"));
        return until(id, State.WAITING);
    }

    /** Live in prod afterwards. */
    public String toProd(String service, String version) throws Exception {
        String id = waiting(service, version);
        approve(id, "alice");
        approve(id, "carol");
        return until(id, State.SUCCEEDED);
    }

    public void approve(String id, String user) throws Exception {
        promotions()
                .approve(
                        id,
                        new Person(user, Set.of(), "login"),
                        store().plan(id).orElseThrow().digest(),
                        null);
    }

    public String until(String id, State state) throws InterruptedException {
        until(id, p -> p.state() == state);
        return id;
    }

    public Promotion until(String id, Predicate<Promotion> wanted) throws InterruptedException {
        Promotion p = promotions().await(id, wanted, LIMIT);
        if (!wanted.test(p)) {
            throw new AssertionError(id + " is " + p.state() + ": " + p.why());
        }
        return p;
    }

    public static Promotion promotion(String id) {
        return store().promotion(id).orElseThrow();
    }

    public static String planDigest(String id) {
        return store().plan(id).orElseThrow().digest();
    }
}
