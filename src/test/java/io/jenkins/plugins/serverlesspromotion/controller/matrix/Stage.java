package io.jenkins.plugins.serverlesspromotion.controller.matrix;

import static io.jenkins.plugins.serverlesspromotion.controller.releases.Desk.by;
import static io.jenkins.plugins.serverlesspromotion.controller.releases.Desk.planDigest;
import static io.jenkins.plugins.serverlesspromotion.controller.releases.Desk.promotions;
import static io.jenkins.plugins.serverlesspromotion.controller.releases.Desk.store;

import hudson.security.GlobalMatrixAuthorizationStrategy;
import hudson.security.Permission;
import io.jenkins.plugins.serverlesspromotion.controller.TestAccounts;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.WaitingChanges;
import io.jenkins.plugins.serverlesspromotion.controller.releases.Desk;
import io.jenkins.plugins.serverlesspromotion.controller.releases.ScriptedAccounts;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
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

    /** States in which work goes on by itself. */
    private static final Set<State> UNDER_WAY = EnumSet.of(
            State.REQUESTED, State.PLANNING, State.QUEUED, State.DEPLOYING, State.VERIFYING, State.ROLLING_BACK);

    private final Desk desk = new Desk();
    private final ScriptedAccounts accounts = new ScriptedAccounts();

    /** Services whose stack a deployment has left stuck; a stack is called like its service. */
    private final Set<String> stuck = ConcurrentHashMap.newKeySet();

    private final Map<String, String> values = new HashMap<>();

    /** Services that there are, and how many of them have been taken. */
    private final int all;

    private int services;
    private int changes;

    /** @param services a cell that changes something takes new ones */
    Stage(int services) {
        all = services;
    }

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
        accounts.recoverer = new StuckStacks();
        // What tests do in a minute is more than a person does.
        promotions().perMinute(10_000);
        WaitingChanges.configure(policy());
    }

    void close() {
        accounts.memory.letGo();
    }

    /** As a file has it. */
    String policy() {
        return policy(all);
    }

    static String policy(int services) {
        var text = new StringBuilder("""
                artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: prod } ]
                accounts: [ { name: prod, id: "111111111111", deployRole: deploy, credentialsId: base } ]
                roles:
                  - { name: release-managers, users: [ approver, requester, author ] }
                  - { name: on-call, users: [ other-approver ] }
                  - { name: incident-leads, users: [ overrider ] }
                  - { name: reviewers, users: [ approver ] }
                environments:
                  - { name: dev, rollback: { role: on-call, count: 1 } }
                  - name: prod
                    gates:
                      - approval:
                          require: [ { role: release-managers, count: 2 } ]
                          excludeRequesters: true
                          excludeAuthors: true
                          unmappedAuthors: block
                          expiresAfter: 24h
                    rollback: { role: on-call, count: 1 }
                    breakGlass: { require: [ { role: incident-leads, count: 1 } ], timeBox: 1h, review: reviewers }
                defaults: { placements: [ { environment: "*", places: [ prod/eu-west-1 ] } ] }
                mailDomains: [ acme.example ]
                settings: { secondPersonForChanges: true }
                services:
                  - { name: elsewhere, owners: { users: [ owner ] }, jobs: [ { job: "team/unlisted-*", may: [ MAY ] } ] }
                """);
        for (int i = 0; i < services; i++) {
            text.append("  - { name: ").append(service(i)).append("""
                    , owners: { users: [ owner ] }, jobs: [ { job: "team/granted-*", may: [ MAY ] }, \
                    { job: "team/partly-*", may: [ "request:dev" ] } ] }
                    """);
        }
        return text.toString().replace("MAY", "publish, evidence, \"request:dev\", \"request:prod\", \"rollback:dev\"");
    }

    private static String service(int number) {
        return "svc-" + number;
    }

    /**
     * What stands for {@code {name}} in a row:
     *
     * <ul>
     *   <li>{@code waiting} a promotion to prod that waits for its approvals, and {@code digest} of its plan
     *   <li>{@code approved} one that {@link Role#APPROVER} has approved alone, and {@code approvedDigest}
     *   <li>{@code unknown} one that {@link Role#REQUESTER} asked for, and a person who is not known
     *   <li>{@code unattributed} one of which {@link Role#AUTHOR} wrote the release, and perhaps others, and {@code
     *       unattributedRelease}
     *   <li>{@code overridden} one that was let in by breaking glass, and is still to be looked at
     *   <li>{@code service} has had two good releases in dev
     *   <li>{@code held} a service with a hold in dev
     *   <li>{@code unpaused}, {@code stopped} a service that is not paused, and one that is
     *   <li>{@code failed} a promotion to dev that has failed, and {@code stuck}, its service, of which it left the stack so
     *   <li>{@code form} the form of the configuration as a browser sends it, with most of it taken out,
     *       and {@code opened}, the digest of the configuration that it was opened with
     *   <li>{@code changeOfConfigurer}, {@code changeOfAdministrator} a change of the configuration that this person has
     *       proposed, {@code reachOfConfigurer} one of where requests go
     * </ul>
     */
    String value(String name) throws Exception {
        if (!values.containsKey(name)) {
            make(name);
            settle();
        }
        return values.get(name);
    }

    /** As {@link #value}; of a proposal that is rejected also how that ends for this person. */
    String value(String name, Role role) throws Exception {
        return switch (name) {
            case "endOfConfigurer" -> role == Role.CONFIGURER ? "WITHDRAWN" : "REJECTED";
            case "endOfAdministrator" -> role == Role.ADMINISTRATOR ? "WITHDRAWN" : "REJECTED";
            default -> value(name);
        };
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
            case "unknown" -> {
                String service = next();
                Published published = published(service, "1.0.0", null);
                var request = by(Role.REQUESTER.user()).withUnknown(true);
                String id = promotions().request(new LaneId(service, "prod"), published.ref(), request);
                values.put(name, desk.until(id, State.WAITING));
            }
            case "unattributed", "unattributedRelease" -> {
                String service = next();
                Published published = published(service, "1.0.0", false);
                String id =
                        promotions().request(new LaneId(service, "prod"), published.ref(), by(Role.REQUESTER.user()));
                values.put("unattributed", desk.until(id, State.WAITING));
                values.put("unattributedRelease", published.ref().id());
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
            case "failed", "stuck" -> {
                String service = next();
                accounts.memory.breakSmokeTest("1.0.0-" + service, "dev");
                stuck.add(service);
                String id = request(service, "dev", "1.0.0-" + service);
                values.put("failed", desk.until(id, p -> p.state().isOver()).id());
                values.put("stuck", service);
            }
            case "form", "opened" -> {
                String form = WaitingChanges.form();
                values.put("form", form);
                values.put("opened", JSONObject.fromObject(form).getString("opened"));
            }
            case "changeOfConfigurer" -> values.put(name, change(Role.CONFIGURER));
            case "changeOfAdministrator" -> values.put(name, change(Role.ADMINISTRATOR));
            case "reachOfConfigurer" -> {
                String endpoint = "http://127.0.0.1:" + (4566 + ++changes);
                values.put(
                        name,
                        WaitingChanges.propose(Role.CONFIGURER.user(), settings -> settings.setEndpoint(endpoint)));
            }
            default -> throw new IllegalArgumentException("no {" + name + "} is known; Stage makes them");
        }
    }

    private String change(Role by) throws Exception {
        String age = 60 + ++changes + "m";
        return WaitingChanges.propose(by.user(), settings -> settings.setMaxLoginAge(age));
    }

    private static Person person(Role role) {
        return new Person(role.user(), Set.of(), "login");
    }

    private String next() {
        if (services == all) {
            throw new IllegalStateException("more services are needed; raise the number of them");
        }
        return service(services++);
    }

    private String waiting() throws Exception {
        String service = next();
        return desk.until(request(service, "prod", "1.0.0"), State.WAITING);
    }

    private String request(String service, String environment, String version) throws Exception {
        Published published = published(service, version, null);
        return promotions().request(new LaneId(service, environment), published.ref(), by(Role.REQUESTER.user()));
    }

    /** @param complete whether its authors are all, null: as far as anyone says they are */
    private Published published(String service, String version, Boolean complete) throws Exception {
        var authors = List.of(new Provenance.Author("Some Author", Role.AUTHOR.user() + "@acme.example"));
        var publishers = List.of("job:team/" + service + "#1");
        return desk.publish(
                service, version, new Provenance(null, null, null, List.of(), authors, publishers, complete));
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

    /** As {@link #value}, and another one each time. */
    String another(String name) throws Exception {
        values.remove(name);
        return value(name);
    }

    /** Everything is made anew, because a cell has changed something. */
    void spent() {
        values.clear();
        settle();
    }

    /** Returns when the engine has nothing to do. */
    void settle() {
        Awaitility.await()
                .atMost(Desk.LIMIT)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> promotions().busy() == 0
                        && store().lanes().stream()
                                .flatMap(lane -> store().lane(lane).promotions().stream())
                                .noneMatch(p -> UNDER_WAY.contains(p.state())));
    }

    /** What was left stuck is shown so until somebody has it treated. */
    private final class StuckStacks implements Recoverer {
        @Override
        public List<Diagnosis> examine(Deployer.Work work) {
            String stack = work.release().release().service();
            boolean is = stuck.contains(stack);
            List<Option> options = is
                    ? List.of(
                            new Option(RecoveryAction.CONTINUE_ROLLBACK, "continues the rollback", List.of()),
                            new Option(RecoveryAction.DELETE, "deletes it", List.of()))
                    : List.of();
            String state = is ? "UPDATE_ROLLBACK_FAILED" : "UPDATE_COMPLETE";
            return List.of(new Diagnosis("prod/eu-west-1/api", stack, "arn:" + stack, state, is, "it is so", options));
        }

        @Override
        public RecoveryResult recover(
                Deployer.Work work,
                Diagnosis diagnosis,
                RecoveryAction recoveryAction,
                List<String> resources,
                String token) {
            stuck.remove(diagnosis.stack());
            return new RecoveryResult("UPDATE_ROLLBACK_COMPLETE", true, "it is back", List.of());
        }
    }
}
