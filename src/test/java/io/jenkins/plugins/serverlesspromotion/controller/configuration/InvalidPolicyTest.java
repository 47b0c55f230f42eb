package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import hudson.ExtensionList;
import hudson.util.FormValidation;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.Logins;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsSessionRule;

/** Whatever is configured, right or wrong: the last policy that was right as a whole is in force. */
public class InvalidPolicyTest {
    /** What to replace in a policy that is right, by what, and what must be told about it. */
    private record Mistake(String right, String wrong, String told) {}

    private static final List<Mistake> MISTAKES = List.of(
            new Mistake(
                    "name: main, bucket",
                    "name: Main, bucket",
                    "artifactStores[Main].name: artifact store 'Main' must"),
            new Mistake("bucket: acme-releases", "bucket: Acme_Releases", "artifactStores[main].bucket: "),
            new Mistake("region: us-east-1, account", "region: nowhere, account", "artifactStores[old].region: "),
            new Mistake("us-east-1, account: tools", "us-east-1, account: tols", "did you mean 'tools'?"),
            new Mistake("{ name: old, bucket", "{ name: main, bucket", "a second artifact store named 'main'"),
            new Mistake("\"111111111111\"", "\"11111111111\"", "accounts[tools].id: "),
            new Mistake("\"022222222222\"", "\"111111111111\"", "accounts[orders-dev].id: "),
            new Mistake("name: tools,", "name: \"\",", "account '' must"),
            new Mistake("externalId: \"other:id\"", "externalId: \"x\"", "accounts[orders-prod].externalId: "),
            new Mistake("044444444444:role/plan", "055555555555:role/plan", "accounts[orders-prod].planRole: "),
            new Mistake("testRole: promotion-test", "testRole: \"promotion test\"", "accounts[orders-prod].testRole: "),
            new Mistake(
                    "acme-${accountId}-${region}", "acme-${accountId}", "accounts[orders-prod].bucket: must contain"),
            new Mistake("bucket: \"code-${region}\"", "bucket: \"Code_${region}\"", "defaults.account.bucket: "),
            new Mistake("orders.acme.com, ", "\"https://orders.acme.com\", ", "accounts[orders-prod].checkHosts[0]: "),
            new Mistake("users: [ erin ]", "users: []", "roles[on-call]: names no one"),
            new Mistake("users: [ erin ]", "users: [ system ]", "roles[on-call].users"),
            new Mistake("users: [ alice, dave ]", "users: [ alice, Alice ]", "'alice' is given twice"),
            new Mistake("name: on-call, users", "name: release-managers, users", "a second role named"),
            new Mistake("role: release-managers, count: 2", "role: managers, count: 2", "there is no role 'managers'"),
            new Mistake("count: 2", "count: 0", "require[0].count: must be a whole number"),
            new Mistake(
                    "role: on-call } ] } }",
                    "role: on-call, count: 2 } ] } }",
                    "2 people of role 'on-call' are required"),
            new Mistake("require: [ { role: on-call } ]", "expiresAfter: 1h", "approval.require: is missing"),
            new Mistake("role: release-managers, count: 2", "role: serviceOwner, count: 2", "is required twice"),
            new Mistake(
                    "expiresAfter: 1h30m", "expiresAfter: soon", "environments[prod].gates[0].approval.expiresAfter: "),
            new Mistake("expiresAfter: 1h30m", "expiresAfter: 91d", "must be from"),
            new Mistake("after: staging", "after: stagin", "did you mean 'staging'?"),
            new Mistake("name: staging, after: dev", "name: staging, after: prod", "in a circle"),
            new Mistake("owners: { users: [ bob ], groups: [ team-orders ] }", "owners: {}", "has no owners"),
            new Mistake("job: team-orders/orders/main", "job: \"team-orders//main\"", "services[orders].jobs[0].job: "),
            new Mistake("may: [ publish,", "may: [ deploy,", "'deploy' is nothing a job may do"),
            new Mistake("\"request:prod\" ] }", "\"request:test\" ] }", "is not placed in 'test'"),
            new Mistake("environment: prod\n", "environment: production\n", "there is no environment 'production'"),
            new Mistake("[ [ orders-prod/eu-west-1 ],", "[ [ orders-prod ],", "waves"),
            new Mistake("orders-prod/us-west-2 ] ]", "orders-prod/us-east-1 ] ]", "orders-prod/us-east-1"),
            new Mistake("pause: 30m", "pause: 8d", "services[orders].placements[2].pause: "),
            new Mistake("\"orders-${environment}/eu-west-1\"", "\"order-${environment}/eu-west-1\"", "order-dev"),
            new Mistake("executionRole: common-cfn", "executionRole: \"a b\"", "defaults.account.executionRole: "),
            new Mistake(
                    "excludeAuthors: true",
                    "excludeAuthors: false",
                    "gates[0].approval.unmappedAuthors: has no effect without"),
            new Mistake(
                    "unmappedAuthors: ignore",
                    "unmappedAuthors: maybe",
                    "gates[0].approval.unmappedAuthors: must be block or ignore"),
            new Mistake(
                    "comment: required",
                    "comment: please",
                    "environments[prod].gates[0].approval.comment: must be optional or required"),
            new Mistake(
                    "- containsLive: true",
                    "- approval: { require: [ { role: on-call } ] }",
                    "environments[prod].gates[7]: a second approval gate"),
            new Mistake("type: tests", "type: Tests", "environments[prod].gates[1].evidence.type: "),
            new Mistake(
                    "\"job:team-orders/orders/*\", \"user:erin\"",
                    "\"build:team-orders\"",
                    "environments[prod].gates[1].evidence.from[0]: "),
            new Mistake("from: \"key:scanner\"", "from: []", "environments[prod].gates[2].evidence.from: is missing"),
            new Mistake("maxAge: 7d", "maxAge: 0s", "environments[prod].gates[1].evidence.maxAge: must be from"),
            new Mistake(
                    "soak: { environment: staging",
                    "soak: { environment: stage",
                    "environments[prod].gates[3].soak.environment: there is no environment"),
            new Mistake("for: 2h", "for: 91d", "environments[prod].gates[3].soak.for: must be from"),
            new Mistake("for: 2h }", "}", "environments[prod].gates[3].soak.for: is missing"),
            new Mistake(
                    "[ MON, TUE, WED, THU ]",
                    "[ MON, Tag ]",
                    "environments[prod].gates[4].window.days[1]: 'Tag' is no day"),
            new Mistake("days: SAT, ", "", "environments[prod].gates[5].window.days: is missing"),
            new Mistake(
                    "from: \"09:00\"",
                    "from: \"9:00\"",
                    "environments[prod].gates[4].window.from: '9:00' is no time of day"),
            new Mistake(
                    "lastStart: \"15:00\"", "lastStart: \"25:00\"", "environments[prod].gates[4].window.lastStart: "),
            new Mistake(
                    "\"15:00\", zone: Europe/Berlin",
                    "\"15:00\", zone: CET+1",
                    "environments[prod].gates[4].window.zone: "),
            new Mistake(
                    "overrun: wait",
                    "overrun: stop",
                    "environments[prod].gates[5].window.overrun: must be finish or wait"),
            new Mistake(
                    "pattern: \"CHG[0-9]{7}\"", "pattern: \"CHG[\"", "environments[prod].gates[6].ticket.pattern: "),
            new Mistake(
                    "pattern: \"CHG[0-9]{7}\"",
                    "pattern: \"(?=C).*\"", "environments[prod].gates[6].ticket.pattern: '(?=C).*' has a look-ahead"),
            new Mistake(
                    "- containsLive: true", "- ticket: \"INC\"", "environments[prod].gates[7]: a second ticket gate"),
            new Mistake(
                    "- containsLive: true",
                    "- containsLive: false",
                    "environments[prod].gates[7].containsLive: must be true"),
            new Mistake(
                    "- containsLive: true",
                    "- containsLive: soon",
                    "environments[prod].gates[7].containsLive: must be true or false"),
            new Mistake("\"${service}-errors\", ", "\"$errors\", ", "environments[prod].gates[8].alarm.names[0]: "),
            new Mistake("timeBox: 30m", "timeBox: 2d", "environments[prod].breakGlass.timeBox: must be from"),
            new Mistake("ticket: \"INC[0-9]+\"", "ticket: \"INC(\"", "environments[prod].breakGlass.ticket: "),
            new Mistake(
                    "review: release-managers",
                    "review: managers",
                    "environments[prod].breakGlass.review: there is no role"),
            new Mistake("review: release-managers", "", "environments[prod].breakGlass.review: is missing"),
            new Mistake(
                    "require: [ { role: on-call, count: 1 } ]\n",
                    "require: []\n",
                    "environments[prod].breakGlass.require: is missing"),
            new Mistake(
                    "finding: publicExposure",
                    "finding: exposure",
                    "environments[prod].riskNeeds[1].finding: must be "),
            new Mistake(
                    "finding: publicExposure, role: on-call",
                    "finding: publicExposure, role: security",
                    "environments[prod].riskNeeds[1].role: there is no role"),
            new Mistake("name: year-end", "name: Year-End", "freezes[Year-End].name: "),
            new Mistake("2026-12-20T00:00", "2026-12-32T00:00", "freezes[year-end].from: "),
            new Mistake("2027-01-02T00:00", "2026-12-19T00:00", "freezes[year-end]: ends before it begins"),
            new Mistake("until: \"2027-03-03\", ", "", "freezes[audit].until: is missing"),
            new Mistake("\"2027-03-03\", zone: UTC", "\"2027-03-03\", zone: Mars", "freezes[audit].zone: "),
            new Mistake(
                    "environments: [ prod ], exempt",
                    "environments: [ production ], exempt",
                    "freezes[year-end].environments[0]: there is no environment"),
            new Mistake("exempt: [ hotfix ]", "exempt: [ hotfixes ]", "freezes[year-end].exempt[0]: there is no path"),
            new Mistake("name: scanner,", "name: scan,", "there is no key 'scanner' under 'evidenceKeys'"),
            new Mistake("oX1ziQcLj", "", "evidenceKeys[scanner].publicKey: "),
            new Mistake("user: dave, ", "user: \"\", ", "aliases[0].user: must not be empty"),
            new Mistake("names: [ \"Dave D.\", dave@home.example ]", "names: []", "aliases[0].names: is missing"),
            new Mistake("[ acme.net, acme.example ]", "[ acme ]", "mailDomains[0]: 'acme' is no domain"),
            new Mistake(
                    "name: default, environments: [ dev,",
                    "name: default, environments: [ test,",
                    "services[orders].paths[default].environments[0]: "),
            new Mistake(
                    "branches: [ \"hotfix/*\", \"fix/*\" ], ",
                    "",
                    "services[orders].paths[hotfix]: is a second path without branches"),
            new Mistake(
                    "services:\n", "settings: { maxLoginAge: 2d }\nservices:\n", "settings.maxLoginAge: must be from"),
            new Mistake(
                    "services:\n",
                    "settings: { driftInterval: 5m }\nservices:\n",
                    "settings.driftInterval: must be from 15m to 7d, or never"),
            new Mistake("services:\n", "settings: { endpoint: \"ftp://x\" }\nservices:\n", "settings.endpoint: "),
            new Mistake(
                    "services:\n",
                    "settings: { verificationHosts: [ \"http://x\" ] }\nservices:\n",
                    "settings.verificationHosts[0]: "));

    @Rule
    public final JenkinsSessionRule sessions = new JenkinsSessionRule();

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"5 jcasc", "15 jcasc"})
    public void everyMistakeIsToldWithItsPathAndLeavesTheLastValidPolicyInForce() throws Throwable {
        sessions.then(j -> {
            ConfiguredPolicies.configure(ConfiguredPolicies.WHOLE);
            String valid = ConfiguredPolicies.inForce().digest();
            assertThat(PolicyActivator.get().problems(), empty());
            assertTrue("only " + MISTAKES.size(), MISTAKES.size() >= 30);
            for (Mistake mistake : MISTAKES) {
                assertThat(ConfiguredPolicies.WHOLE, containsString(mistake.right()));
                ConfiguredPolicies.forget();
                ConfiguredPolicies.configure(ConfiguredPolicies.WHOLE.replace(mistake.right(), mistake.wrong()));
                assertThat(
                        mistake.toString(), PolicyActivator.get().problems(), hasItem(containsString(mistake.told())));
                assertEquals(
                        mistake.toString(), valid, ConfiguredPolicies.inForce().digest());
                assertEquals(mistake.toString(), List.of(PolicyActivator.PAUSED_BY), paused());
            }
            ConfiguredPolicies.forget();
            ConfiguredPolicies.configure(ConfiguredPolicies.WHOLE);
            assertThat(PolicyActivator.get().problems(), empty());
            assertEquals(List.of(), paused());
            assertEquals(
                    "the same policy again is no new one",
                    1,
                    EngineLifecycle.get()
                            .store()
                            .orElseThrow()
                            .records(r -> r.entry() instanceof Entry.PolicyApplied)
                            .size());
        });
    }

    private static final String LOOK_AHEAD = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
            accounts: [ { name: tools, id: "111111111111" } ]
            environments:
            - name: dev
            - name: prod
              after: dev
              gates:
              - containsLive: true
              - ticket: "CHG(?=[0-9]).*"
            """;

    /** As after an upgrade from a version that took such patterns. */
    private static void putInForce(String pattern) throws Exception {
        var prod =
                new Policy.Environment("prod", "dev", List.of(new Gate.ContainsLive(), new Gate.Ticket(pattern)), null);
        var environments = new LinkedHashMap<String, Policy.Environment>();
        environments.put("dev", new Policy.Environment("dev", null, List.of(), null));
        environments.put("prod", prod);
        EngineLifecycle.get()
                .promotions()
                .orElseThrow()
                .apply(new Policy(Map.of(), Map.of(), Map.of(), environments, Map.of()), "user:ops");
    }

    @Test
    public void aPatternInForceThatCannotBeUsedInvalidatesNothingAndIsNamed() throws Throwable {
        sessions.then(j -> {
            putInForce("CHG(?=[0-9]).*");
            ConfiguredPolicies.configure(LOOK_AHEAD);
            assertThat(PolicyActivator.get().problems(), empty());
            assertEquals(List.of(), paused());
            var monitor = ExtensionList.lookupSingleton(PolicyMonitor.class);
            assertTrue(monitor.isActivated());
            assertThat(
                    j.createWebClient().goTo("manage/").asNormalizedText(),
                    containsString("environments[prod].gates[1].ticket: 'CHG(?=[0-9]).*' has a look-ahead"));
            ConfiguredPolicies.configure(LOOK_AHEAD.replace("- name: dev\n", "- name: dev\n  supersede: true\n"));
            assertThat(
                    "what else is changed is put in force",
                    PolicyActivator.get().problems(),
                    empty());
            assertTrue(ConfiguredPolicies.inForce()
                    .policy()
                    .environments()
                    .get("dev")
                    .supersede());
        });
        sessions.then(j -> {
            assertThat("after a restart too", PolicyActivator.get().problems(), empty());
            assertEquals(List.of(), paused());
            ConfiguredPolicies.configure(LOOK_AHEAD.replace("CHG(", "INC("));
            assertThat(
                    "a new one is refused",
                    PolicyActivator.get().problems(),
                    hasItem(containsString(
                            "environments[prod].gates[1].ticket.pattern: 'INC(?=[0-9]).*' has a look-ahead")));
            assertEquals(List.of(PolicyActivator.PAUSED_BY), paused());
            ConfiguredPolicies.configure(LOOK_AHEAD.replace("CHG(?=[0-9]).*", "CHG[0-9].*"));
            assertThat(PolicyActivator.get().problems(), empty());
            assertEquals(List.of(), paused());
            assertFalse(ExtensionList.lookupSingleton(PolicyMonitor.class).isActivated());
        });
    }

    @Test
    public void theFormSaysWhatAPatternMayNotHave() throws Throwable {
        sessions.then(j -> {
            var gate = (TicketGateConfig.DescriptorImpl) j.jenkins.getDescriptorOrDie(TicketGateConfig.class);
            assertEquals(FormValidation.Kind.OK, gate.doCheckPattern("CHG[0-9]{7}").kind);
            assertEquals(FormValidation.Kind.ERROR, gate.doCheckPattern("(A)\\1").kind);
            assertThat(gate.doCheckPattern("(?=A)A").getMessage(), containsString("has a look-ahead"));
            assertThat(gate.doCheckPattern("[A-Z&&B]").getMessage(), containsString("intersection"));
            var glass = (BreakGlassConfig.DescriptorImpl) j.jenkins.getDescriptorOrDie(BreakGlassConfig.class);
            assertThat(glass.doCheckTicket("(?!A).*").getMessage(), containsString("has a look-ahead"));
        });
    }

    private static List<String> paused() {
        return EngineLifecycle.get().store().orElseThrow().pauses().stream()
                .map(Pause::by)
                .toList();
    }

    @Test
    public void jenkinsBootsWithAnInvalidPolicyAndSaysSo() throws Throwable {
        sessions.then(j -> {
            ConfiguredPolicies.configure(ConfiguredPolicies.SMALL);
            ConfiguredPolicies.configure("environments: [ { name: dev, after: nowhere } ]\n");
        });
        sessions.then(j -> {
            assertThat(
                    PolicyActivator.get().problems(), hasItem(containsString("environments[dev].after: there is no")));
            assertEquals(List.of(PolicyActivator.PAUSED_BY), paused());
            assertTrue(ConfiguredPolicies.inForce()
                    .policy()
                    .environments()
                    .get("dev")
                    .gates()
                    .isEmpty());
            var monitor = ExtensionList.lookupSingleton(PolicyMonitor.class);
            assertTrue(monitor.isActivated());
            var wc = j.createWebClient();
            assertThat(wc.goTo("manage/").asNormalizedText(), containsString("there is no environment 'nowhere'"));
            assertThat(
                    wc.goTo("promotion-releases/configuration/").asNormalizedText(),
                    containsString("there is no environment 'nowhere'"));
            ConfiguredPolicies.configure("environments: [ { name: dev } ]\n");
            assertFalse(monitor.isActivated());
        });
        sessions.then(j -> {
            assertThat(PolicyActivator.get().problems(), empty());
            assertEquals(List.of(), paused());
        });
    }

    @Test
    public void nothingConfiguredIsNoMistakeButAnEmptiedConfigurationIs() throws Throwable {
        sessions.then(j -> {
            assertThat(PolicyActivator.get().problems(), empty());
            assertEquals(List.of(), paused());
            ConfiguredPolicies.configure(ConfiguredPolicies.SMALL);
            ConfiguredPolicies.forget();
            ServerlessPromotionConfiguration.get().save();
            assertThat(PolicyActivator.get().problems(), not(empty()));
            assertEquals(1, ConfiguredPolicies.inForce().policy().environments().size());
            assertEquals(List.of(PolicyActivator.PAUSED_BY), paused());
        });
    }

    @Test
    public void aPauseOfSomebodysOwnIsLeftAlone() throws Throwable {
        sessions.then(j -> {
            var promotions = EngineLifecycle.get().promotions().orElseThrow();
            ConfiguredPolicies.configure(ConfiguredPolicies.SMALL);
            promotions.pause(Pause.EVERYTHING, "alice", "incident");
            ConfiguredPolicies.configure("environments: []\n");
            assertEquals(List.of("alice", PolicyActivator.PAUSED_BY), paused());
            promotions.resume(Pause.EVERYTHING, "alice", "the incident is over");
            assertEquals("the mistake still pauses", List.of(PolicyActivator.PAUSED_BY), paused());
            promotions.pause(Pause.EVERYTHING, "alice", "another incident");
            ConfiguredPolicies.configure(ConfiguredPolicies.SMALL);
            assertThat(PolicyActivator.get().problems(), empty());
            assertEquals(List.of("alice"), paused());
        });
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "16 jcasc")
    public void theAuditLogSaysWhoChangedThePolicy() throws Throwable {
        sessions.then(j -> {
            ConfiguredPolicies.configure(ConfiguredPolicies.SMALL);
            assertEquals(
                    "configuration as code or a script",
                    ConfiguredPolicies.inForce().by());
            j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
            j.jenkins.setAuthorizationStrategy(new org.jvnet.hudson.test.MockAuthorizationStrategy()
                    .grant(jenkins.model.Jenkins.ADMINISTER)
                    .everywhere()
                    .to("Alice"));
            var form = Logins.login(j.createWebClient(), "Alice")
                    .goTo("promotion-releases/configuration/")
                    .getFormByName("config");
            form.getInputsByName("_.bucket").get(0).setValue("acme-other");
            j.submit(form);
            assertEquals("alice", ConfiguredPolicies.inForce().by());
            assertEquals(
                    "acme-other",
                    ConfiguredPolicies.inForce().policy().stores().get("main").bucket());
        });
    }
}
