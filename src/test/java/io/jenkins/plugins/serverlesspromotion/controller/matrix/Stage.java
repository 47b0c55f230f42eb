package io.jenkins.plugins.serverlesspromotion.controller.matrix;

import static io.jenkins.plugins.serverlesspromotion.controller.releases.Desk.by;
import static io.jenkins.plugins.serverlesspromotion.controller.releases.Desk.planDigest;
import static io.jenkins.plugins.serverlesspromotion.controller.releases.Desk.promotions;
import static io.jenkins.plugins.serverlesspromotion.controller.releases.Desk.store;

import hudson.security.GlobalMatrixAuthorizationStrategy;
import hudson.security.Permission;
import io.jenkins.plugins.serverlesspromotion.controller.TestAccounts;
import io.jenkins.plugins.serverlesspromotion.controller.releases.Desk;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Surroundings.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.MemoryDeployer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jenkins.model.Jenkins;
import org.awaitility.Awaitility;
import org.jenkinsci.plugins.matrixauth.PermissionEntry;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * What the rows of the matrix are about: people, a policy with every rule that tells them apart, and on demand a
 * promotion, a pause or a hold to act on. Whatever was not changed is used again for the next cell.
 *
 * <p>In {@code prod} two release managers must approve, who neither asked nor wrote; in {@code dev} nobody must.
 */
final class Stage {
    private static final int SERVICES = 90;

    /** States in which work goes on by itself. */
    private static final Set<State> UNDER_WAY = EnumSet.of(
            State.REQUESTED, State.PLANNING, State.QUEUED, State.DEPLOYING, State.VERIFYING, State.ROLLING_BACK);

    private final Desk desk = new Desk();
    private final MemoryDeployer accounts = new MemoryDeployer();
    private final Map<String, String> values = new HashMap<>();
    private int services;

    void open(JenkinsRule j) throws Exception {
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        var matrix = new GlobalMatrixAuthorizationStrategy();
        matrix.add(Jenkins.READ, PermissionEntry.user("anonymous"));
        matrix.add(Jenkins.READ, PermissionEntry.group("authenticated"));
        for (Role role : Role.values()) {
            for (Permission permission : role.permissions()) {
                matrix.add(permission, PermissionEntry.user(role.user()));
            }
        }
        j.jenkins.setAuthorizationStrategy(matrix);
        TestAccounts.install(accounts);
        promotions().apply(policy(), "user:ops");
    }

    void close() {
        accounts.letGo();
    }

    private static Policy policy() {
        Map<String, Policy.Environment> environments = new LinkedHashMap<>();
        environments.put(
                "dev", new Policy.Environment("dev", null, List.of(), new Policy.Requirement("on-call", 1), false));
        environments.put(
                "prod",
                new Policy.Environment(
                        "prod",
                        null,
                        List.of(new Gate.Approval(
                                List.of(new Policy.Requirement("release-managers", 2)),
                                true,
                                Duration.ofHours(24),
                                Gate.Authors.BLOCK_UNMAPPED,
                                null)),
                        new Policy.Requirement("on-call", 1),
                        false,
                        null,
                        new Policy.BreakGlass(
                                List.of(new Policy.Requirement("incident-leads", 1)),
                                Duration.ofHours(1),
                                null,
                                "reviewers")));
        Map<String, Policy.Service> services = new LinkedHashMap<>();
        for (int i = 0; i < SERVICES; i++) {
            services.put(service(i), service(service(i)));
        }
        Policy.Account account =
                new Policy.Account("prod", "111111111111", null, null, null, "deploy", null, null, "b");
        return new Policy(
                Map.of("main", new Policy.Store("main", "acme-releases", "eu-west-1", "prod")),
                Map.of("prod", account),
                roles(
                        role("release-managers", Role.APPROVER, Role.REQUESTER, Role.AUTHOR),
                        role("on-call", Role.OTHER_APPROVER),
                        role("incident-leads", Role.OVERRIDER),
                        role("reviewers", Role.APPROVER)),
                environments,
                services,
                Map.of(),
                new Policy.People(Map.of(), Set.of("acme.example")));
    }

    private static Policy.Role role(String name, Role... who) {
        var users = new java.util.HashSet<String>();
        for (Role one : who) {
            users.add(one.user());
        }
        return new Policy.Role(name, users, Set.of());
    }

    private static Map<String, Policy.Role> roles(Policy.Role... roles) {
        var all = new LinkedHashMap<String, Policy.Role>();
        for (Policy.Role role : roles) {
            all.put(role.name(), role);
        }
        return all;
    }

    private static String service(int number) {
        return "svc-" + number;
    }

    private static Policy.Service service(String name) {
        var placement = new Policy.Placement(List.of(List.of(new Policy.Place("prod", "eu-west-1"))), Duration.ZERO);
        return new Policy.Service(
                name,
                new Policy.Role(Policy.Role.SERVICE_OWNER, Set.of("owner"), Set.of()),
                List.of(new Policy.Grant("team/" + name, Set.of("publish", "request:dev"))),
                new LinkedHashMap<>(Map.of("dev", placement, "prod", placement)));
    }

    /**
     * What stands for {@code {name}} in a row:
     *
     * <ul>
     *   <li>{@code waiting} a promotion to prod that waits for its approvals, and {@code digest} of its plan
     *   <li>{@code approved} one that {@link Role#APPROVER} has approved alone, and {@code approvedDigest}
     *   <li>{@code overridden} one that was let in by breaking glass, and is still to be looked at
     *   <li>{@code service} has had two good releases in dev
     *   <li>{@code held} a service with a hold in dev
     *   <li>{@code unpaused}, {@code stopped} a service that is not paused, and one that is
     * </ul>
     */
    String value(String name) throws Exception {
        if (!values.containsKey(name)) {
            make(name);
            settle();
        }
        return values.get(name);
    }

    private void make(String name) throws Exception {
        switch (name) {
            case "waiting", "digest" -> {
                String id = waiting();
                values.put("waiting", id);
                values.put("digest", planDigest(id));
            }
            case "approved", "approvedDigest" -> {
                String id = waiting();
                desk.approve(id, Role.APPROVER.user());
                values.put("approved", id);
                values.put("approvedDigest", planDigest(id));
            }
            case "overridden" -> {
                String id = waiting();
                promotions().override(id, person(Role.OVERRIDER), planDigest(id), "the shop is down", "INC-1");
                values.put(name, desk.until(id, State.SUCCEEDED));
            }
            case "service" -> values.put(name, liveTwice());
            case "held" -> values.put(name, held());
            case "unpaused" -> values.put(name, next());
            case "stopped" -> {
                String service = next();
                promotions().pause(Pause.service(service), "user:ops", "incident");
                values.put(name, service);
            }
            default -> throw new IllegalArgumentException("no {" + name + "} is known; Stage makes them");
        }
    }

    private static Person person(Role role) {
        return new Person(role.user(), Set.of(), "login");
    }

    private String next() {
        if (services == SERVICES) {
            throw new IllegalStateException("more services are needed; raise the number of them");
        }
        return service(services++);
    }

    private String waiting() throws Exception {
        String service = next();
        return desk.until(request(service, "prod", "1.0.0"), State.WAITING);
    }

    private String request(String service, String environment, String version) throws Exception {
        var authors = List.of(new Provenance.Author("Some Author", Role.AUTHOR.user() + "@acme.example"));
        Published published = desk.publish(
                service,
                version,
                new Provenance(null, null, null, List.of(), authors, List.of("job:team/" + service + "#1")));
        return promotions().request(new LaneId(service, environment), published.ref(), by(Role.REQUESTER.user()));
    }

    private String liveTwice() throws Exception {
        String service = next();
        desk.until(request(service, "dev", "1.0.0"), State.SUCCEEDED);
        desk.until(request(service, "dev", "1.1.0"), State.SUCCEEDED);
        return service;
    }

    private String held() throws Exception {
        String service = liveTwice();
        String id = promotions()
                .rollback(new LaneId(service, "dev"), null, by(Role.REQUESTER.user(), "the checkout fails"));
        desk.until(id, State.WAITING);
        desk.approve(id, Role.OTHER_APPROVER.user());
        desk.until(id, State.SUCCEEDED);
        return service;
    }

    /** Everything is made anew, because a cell has changed something. */
    void spent() throws Exception {
        values.clear();
        desk.goOn(); // a store that was opened anew looks for the configured policy, and this one is the test's own
        settle();
    }

    /** Returns when the engine has nothing to do. */
    private void settle() {
        Awaitility.await()
                .atMost(Desk.LIMIT)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> promotions().busy() == 0
                        && store().lanes().stream()
                                .flatMap(lane -> store().lane(lane).promotions().stream())
                                .noneMatch(p -> UNDER_WAY.contains(p.state())));
    }
}
