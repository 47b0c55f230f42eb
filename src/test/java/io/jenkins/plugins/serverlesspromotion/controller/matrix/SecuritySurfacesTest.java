package io.jenkins.plugins.serverlesspromotion.controller.matrix;

import static io.jenkins.plugins.serverlesspromotion.controller.releases.Desk.promotion;
import static io.jenkins.plugins.serverlesspromotion.controller.releases.Desk.store;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.cli.CLICommand;
import hudson.model.Result;
import hudson.security.GlobalMatrixAuthorizationStrategy;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.Logins;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.PolicyActivator;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.WaitingChanges;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;

/** As {@link SecurityClassesTest}, by commands, steps, replays and configuration. */
public class SecuritySurfacesTest {
    @ClassRule
    public static final JenkinsRule j = MatrixHome.rule();

    private static final Stage STAGE = new Stage(50);
    private static Folder team;

    static {
        j.timeout = 1200; // seconds for all of them together, also where everything is slow
    }

    @BeforeClass
    public static void open() throws Exception {
        STAGE.open(j);
        team = j.createProject(Folder.class, "team");
    }

    @AfterClass
    public static void close() {
        STAGE.close();
    }

    private static long size() {
        return EngineLifecycle.get().files().orElseThrow().size();
    }

    private static Set<String> approvers(String id) {
        return promotion(id).standing().stream()
                .map(a -> a.person().id())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static WorkflowJob job(String name, String script) throws Exception {
        var job = team.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    /** Each of the calls fails, and the build goes on. */
    private static String failing(List<String> calls) {
        var script = new StringBuilder("def done = 0\n");
        for (String call : calls) {
            script.append("try { ")
                    .append(call)
                    .append("\ndone++\necho 'was done' } catch (Exception e) { echo e.message }\n");
        }
        return script.append("if (done > 0) { error \"${done} were done\" }").toString();
    }

    // --- commands ---

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"5 command", "7 command"})
    public void class5And7_aCommandTakesNamesAndNothingElse() throws Exception {
        int runs = new Hostile(j, STAGE).everywhere(Hostile::isCommandThatTakesAName, true);
        assertTrue("only " + runs, runs > 150);
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "9 command")
    public void class9_noCommandTakesAnothersNameToActBy() throws Exception {
        var options = new TreeSet<String>();
        for (CLICommand command : CLICommand.all()) {
            if (command.getName().startsWith("promotion-")) {
                for (var field : command.getClass().getFields()) {
                    Option option = field.getAnnotation(Option.class);
                    boolean text = option != null || field.isAnnotationPresent(Argument.class);
                    String said = option == null ? field.getName() : option.name();
                    if (text
                            && said.matches("(?i)-*(user|person|by|as|who|for|name|login|auth|id|author|approver)s?")) {
                        options.add(command.getName() + " " + said);
                    }
                }
            }
        }
        // The first asks only, and of others only for those who audit or configure; the others are ids of what is
        // decided.
        assertEquals(
                Set.of("promotion-explain --user"),
                options.stream().filter(o -> !o.endsWith(" id")).collect(Collectors.toSet()));
        String id = STAGE.value("waiting");
        long before = size();
        for (String option : List.of("--user", "--person", "--by", "--as")) {
            assertEquals(
                    2,
                    Terminal.of(
                                    Role.APPROVER,
                                    List.of(
                                            "promotion-approve",
                                            id,
                                            "--plan",
                                            STAGE.value("digest"),
                                            option,
                                            Role.OVERRIDER.user()))
                            .exit());
        }
        assertEquals(before, size());
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "14 command")
    public void class14_aRevokedPermissionCountsAtOnceForCommands() throws Exception {
        var before = (GlobalMatrixAuthorizationStrategy) Jenkins.get().getAuthorizationStrategy();
        var less = new GlobalMatrixAuthorizationStrategy();
        before.getGrantedPermissionEntries()
                .forEach((permission, entries) -> entries.forEach(entry -> {
                    if (!permission.equals(PromotionPermissions.APPROVE)) {
                        less.add(permission, entry);
                    }
                }));
        String id = STAGE.value("waiting");
        List<String> approve = List.of("promotion-approve", id, "--plan", STAGE.value("digest"));
        Jenkins.get().setAuthorizationStrategy(less);
        try {
            assertEquals(6, Terminal.of(Role.APPROVER, approve).exit());
            assertEquals(Set.of(), approvers(id));
        } finally {
            Jenkins.get().setAuthorizationStrategy(before);
        }
        assertEquals(0, Terminal.of(Role.APPROVER, approve).exit());
        assertEquals(Set.of(Role.APPROVER.user()), approvers(id));
        STAGE.spent();
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "15 command")
    public void class15_oneUserIsOnePersonHoweverACommandIsLoggedIn() throws Exception {
        String id = STAGE.value("waiting");
        List<String> approve = List.of("promotion-approve", id, "--plan", STAGE.value("digest"));
        assertEquals(
                "who asked is who asked", 5, loggedIn(Role.REQUESTER, approve).exit());
        assertEquals("who wrote is who wrote", 5, loggedIn(Role.AUTHOR, approve).exit());
        assertEquals(0, loggedIn(Role.APPROVER, approve).exit());
        assertEquals(0, Terminal.of(Role.APPROVER, approve).exit());
        assertEquals("and counts once", Set.of(Role.APPROVER.user()), approvers(id));
        for (String like : List.of("\uff41pprover", "approver\u200b", "user:approver", "appr\u043ever")) {
            assertEquals(
                    like + " is somebody else", 6, Terminal.of(like, approve).exit());
        }
        STAGE.spent();
    }

    /** With the name in capitals, as the realm takes it. */
    private static Terminal loggedIn(Role role, List<String> words) {
        String name = role.user().toUpperCase(Locale.ROOT);
        return Terminal.of(
                Jenkins.get()
                        .getSecurityRealm()
                        .getSecurityComponents()
                        .manager2
                        .authenticate(new UsernamePasswordAuthenticationToken(name, name)),
                words);
    }

    /** Whoever may do nothing can have that recorded, and is not to write the audit log. */
    @Test
    @Shows(table = Shows.HOLES, cell = "16 command")
    public void class16_whatIsRefusedIsRecordedInShort() throws Exception {
        Browser stranger = Browser.of(j, Role.STRANGER.user());
        String long1 = "a".repeat(50_000);
        String long2 = "\ud83d\ude80".repeat(5_000);
        long before = size();
        for (String text : List.of(long1, long2)) {
            for (List<String> call : List.of(
                    List.of("promotion-releases/api/pause", "scope=" + text, "reason=x"),
                    List.of("promotion-releases/api/evidence", "release=" + text + "@1", "envelope=x"),
                    List.of("promotion-releases/api/recover", "stack=" + text, "choice=" + text, "reason=x"),
                    List.of("promotion-releases/api/rollback", "service=" + text, "environment=x", "reason=x"))) {
                assertEquals(
                        403,
                        stranger.post(call.get(0), call.subList(1, call.size())).statusCode());
            }
            List<String> pause = List.of("promotion-pause", "--service", text, "--reason", "x");
            assertEquals(6, Terminal.of(Role.STRANGER, pause).exit());
        }
        List<Entry.Refused> refused = store().records(r -> r.seq() >= before).stream()
                .map(r -> (Entry.Refused) r.entry())
                .toList();
        assertEquals(10, refused.size());
        for (Entry.Refused entry : refused) {
            assertTrue(
                    entry.toString(),
                    entry.what().length() > 250 && entry.what().length() <= 300);
            assertTrue(entry.what(), entry.what().endsWith("…"));
            assertEquals("user:stranger", entry.who());
        }
    }

    // --- steps and replays ---

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"5 step", "7 step"})
    public void class5And7_aStepTakesNamesAndNothingElse() throws Exception {
        String service = STAGE.another("service");
        var calls = new LinkedHashMap<String, String>();
        calls.put("promoteRelease release: ~ + '@1.1.0', to: 'prod', wait: false", service);
        calls.put("promoteRelease release: '" + service + "@1.1.0', to: ~, wait: false", "prod");
        calls.put("rollbackRelease service: ~, environment: 'dev', reason: 'x', wait: false", service);
        calls.put("rollbackRelease service: '" + service + "', environment: ~, reason: 'x', wait: false", "dev");
        calls.put("recordEvidence release: ~ + '@1.1.0', type: 'scan', result: 'passed'", service);
        calls.put("recordEvidence release: '" + service + "@1.1.0', type: ~, result: 'passed'", "scan");
        calls.put("releaseStatus service: ~, environment: 'dev'", service);
        calls.put("releaseStatus service: '" + service + "', environment: ~", "dev");
        calls.put("publishRelease manifest: 'release.yaml', version: ~", "2.0.0");
        calls.put("publishRelease manifest: ~, version: '3.0.0'", "release.yaml");
        var hostile = new ArrayList<String>();
        for (String name : Hostile.NAMES) {
            String quoted = "'" + name.replace("\\", "\\\\").replace("\0", "\\u0000") + "'";
            // Some of the names are versions.
            calls.keySet()
                    .forEach(call -> hostile.add(
                            call.replace("version: ~", "version: '/' + ~").replace("~", quoted)));
        }
        WorkflowJob job = job("granted-hostile", inWorkspace(service, failing(hostile)));
        Set<String> files = MatrixHome.files(j);
        long before = size();
        WorkflowRun run = j.buildAndAssertSuccess(job);
        j.assertLogContains("must be 1 to 63 lower-case letters", run);
        j.assertLogContains("must be 1 to 64 letters, digits", run);
        assertEquals("refused before anything was looked up", List.of(), store().records(r -> r.seq() >= before));
        Set<String> after = MatrixHome.files(j);
        after.removeAll(files);
        after.removeIf(file -> file.matches(
                "home/(jobs/team/jobs/granted-hostile/.*|workspace(/team(/granted-hostile(@tmp)?(/.*)?)?)?)"));
        assertEquals("no file has come about but what a build leaves", Set.of(), after);
        var harmless = new StringBuilder();
        calls.forEach((call, name) ->
                harmless.append(call.replace("~", "'" + name + "'")).append('\n'));
        j.buildAndAssertSuccess(job("granted-harmless", inWorkspace(service, harmless.toString())));
        assertTrue("the same with names that are there is done", size() > before);
        STAGE.spent();
    }

    private static String inWorkspace(String service, String script) {
        return "node {\nwriteFile file: 'release.yaml', text: '''" + StepCells.manifest(service)
                + "'''\nwriteFile file: 'api.yaml', text: '" + StepCells.TEMPLATE + "'\n" + script + "\n}";
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "9 step")
    public void class9_aStepIsMadeOfTextsAndNothingElse() throws Exception {
        int parameters = 0;
        for (StepDescriptor step : StepDescriptor.all()) {
            if (step.clazz.getName().startsWith("io.jenkins.plugins.serverlesspromotion.")) {
                for (var parameter : new DescribableModel<>(step.clazz).getParameters()) {
                    assertTrue(
                            step.getFunctionName() + " " + parameter,
                            Set.of(String.class, boolean.class).contains(parameter.getErasedType()));
                    parameters++;
                }
            }
        }
        assertTrue("only " + parameters, parameters > 15);
        String service = STAGE.value("service");
        long before = size();
        String file = "[$class: 'java.io.File', pathname: '" + service + "@1.1.0']";
        j.buildAndAssertSuccess(job(
                "granted-types",
                failing(List.of(
                        "promoteRelease release: " + file + ", to: 'prod', wait: false",
                        "promoteRelease release: '" + service
                                + "@1.1.0', to: 'prod', wait: false, requesters: ['approver']",
                        "promoteRelease release: '" + service + "@1.1.0', to: 'prod', wait: false, user: 'approver'",
                        "recordEvidence release: '" + service
                                + "@1.1.0', type: 'scan', result: 'passed', producer: 'x'",
                        "releaseStatus service: " + file + ", environment: 'dev'"))));
        assertEquals(before, size());
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"14 step", "14 replay"})
    public void class14_aRightTakenFromAJobIsGoneAtOnceAlsoForWhatIsRepeated() throws Exception {
        String service = STAGE.value("service");
        String ask = "promoteRelease release: '" + service + "@1.1.0', to: 'prod', wait: false";
        WorkflowJob job = job("granted-revoked", ask);
        WorkflowRun first = j.buildAndAssertSuccess(job);
        String id = service + ".prod.1";
        assertEquals(1, promotion(id).requests().size());
        WaitingChanges.configure(STAGE.policy().replace("team/granted-*", "team/formerly-granted-*"));
        try {
            WorkflowRun second = j.buildAndAssertStatus(Result.FAILURE, job);
            j.assertLogContains("policy does not allow job team/granted-revoked request:prod", second);
            var replay = (WorkflowRun)
                    first.getAction(ReplayAction.class).run(ask, Map.of()).get();
            j.assertBuildStatus(Result.FAILURE, replay);
            j.assertLogContains("policy does not allow job team/granted-revoked request:prod", replay);
            assertEquals(1, promotion(id).requests().size());
        } finally {
            WaitingChanges.configure(STAGE.policy());
        }
        j.buildAndAssertSuccess(job);
        assertEquals(
                "it was the right that was missing", 2, promotion(id).requests().size());
        STAGE.spent();
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "18 jcasc")
    public void class18_aPatternOfJobsMatchesOneLevelOfFolders() throws Exception {
        String ask = "promoteRelease release: '" + STAGE.value("service") + "@1.1.0', to: 'prod', wait: false";
        WorkflowJob named = job("granted-pattern", ask);
        var folder = team.createProject(Folder.class, "granted-folder");
        var deeper = folder.createProject(WorkflowJob.class, "deeper");
        deeper.setDefinition(new CpsFlowDefinition(ask, true));
        // Each pattern, and which of the two jobs it names.
        var patterns = new LinkedHashMap<String, WorkflowJob>();
        patterns.put("team/granted-*", named);
        patterns.put("team/*/deeper", deeper);
        patterns.put("**", null);
        patterns.put("team/granted-.*", null);
        patterns.put("team/[g]ranted-pattern", null);
        try {
            for (var pattern : patterns.entrySet()) {
                WaitingChanges.configure(STAGE.policy().replace("team/granted-*", pattern.getKey()));
                for (WorkflowJob job : List.of(named, deeper)) {
                    if (job == pattern.getValue()) {
                        j.buildAndAssertSuccess(job);
                    } else {
                        WorkflowRun run = j.buildAndAssertStatus(Result.FAILURE, job);
                        j.assertLogContains("policy does not allow job " + job.getFullName() + " request:prod", run);
                    }
                }
            }
        } finally {
            WaitingChanges.configure(STAGE.policy());
        }
        STAGE.spent();
    }

    // --- configuration ---

    @Test
    @Shows(table = Shows.HOLES, cell = "6 jcasc")
    public void class6_whatPolicySaysStaysText() throws Exception {
        String script = "<b-evil onload=evil()>";
        WaitingChanges.configure(STAGE.policy()
                .replace("expiresAfter: 24h\n", "expiresAfter: 24h\n      - ticket: \"" + script + "\"\n")
                .replace("users: [ approver, requester", "users: [ \"" + script + "\", approver, requester"));
        try {
            String id = STAGE.value("waiting");
            String service = promotion(id).release().service();
            var pages = new LinkedHashMap<String, String>();
            pages.put("promotion-releases/promotion/" + id + "/", Role.ADMINISTRATOR.user());
            pages.put("promotion-releases/", Role.ADMINISTRATOR.user());
            pages.put("promotion-releases/service/" + service + "/", Role.ADMINISTRATOR.user());
            String version = promotion(id).release().version();
            pages.put(
                    "promotion-releases/service/" + service + "/explain?environment=prod&version=" + version,
                    Role.ADMINISTRATOR.user());
            pages.put("promotion-releases/configuration/", Role.CONFIGURER.user());
            int shown = 0;
            for (var page : pages.entrySet()) {
                HtmlPage seen =
                        Logins.login(j.createWebClient(), page.getValue()).goTo(page.getKey());
                assertEquals(page.getKey(), List.of(), seen.getByXPath("//*[local-name()='b-evil']"));
                shown += seen.getDocumentElement().getTextContent().contains(script) ? 1 : 0;
            }
            assertTrue("read on the pages of the promotion and of the configuration at least: " + shown, shown >= 2);
        } finally {
            WaitingChanges.configure(STAGE.policy());
        }
        STAGE.spent();
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "7 jcasc")
    public void class7_aServiceOrAnEnvironmentThatWouldBeAPathIsNotConfigured() throws Exception {
        Set<String> files = MatrixHome.files(j);
        String valid = store().policy().orElseThrow().digest();
        String small = Stage.policy(1);
        try {
            for (String known : List.of("elsewhere", "dev", "prod", "on-call")) {
                for (String name : List.of("../x", "a/b", "..", "con.", "A")) {
                    WaitingChanges.tryOut(small.replace(known, name));
                    assertTrue(
                            known + " called " + name,
                            !PolicyActivator.get().problems().isEmpty());
                    assertEquals(valid, store().policy().orElseThrow().digest());
                }
            }
            MatrixHome.assertSame(j, files);
            for (String known : List.of("elsewhere", "dev", "prod", "on-call")) {
                WaitingChanges.configure(small.replace(known, "harmless"));
                assertTrue(known, !valid.equals(store().policy().orElseThrow().digest()));
            }
        } finally {
            WaitingChanges.configure(STAGE.policy());
        }
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "8 jcasc")
    public void class8_whatWasApprovedUnderOtherRulesIsVoid() throws Exception {
        String id = STAGE.value("approved");
        assertEquals(Set.of(Role.APPROVER.user()), approvers(id));
        WaitingChanges.configure(STAGE.policy().replace("expiresAfter: 24h", "expiresAfter: 48h"));
        try {
            STAGE.settle();
            assertEquals(Set.of(), approvers(id));
        } finally {
            WaitingChanges.configure(STAGE.policy());
        }
        STAGE.settle();
        assertEquals("what is void stays void", Set.of(), approvers(id));
        STAGE.spent();
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "14 jcasc")
    public void class14_whoHasLeftARoleDoesNotCountAnyMore() throws Exception {
        String id = STAGE.value("approved");
        assertEquals(Set.of(Role.APPROVER.user()), approvers(id));
        List<String> approve = List.of("promotion-approve", id, "--plan", STAGE.value("approvedDigest"));
        WaitingChanges.configure(
                STAGE.policy().replace("[ approver, requester, author ]", "[ overrider, requester, author ]"));
        try {
            STAGE.settle();
            assertEquals(Set.of(), approvers(id));
            assertEquals(5, Terminal.of(Role.APPROVER, approve).exit());
        } finally {
            WaitingChanges.configure(STAGE.policy());
        }
        STAGE.settle();
        assertEquals("what is void stays void", Set.of(), approvers(id));
        STAGE.spent();
    }
}
