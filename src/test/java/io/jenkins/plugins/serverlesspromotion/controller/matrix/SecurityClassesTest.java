package io.jenkins.plugins.serverlesspromotion.controller.matrix;

import static io.jenkins.plugins.serverlesspromotion.controller.releases.Desk.promotion;
import static io.jenkins.plugins.serverlesspromotion.controller.releases.Desk.store;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.michelin.cio.hudson.plugins.rolestrategy.AuthorizationType;
import com.michelin.cio.hudson.plugins.rolestrategy.RoleBasedAuthorizationStrategy;
import com.michelin.cio.hudson.plugins.rolestrategy.RoleMap;
import hudson.model.User;
import hudson.security.GlobalMatrixAuthorizationStrategy;
import hudson.security.Permission;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.sandbox.FreshConnections.Answer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * Hole classes that other plugins have had, tried here on pages and REST. Classes 1 to 4 are {@link PermissionMatrixTest};
 * steps, replay and restart are {@code TeamPipelineTest}.
 */
public class SecurityClassesTest {
    private static final String PROMOTION = "promotion-releases/promotion/";
    private static final String EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    private static final String REST = "promotion-releases/api/promotion/";

    @ClassRule
    public static final JenkinsRule j = MatrixHome.rule();

    private static final Stage STAGE = new Stage(200);
    private static Browser approver;
    private static Browser administrator;

    static {
        j.timeout = 1200; // seconds for all of them together, also where everything is slow
    }

    @BeforeClass
    public static void open() throws Exception {
        STAGE.open(j);
        approver = Browser.of(j, Role.APPROVER.user());
        administrator = Browser.of(j, Role.ADMINISTRATOR.user());
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

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"5 page", "5 rest"})
    public void class5_idsAreNamesAndNeverPartsOfAnAddress() throws Exception {
        for (String below : List.of(PROMOTION, REST)) {
            assertEquals(
                    200, administrator.get(below + STAGE.value("waiting") + "/").statusCode());
        }
        long before = size();
        for (String id : List.of(
                "..%2F..%2Fmanage",
                "svc-1.prod.1%2F..%2Fabort",
                "svc-1.prod.1%3Fx=y",
                "svc-1.prod.1%23x",
                "%3Cscript%3E",
                "svc-1.prod.-1",
                "svc-1.prod.99999999999999999999",
                "svc-1.prod.1%00",
                "SVC-1.PROD.1",
                "%EF%BD%93vc-1.prod.1")) {
            for (String below : List.of(PROMOTION, REST)) {
                Answer answer = administrator.get(below + id + "/");
                assertTrue(
                        below + id + ": " + answer.statusCode(),
                        answer.statusCode() == 404 || answer.statusCode() == 400);
                assertFalse(answer.body().contains("<script>alert"));
                int posted = administrator
                        .post(below + id + "/abort", List.of("reason=x"))
                        .statusCode();
                assertTrue(below + id + ": " + posted, posted == 404 || posted == 400);
            }
        }
        long refused = store().records(r -> r.seq() >= before).size();
        assertEquals(
                "nothing was done",
                refused,
                store().records(r -> r.seq() >= before && r.entry() instanceof Entry.Refused)
                        .size());
        int sent = new Hostile(j, STAGE).everywhere(Hostile::takesANameInItsPath, true);
        assertTrue("only " + sent, sent > 300);
    }

    /** A request that names something that cannot be, and the same with a name that is there and {@link #EVIL} as text. */
    private record Pair(Browser by, String verb, String path, List<String> evil, List<String> harmless) {
        Answer send(List<String> fields) throws Exception {
            return verb.equals("GET") ? by.get(path, fields) : by.post(path, fields);
        }
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"6 page", "6 rest"})
    public void class6_whatAnAddressOrAFieldSaysIsNeverRunByTheBrowser() throws Exception {
        String paused = "scope=service " + STAGE.another("unpaused");
        String alsoPaused = "scope=service " + STAGE.another("unpaused");
        String service = STAGE.another("service");
        String rollback = "promotion-releases/service/" + service + "/rollback";
        String other = STAGE.another("service");
        String toVersion = "promotion-releases/service/" + other + "/rollback";
        String waiting = PROMOTION + STAGE.value("waiting") + "/";
        String approve = waiting + "approve";
        String digest = "planDigest=" + STAGE.value("digest");
        String reason = "reason=" + EVIL;
        for (Pair pair : List.of(
                pair("POST", "promotion-releases/pause", List.of("scope=" + EVIL, reason), List.of(paused, reason)),
                pair(
                        "POST",
                        "promotion-releases/api/pause",
                        List.of("scope=" + EVIL, reason),
                        List.of(alsoPaused, reason)),
                pair("POST", rollback, List.of("environment=" + EVIL, reason), List.of("environment=dev", reason)),
                pair(
                        "POST",
                        toVersion,
                        List.of("environment=dev", "version=" + EVIL, reason),
                        List.of("environment=dev", "version=1.0.0", reason)),
                pair("GET", "promotion-releases/api/status", List.of("service=" + EVIL), List.of("service=" + service)),
                pair("GET", "promotion-releases/api/audit", List.of("from=" + EVIL), List.of("from=0")),
                new Pair(
                        approver,
                        "POST",
                        approve,
                        List.of("planDigest=" + EVIL, "comment=" + EVIL),
                        List.of(digest, "comment=" + EVIL)))) {
            var answer = pair.send(pair.evil());
            String said = pair.path() + ": " + answer.statusCode() + " ";
            assertTrue(said, answer.statusCode() >= 400 && answer.statusCode() < 500);
            runsNothing(said, answer);
            var done = pair.send(pair.harmless());
            assertTrue(pair + " was answered " + done.statusCode() + done.body(), done.statusCode() < 400);
            runsNothing(pair.path(), done);
        }
        for (String page : List.of("promotion-releases/", waiting, PROMOTION + service + ".dev.3/")) {
            var shown = administrator.get(page);
            assertEquals(page, 200, shown.statusCode());
            assertTrue(page + " shows it as text", shown.body().contains("&lt;script"));
            runsNothing(page, shown);
        }
        STAGE.spent();
    }

    private static Pair pair(String verb, String path, List<String> evil, List<String> harmless) {
        return new Pair(administrator, verb, path, evil, harmless);
    }

    private static void runsNothing(String where, Answer answer) {
        String type = answer.header("Content-Type").orElse("");
        if (type.startsWith("text/html")) {
            assertFalse(where, answer.body().contains("<script>alert"));
            assertFalse(where, answer.body().contains("<img src=x"));
        } else if (answer.statusCode() != 302) {
            assertTrue(type, type.startsWith("application/json"));
            assertEquals("nosniff", answer.header("X-Content-Type-Options").orElse(""));
        }
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"7 page", "7 rest"})
    public void class7_namesStayInTheStore() throws Exception {
        String service = STAGE.another("service");
        Set<String> before = MatrixHome.files(j);
        for (String name : List.of("..", "../x", "con", "nul", "a\\b", "a/b", "a\0b", "ORDERS", "x.", " x")) {
            for (String named : List.of(name, service)) {
                int status = administrator
                        .post(
                                "promotion-releases/api/rollback",
                                List.of("service=" + named, "environment=" + name, "reason=x"))
                        .statusCode();
                // An environment that could be one is not in the policy.
                assertTrue(
                        named + " " + name + ": " + status,
                        Set.of(400, 404, 409).contains(status));
            }
        }
        MatrixHome.assertSame(j, before);
        int sent = new Hostile(j, STAGE).everywhere(Hostile::takesANameInAField, false);
        assertTrue("only " + sent, sent > 200);
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"9 page", "9 rest"})
    public void class9_nobodyCanNameSomebodyElse() throws Exception {
        String id = STAGE.value("waiting");
        String digest = STAGE.value("digest");
        String other = Role.OVERRIDER.user();
        int status = approver.post(
                        REST + id + "/approve?person=" + other + "&user=" + other,
                        List.of(
                                "planDigest=" + digest,
                                "person=" + other,
                                "user=" + other,
                                "by=user:" + other,
                                "id=" + id,
                                "json={\"person\":{\"$class\":\"java.io.File\",\"id\":\"" + other + "\"}}"))
                .statusCode();
        assertEquals(200, status);
        assertEquals(Set.of(Role.APPROVER.user()), approvers(id));
        STAGE.spent();
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "15 rest")
    public void class15_oneUserIsOnePersonHoweverTheNameIsWritten() throws Exception {
        String id = STAGE.value("waiting");
        List<String> form = List.of("planDigest=" + STAGE.value("digest"));
        assertEquals(
                "who asked is who asked",
                409,
                Browser.of(j, Role.REQUESTER.user().toUpperCase(Locale.ROOT))
                        .post(REST + id + "/approve", form)
                        .statusCode());
        assertEquals(
                200,
                Browser.of(j, "Approver").post(REST + id + "/approve", form).statusCode());
        assertEquals(
                200,
                Browser.of(j, "APPROVER").post(REST + id + "/approve", form).statusCode());
        assertEquals("and counts once", Set.of(Role.APPROVER.user()), approvers(id));
        assertEquals(State.WAITING, promotion(id).state());
        for (String like : List.of("\uff41pprover", "approver\u200b", "user:approver", "appr\u043ever")) {
            User.getById(like, true);
            int status = Browser.of(j, like).post(REST + id + "/approve", form).statusCode();
            assertEquals(like + " is somebody else", 403, status);
        }
        assertEquals(Set.of(Role.APPROVER.user()), approvers(id));
        STAGE.spent();
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"16 page", "16 rest"})
    public void class16_everyFormOfAnAddressIsRecordedOrNothing() throws Exception {
        for (String form : List.of(
                "approve/",
                "approve;jsessionid=x",
                "%61pprove",
                "approve/more",
                "approve.json",
                "approve.xml",
                "./approve",
                "x/../approve",
                "/approve",
                "Approve",
                "doApprove",
                "approve%00",
                "approve%2F")) {
            for (String below : List.of(PROMOTION, REST)) {
                String id = STAGE.value("waiting");
                long before = size();
                Answer answer = approver.post(
                        below + id + "/" + form, List.of("planDigest=" + STAGE.value("digest"), "comment=fine"));
                boolean approved = approvers(id).contains(Role.APPROVER.user());
                String said = below + form + " was answered " + answer.statusCode();
                assertEquals(said, approved, size() > before);
                if (approved) {
                    assertTrue(said, answer.statusCode() < 400);
                    STAGE.spent();
                }
                String again = STAGE.value("waiting");
                long then = size();
                int unauthorized = Browser.anonymous(j)
                        .post(below + again + "/" + form, List.of("planDigest=" + STAGE.value("digest")))
                        .statusCode();
                assertTrue(said, unauthorized >= 400);
                assertEquals(said, then, size());
            }
        }
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"14 page", "14 rest"})
    public void class14_aRevokedPermissionCountsAtOnceInAnOpenSession() throws Exception {
        var before = (GlobalMatrixAuthorizationStrategy) Jenkins.get().getAuthorizationStrategy();
        var less = new GlobalMatrixAuthorizationStrategy();
        before.getGrantedPermissionEntries()
                .forEach((permission, entries) -> entries.forEach(entry -> {
                    if (!permission.equals(PromotionPermissions.APPROVE)) {
                        less.add(permission, entry);
                    }
                }));
        String id = STAGE.value("waiting");
        List<String> form = List.of("planDigest=" + STAGE.value("digest"));
        Jenkins.get().setAuthorizationStrategy(less);
        try {
            assertEquals(403, approver.post(REST + id + "/approve", form).statusCode());
            assertEquals(403, approver.post(PROMOTION + id + "/approve", form).statusCode());
            assertEquals(Set.of(), approvers(id));
        } finally {
            Jenkins.get().setAuthorizationStrategy(before);
        }
        assertEquals(200, approver.post(REST + id + "/approve", form).statusCode());
        STAGE.spent();
    }

    @Test
    public void honesty_anAdministratorDecidesNothing() throws Exception {
        String id = STAGE.value("waiting");
        List<String> form =
                List.of("planDigest=" + STAGE.value("digest"), "reason=x", "ticket=y", "comment=x", "finding=x");
        for (String what : List.of("approve", "override", "reject", "withdraw", "review")) {
            assertEquals(
                    what, 409, administrator.post(REST + id + "/" + what, form).statusCode());
        }
        assertEquals(Set.of(), approvers(id));
        assertEquals(State.WAITING, promotion(id).state());
    }

    /** Global roles of role-strategy say the same as a matrix does. */
    @Test
    public void roleStrategyGivesWhatItsRolesSay() throws Exception {
        var before = Jenkins.get().getAuthorizationStrategy();
        var roles = new TreeMap<
                com.michelin.cio.hudson.plugins.rolestrategy.Role,
                Set<com.michelin.cio.hudson.plugins.rolestrategy.PermissionEntry>>();
        role(roles, "everybody", Jenkins.READ, Role.READER, Role.APPROVER, Role.AUDITOR, Role.STRANGER);
        role(roles, "seeing", PromotionPermissions.VIEW, Role.READER, Role.APPROVER);
        role(roles, "deciding", PromotionPermissions.APPROVE, Role.APPROVER);
        role(roles, "auditing", PromotionPermissions.AUDIT, Role.AUDITOR);
        var strategy =
                new RoleBasedAuthorizationStrategy(Map.of(RoleBasedAuthorizationStrategy.GLOBAL, new RoleMap(roles)));
        String id = STAGE.value("waiting");
        List<String> form = List.of("planDigest=" + STAGE.value("digest"));
        Jenkins.get().setAuthorizationStrategy(strategy);
        try {
            Browser reader = Browser.of(j, Role.READER.user());
            assertEquals(200, reader.get(REST + id + "/").statusCode());
            assertEquals(403, reader.post(REST + id + "/approve", form).statusCode());
            Browser auditor = Browser.of(j, Role.AUDITOR.user());
            assertEquals(200, auditor.get("promotion-releases/api/audit").statusCode());
            assertEquals(403, auditor.get(REST + id + "/").statusCode());
            assertNotEquals(
                    200,
                    Browser.of(j, Role.STRANGER.user()).get(REST + id + "/").statusCode());
            assertEquals(200, approver.post(REST + id + "/approve", form).statusCode());
            assertEquals(Set.of(Role.APPROVER.user()), approvers(id));
        } finally {
            Jenkins.get().setAuthorizationStrategy(before);
        }
        STAGE.spent();
    }

    private static void role(
            Map<
                            com.michelin.cio.hudson.plugins.rolestrategy.Role,
                            Set<com.michelin.cio.hudson.plugins.rolestrategy.PermissionEntry>>
                    roles,
            String name,
            Permission permission,
            Role... who) {
        var entries = Stream.of(who)
                .map(one -> new com.michelin.cio.hudson.plugins.rolestrategy.PermissionEntry(
                        AuthorizationType.USER, one.user()))
                .collect(Collectors.toSet());
        roles.put(
                new com.michelin.cio.hudson.plugins.rolestrategy.Role(
                        name, Pattern.compile(".*"), Set.of(permission), ""),
                entries);
    }
}
