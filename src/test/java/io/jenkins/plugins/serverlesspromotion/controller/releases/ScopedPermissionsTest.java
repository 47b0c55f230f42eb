package io.jenkins.plugins.serverlesspromotion.controller.releases;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.hudson.plugins.folder.properties.AuthorizationMatrixProperty;
import com.michelin.cio.hudson.plugins.rolestrategy.AuthorizationType;
import com.michelin.cio.hudson.plugins.rolestrategy.RoleBasedAuthorizationStrategy;
import com.michelin.cio.hudson.plugins.rolestrategy.RoleMap;
import hudson.cli.CLICommandInvoker;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.Permission;
import hudson.security.ProjectMatrixAuthorizationStrategy;
import hudson.slaves.DumbSlave;
import hudson.slaves.JNLPLauncher;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.Logins;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.htmlunit.Page;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.matrixauth.AuthorizationMatrixNodeProperty;
import org.jenkinsci.plugins.matrixauth.PermissionEntry;
import org.jenkinsci.plugins.matrixauth.inheritance.InheritGlobalStrategy;
import org.jenkinsci.plugins.matrixauth.inheritance.InheritParentStrategy;
import org.jenkinsci.plugins.matrixauth.inheritance.InheritanceStrategy;
import org.jenkinsci.plugins.matrixauth.inheritance.NonInheritingStrategy;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * Permissions that are held on folders, jobs and agents only, through the two strategies that give them: they count for
 * the services whose releases these jobs may publish, and only those that may be held there.
 *
 * <p>{@code shop/orders} publishes {@link #ORDERS}, {@code shop/billing} {@link #BILLING}, and any job directly in
 * {@code shop/many} {@link #MANY}; promotions of each to prod wait.
 */
public class ScopedPermissionsTest {
    private static final String ORDERS = Desk.service(1);
    private static final String BILLING = Desk.service(2);
    private static final String MANY = Desk.service(3);

    // Exit codes of jenkins-cli.
    private static final int DONE = 0;
    private static final int UNKNOWN = 3;
    private static final int DENIED = 6;

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    private static final Desk DESK = new Desk();
    private static final Map<String, String> WAITING = new LinkedHashMap<>();
    private static Folder shop;
    private static Folder orders;
    private static Folder billing;
    private static Folder many;

    private final Surfaces surfaces = new Surfaces(j);

    static {
        j.timeout = 900; // seconds for all of them together, also where everything is slow
    }

    @BeforeClass
    public static void open() throws Exception {
        DESK.open(j);
        ((JenkinsRule.DummySecurityRealm) j.jenkins.getSecurityRealm()).addGroups("gus", "team-orders");
        shop = j.createProject(Folder.class, "shop");
        orders = shop.createProject(Folder.class, "orders");
        billing = shop.createProject(Folder.class, "billing");
        many = shop.createProject(Folder.class, "many");
        orders.createProject(FreeStyleProject.class, "main");
        billing.createProject(FreeStyleProject.class, "main");
        many.createProject(FreeStyleProject.class, "one");
        many.createProject(Folder.class, "deeper").createProject(FreeStyleProject.class, "one");
        j.jenkins.addNode(new DumbSlave("agent", "/nowhere", new JNLPLauncher(false)));
        DESK.goOn();
        Desk.promotions().apply(policy(), "user:ops");
        for (String service : List.of(ORDERS, BILLING, MANY)) {
            WAITING.put(service, DESK.waiting(service, "1.0.0"));
        }
    }

    @AfterClass
    public static void close() {
        SESSIONS.clear();
        TOKENS.clear();
        DESK.close();
    }

    private static Policy policy() {
        Policy plain = Desk.policy(1);
        var services = new LinkedHashMap<String, Policy.Service>();
        Map.of(ORDERS, "shop/orders/main", BILLING, "shop/billing/main", MANY, "shop/many/*")
                .forEach((name, job) -> {
                    Policy.Service known = plain.services().get(name);
                    services.put(
                            name,
                            new Policy.Service(
                                    name,
                                    known.owners(),
                                    List.of(
                                            new Policy.Grant(job, Set.of("publish", "request:dev")),
                                            // May do much, but publishes nothing, so it says nothing about who may.
                                            new Policy.Grant("shop/many/deeper/one", Set.of("request:prod"))),
                                    known.placements()));
                });
        return new Policy(plain.stores(), plain.accounts(), plain.roles(), plain.environments(), services);
    }

    @After
    public void nothingWasLetIn() throws Exception {
        for (String id : WAITING.values()) {
            assertEquals(id, "WAITING", Desk.promotion(id).state().name());
            assertEquals(id, List.of(), Desk.promotion(id).standing());
        }
        folders(Map.of());
    }

    // --- the two strategies, saying the same ---

    private static final Permission[] OVERALL = {
        PromotionPermissions.APPROVE,
        PromotionPermissions.OVERRIDE,
        PromotionPermissions.AUDIT,
        PromotionPermissions.CONFIGURE
    };

    /** Replaces what all folders say. */
    private static void folders(Map<Folder, AuthorizationMatrixProperty> properties) throws Exception {
        for (Folder folder : List.of(shop, orders, billing, many)) {
            folder.getProperties().remove(AuthorizationMatrixProperty.class);
            if (properties.containsKey(folder)) {
                folder.addProperty(properties.get(folder));
            }
            folder.save();
        }
    }

    private static AuthorizationMatrixProperty matrix(InheritanceStrategy inheritance) {
        var property = new AuthorizationMatrixProperty(Map.of());
        property.setInheritanceStrategy(inheritance);
        return property;
    }

    private static AuthorizationMatrixProperty matrix() {
        return matrix(new InheritParentStrategy());
    }

    private static AuthorizationMatrixProperty with(
            AuthorizationMatrixProperty property, PermissionEntry who, Permission... what) {
        for (Permission permission : what) {
            property.add(permission, who);
        }
        return property;
    }

    private static ProjectMatrixAuthorizationStrategy everybodyReads() {
        var strategy = new ProjectMatrixAuthorizationStrategy();
        strategy.add(Jenkins.READ, PermissionEntry.group("authenticated"));
        strategy.add(Jenkins.ADMINISTER, PermissionEntry.user("adam"));
        return strategy;
    }

    private static void useMatrix() throws Exception {
        var strategy = everybodyReads();
        strategy.add(PromotionPermissions.APPROVE, PermissionEntry.user("dave"));
        j.jenkins.setAuthorizationStrategy(strategy);
        // Both strategies let nobody read an item who may not read all folders above.
        var onShop = matrix();
        for (PermissionEntry who : List.of(
                PermissionEntry.user("fay"),
                PermissionEntry.user("pam"),
                PermissionEntry.group("team-orders"),
                PermissionEntry.user("alice"))) {
            onShop.add(Item.READ, who);
        }
        var onOrders = matrix();
        with(onOrders, PermissionEntry.user("vic"), PromotionPermissions.VIEW);
        with(onOrders, PermissionEntry.user("pam"), PromotionPermissions.PROMOTE);
        with(onOrders, PermissionEntry.group("team-orders"), PromotionPermissions.PROMOTE);
        with(onOrders, PermissionEntry.user("alice"), OVERALL);
        with(onOrders, PermissionEntry.user("dave"), PromotionPermissions.VIEW);
        var onMany = matrix(new NonInheritingStrategy());
        with(onMany, PermissionEntry.user("mia"), PromotionPermissions.VIEW);
        folders(Map.of(shop, onShop, orders, onOrders, billing, matrix(new NonInheritingStrategy()), many, onMany));
        DESK.goOn();
        var onAgent = new AuthorizationMatrixNodeProperty(Map.of());
        for (Permission permission : List.of(
                PromotionPermissions.VIEW, PromotionPermissions.PROMOTE, PromotionPermissions.APPROVE, Item.READ)) {
            onAgent.add(permission, PermissionEntry.user("sam"));
        }
        j.jenkins.getNode("agent").getNodeProperties().replace(onAgent);
    }

    private static void role(RoleMap map, String name, String pattern, Set<Permission> what, String... users) {
        var role = new com.michelin.cio.hudson.plugins.rolestrategy.Role(name, Pattern.compile(pattern), what, "");
        map.addRole(role);
        for (String user : users) {
            var type = user.equals("authenticated") || user.startsWith("team-")
                    ? AuthorizationType.GROUP
                    : AuthorizationType.USER;
            map.assignRole(role, new com.michelin.cio.hudson.plugins.rolestrategy.PermissionEntry(type, user));
        }
    }

    private static RoleBasedAuthorizationStrategy useRoles() throws Exception {
        var global = new RoleMap(new TreeMap<>());
        role(global, "everybody", ".*", Set.of(Jenkins.READ), "authenticated");
        role(global, "admin", ".*", Set.of(Jenkins.ADMINISTER), "adam");
        role(global, "approver", ".*", Set.of(PromotionPermissions.APPROVE), "dave");
        var items = new RoleMap(new TreeMap<>());
        // Both strategies let nobody read an item who may not read all folders above.
        role(items, "shop-reader", "shop|shop/orders", Set.of(Item.READ), "fay", "pam", "team-orders", "alice");
        role(items, "orders-reader", "shop/orders/.*", Set.of(Item.READ), "fay");
        role(items, "orders-viewer", "shop/orders/.*", Set.of(PromotionPermissions.VIEW), "vic", "dave");
        role(
                items,
                "orders-asker",
                "shop/orders/.*",
                Set.of(Item.READ, PromotionPermissions.PROMOTE),
                "pam",
                "team-orders");
        var all = new java.util.HashSet<>(Set.of(OVERALL));
        all.add(Item.READ);
        role(items, "orders-all", "shop/orders/.*", all, "alice");
        role(items, "many-viewer", "shop/many/[a-z]+", Set.of(PromotionPermissions.VIEW), "mia");
        // Patterns that fit the service's name, a folder above, or part of a job's name are about no publishing job.
        role(
                items,
                "beside",
                ORDERS + "|shop|shop/orders|orders/main|shop/orders/mai",
                Set.of(Item.READ, PromotionPermissions.VIEW, PromotionPermissions.PROMOTE),
                "ned");
        var agents = new RoleMap(new TreeMap<>());
        role(
                agents,
                "agents",
                ".*",
                Set.of(
                        Item.READ,
                        PromotionPermissions.VIEW,
                        PromotionPermissions.PROMOTE,
                        PromotionPermissions.APPROVE),
                "sam");
        var strategy = new RoleBasedAuthorizationStrategy(Map.of(
                RoleBasedAuthorizationStrategy.GLOBAL,
                global,
                RoleBasedAuthorizationStrategy.PROJECT,
                items,
                RoleBasedAuthorizationStrategy.SLAVE,
                agents));
        j.jenkins.setAuthorizationStrategy(strategy);
        DESK.goOn();
        return strategy;
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"18 page", "18 rest", "18 command"})
    public void theMatrixOfAFolderCountsForTheServicesThatItsJobsPublish() throws Exception {
        useMatrix();
        everybodySeesAndDoesWhatIsTheirs();
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"18 page", "18 rest", "18 command"})
    public void itemRolesCountForTheServicesThatTheirJobsPublish() throws Exception {
        useRoles();
        everybodySeesAndDoesWhatIsTheirs();
        sees("ned");
    }

    private void everybodySeesAndDoesWhatIsTheirs() throws Exception {
        sees("fay", ORDERS);
        sees("vic", ORDERS);
        sees("pam", ORDERS);
        sees("gus", ORDERS);
        sees("alice", ORDERS);
        sees("dave", ORDERS);
        sees("mia", MANY);
        sees("sam");
        sees("nina");
        sees("adam", ORDERS, BILLING, MANY);

        asks("pam", ORDERS);
        asks("gus", ORDERS);
        doesNotAsk("pam", BILLING);
        doesNotAsk("gus", MANY);
        nothingForEverything("pam");
        for (String user : List.of("fay", "alice", "sam")) {
            doesNotAsk(user, ORDERS);
        }
        HtmlPage page = look("pam", PagePaths.promotion(WAITING.get(ORDERS)));
        assertFalse("she may", page.getElementById("sp-abort").hasAttribute("disabled"));
        assertTrue(
                "he may not",
                look("vic", PagePaths.promotion(WAITING.get(ORDERS)))
                        .getElementById("sp-abort")
                        .hasAttribute("disabled"));

        // A release manager to whom everything was given, on a folder: that is no permission to decide.
        doesNotDecide("alice", ORDERS);
        assertEquals(403, get("alice", "audit").status());
        assertEquals(403, get("alice", "changes").status());
        doesNotDecide("pam", ORDERS);
        // One who may approve everywhere decides about what he sees.
        decides("dave", ORDERS);
        doesNotDecide("dave", BILLING);
    }

    // --- inheritance ---

    @Test
    public void whatAFolderInheritsIsWhatItsMatrixSays() throws Exception {
        var strategy = everybodyReads();
        strategy.add(Item.READ, PermissionEntry.user("hal"));
        j.jenkins.setAuthorizationStrategy(strategy);
        var onShop = with(matrix(), PermissionEntry.user("iris"), PromotionPermissions.VIEW);

        folders(Map.of(shop, onShop));
        sees("iris", ORDERS, BILLING, MANY);
        sees("hal", ORDERS, BILLING, MANY);

        folders(Map.of(shop, onShop, billing, matrix(new NonInheritingStrategy())));
        sees("iris", ORDERS, MANY);
        sees("hal", ORDERS, MANY);

        folders(Map.of(shop, onShop, billing, matrix(new InheritGlobalStrategy())));
        sees("iris", ORDERS, MANY);
        sees("hal", ORDERS, BILLING, MANY);

        var onJob = new hudson.security.AuthorizationMatrixProperty(
                Map.of(PromotionPermissions.VIEW, Set.of(PermissionEntry.user("joe"))), new NonInheritingStrategy());
        FreeStyleProject job = (FreeStyleProject) orders.getItem("main");
        job.addProperty(onJob);
        try {
            sees("joe", ORDERS);
            sees("iris", MANY);
        } finally {
            job.removeProperty(onJob);
        }
        strategy.add(PromotionPermissions.VIEW, PermissionEntry.user("hal"));
        folders(Map.of(shop, onShop, billing, matrix(new NonInheritingStrategy())));
        sees("hal", ORDERS, BILLING, MANY); // View on Jenkins is about releases, whatever a folder says about its jobs
    }

    // --- what is taken away ---

    @Test
    @Shows(table = Shows.HOLES, cell = "14 page")
    public void whatAFolderNoLongerGivesIsGoneInAnOpenSession() throws Exception {
        useMatrix();
        takenAway(() -> folders(Map.of(
                shop,
                with(matrix(), PermissionEntry.user("pam"), Item.READ),
                billing,
                matrix(new NonInheritingStrategy()),
                many,
                matrix(new NonInheritingStrategy()))));
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "14 page")
    public void anItemRoleThatIsTakenAwayIsGoneInAnOpenSession() throws Exception {
        RoleBasedAuthorizationStrategy strategy = useRoles();
        role(
                strategy.getRoleMap(com.synopsys.arc.jenkins.plugins.rolestrategy.RoleType.Project),
                "orders-pam",
                "shop/orders/.*",
                Set.of(Item.READ),
                "pam");
        takenAway(() -> {
            try (ACLContext as = ACL.as(User.getById("adam", true))) {
                strategy.doUnassignUserRole(RoleBasedAuthorizationStrategy.PROJECT, "orders-asker", "pam");
                strategy.doUnassignUserRole(RoleBasedAuthorizationStrategy.PROJECT, "orders-viewer", "dave");
            }
        });
    }

    private interface Taking {
        void now() throws Exception;
    }

    /** pam may ask and dave may see, until that is taken away; both are logged in all the time. */
    private void takenAway(Taking taking) throws Exception {
        String id = WAITING.get(ORDERS);
        JenkinsRule.WebClient pam = session("pam");
        JenkinsRule.WebClient dave = session("dave");
        HtmlPage page = pam.goTo(PagePaths.promotion(id));
        assertFalse(page.getElementById("sp-abort").hasAttribute("disabled"));
        assertEquals(200, statusOf(dave, PagePaths.promotion(id)));
        assertEquals(200, get("pam", "promotion/" + id + "/").status());
        long refused = refusals();

        taking.now();

        page = pam.goTo(PagePaths.promotion(id));
        assertTrue("still reads", page.getElementById("sp-abort").hasAttribute("disabled"));
        assertEquals(403, statusOf(pam, surfaces.request(PagePaths.promotion(id) + "abort", "comment", "x")));
        assertEquals(403, statusOf(pam, surfaces.request(Surfaces.API + "promotion/" + id + "/abort", "reason", "x")));
        assertEquals(
                "a token that was made before",
                403,
                post("pam", "promotion/" + id + "/abort", "reason", "x").status());
        assertEquals(DENIED, cli("pam", "promotion-abort", id).returnCode());
        assertEquals("each was written down", refused + 4, refusals());
        assertTrue("approves, but sees nothing any more", statusOf(dave, PagePaths.promotion(id)) >= 403);
        doesNotDecide("dave", ORDERS);
        sees("dave");
        sees("pam", ORDERS);
        doesNotAsk("pam", ORDERS);
    }

    private static long refusals() throws Exception {
        return Desk.store().records(r -> r.entry() instanceof Entry.Refused).size();
    }

    private static int statusOf(JenkinsRule.WebClient client, String path) throws Exception {
        return client.goTo(path, null).getWebResponse().getStatusCode();
    }

    private static int statusOf(JenkinsRule.WebClient client, org.htmlunit.WebRequest request) throws Exception {
        return client.getPage(client.addCrumb(request)).getWebResponse().getStatusCode();
    }

    // --- nothing of what others have ---

    @Test
    public void aPauseOfAnotherTeamsServiceIsNotTold() throws Exception {
        useMatrix();
        Desk.promotions().pause(Pause.service(BILLING), "user:olga", "the ledger is wrong");
        Desk.promotions().pause(Pause.environment("prod"), "user:olga", "the network is slow");
        try {
            for (String all : List.of(
                    look("fay", "promotion-releases/").asNormalizedText(),
                    get("fay", "status").document().toString(),
                    cli("fay", "promotion-status").stdout())) {
                assertTrue(all, all.contains("the network is slow"));
                assertFalse(all, all.contains("the ledger is wrong"));
                assertFalse(all, all.contains(BILLING));
            }
            for (String all : List.of(
                    look("adam", "promotion-releases/").asNormalizedText(),
                    get("adam", "status").document().toString(),
                    cli("adam", "promotion-status").stdout())) {
                assertTrue(all, all.contains("the ledger is wrong"));
            }
            String one = cli("adam", "promotion-status", ORDERS).stdout();
            assertFalse(one, one.contains("the ledger is wrong"));
        } finally {
            Desk.promotions().resume(Pause.service(BILLING), "user:olga", "mended");
            Desk.promotions().resume(Pause.environment("prod"), "user:olga", "mended");
        }
    }

    // --- on every surface ---

    /** Logging in takes longer than anything that is done here. */
    private static final Map<String, JenkinsRule.WebClient> SESSIONS = new TreeMap<>();

    private static final Map<String, JenkinsRule.WebClient> TOKENS = new TreeMap<>();

    private static JenkinsRule.WebClient client() {
        JenkinsRule.WebClient client =
                j.createWebClient().withThrowExceptionOnFailingStatusCode(false).withJavaScriptEnabled(false);
        client.getOptions().setPrintContentOnFailingStatusCode(false);
        return client;
    }

    private static JenkinsRule.WebClient session(String user) throws Exception {
        if (!SESSIONS.containsKey(user)) {
            SESSIONS.put(user, Logins.login(client(), user));
        }
        return SESSIONS.get(user);
    }

    private static JenkinsRule.WebClient token(String user) throws Exception {
        if (!TOKENS.containsKey(user)) {
            TOKENS.put(user, client().withBasicApiToken(user));
        }
        return TOKENS.get(user);
    }

    private static HtmlPage look(String user, String path) throws Exception {
        return session(user).goTo(path);
    }

    private Page press(String user, String path, String... fields) throws Exception {
        return session(user).getPage(session(user).addCrumb(surfaces.request(path, fields)));
    }

    private static Surfaces.Reply get(String user, String path) throws Exception {
        return Surfaces.Reply.of(token(user).getPage(new java.net.URL(j.getURL(), Surfaces.API + path)));
    }

    private Surfaces.Reply post(String user, String path, String... fields) throws Exception {
        return Surfaces.Reply.of(token(user).getPage(surfaces.request(Surfaces.API + path, fields)));
    }

    private CLICommandInvoker.Result cli(String user, String command, String... args) {
        return surfaces.cli(user, command, args);
    }

    private void sees(String user, String... services) throws Exception {
        var expected = new TreeSet<>(List.of(services));
        HtmlPage board = look(user, "promotion-releases/");
        boolean any = !expected.isEmpty();
        assertEquals(user, any ? 200 : 403, board.getWebResponse().getStatusCode());
        var rows = new TreeSet<String>();
        for (Object row : board.getByXPath("//tr[@data-sp-service]")) {
            rows.add(((DomElement) row).getAttribute("data-sp-service"));
        }
        assertEquals("page, " + user, expected, rows);

        Surfaces.Reply status = get(user, "status");
        assertEquals(user, any ? 200 : 403, status.status());
        var told = new TreeSet<String>();
        if (any) {
            status.document()
                    .getJSONArray("services")
                    .forEach(s -> told.add(((net.sf.json.JSONObject) s).getString("service")));
        }
        assertEquals("REST, " + user, expected, told);

        CLICommandInvoker.Result lines = cli(user, "promotion-status");
        assertEquals(user + ": " + lines.stderr(), any ? DONE : DENIED, lines.returnCode());
        var printed = new TreeSet<String>();
        Matcher service = Pattern.compile("(?m)^(svc-[0-9]+) ").matcher(lines.stdout());
        while (service.find()) {
            printed.add(service.group(1));
        }
        assertEquals("command, " + user, expected, printed);

        for (Map.Entry<String, String> one : WAITING.entrySet()) {
            boolean seen = expected.contains(one.getKey());
            String what = user + ", " + one.getValue();
            int no = any ? 404 : 403;
            assertEquals(
                    what,
                    seen ? 200 : no,
                    look(user, PagePaths.promotion(one.getValue()))
                            .getWebResponse()
                            .getStatusCode());
            assertEquals(
                    what,
                    seen ? 200 : no,
                    get(user, "promotion/" + one.getValue() + "/").status());
            int refused = any ? UNKNOWN : DENIED;
            assertEquals(
                    what,
                    seen ? DONE : refused,
                    cli(user, "promotion-show", one.getValue()).returnCode());
        }
    }

    private static boolean asked(String user, String service) {
        return Desk.promotion(WAITING.get(service)).requests().stream().anyMatch(r -> r.by().equals("user:" + user));
    }

    private void asks(String user, String service) throws Exception {
        assertEquals(
                200,
                post(user, "promote", "release", service + "@1.0.0", "environment", "prod")
                        .status());
        assertTrue(user + " joined", asked(user, service));
        Page pressed = press(
                user, "promotion-releases/service/" + service + "/promote", "version", "1.0.0", "environment", "prod");
        assertEquals(200, pressed.getWebResponse().getStatusCode());
        CLICommandInvoker.Result command = cli(user, "promotion-promote", service + "@1.0.0", "--to", "prod");
        assertEquals(command.stderr(), DONE, command.returnCode());
    }

    private void doesNotAsk(String user, String service) throws Exception {
        String id = WAITING.get(service);
        boolean before = asked(user, service);
        int requests = Desk.promotion(id).requests().size();
        for (String[] post : new String[][] {
            {"promote", "release", service + "@1.0.0", "environment", "prod"},
            {"rollback", "service", service, "environment", "dev", "reason", "x"},
            {"drift-check", "service", service, "environment", "dev"},
            {"recovery-check", "service", service, "environment", "dev"},
            {"evidence", "release", service + "@1.0.0", "envelope", "{}"},
            {"promotion/" + id + "/abort", "reason", "x"},
            {"promotion/" + id + "/replan"}
        }) {
            assertEquals(
                    user + ", " + post[0],
                    403,
                    post(user, post[0], Stream.of(post).skip(1).toArray(String[]::new))
                            .status());
        }
        for (String[] button : new String[][] {
            {"promotion-releases/service/" + service + "/promote", "version", "1.0.0", "environment", "prod"},
            {"promotion-releases/service/" + service + "/rollback", "environment", "dev", "reason", "x"},
            {PagePaths.promotion(id) + "abort", "comment", "x"},
            {PagePaths.promotion(id) + "replan"}
        }) {
            int status = press(user, button[0], Stream.of(button).skip(1).toArray(String[]::new))
                    .getWebResponse()
                    .getStatusCode();
            assertTrue(user + ", " + button[0] + ": " + status, status == 403 || status == 404);
        }
        for (List<String> command : List.of(
                List.of("promotion-promote", service + "@1.0.0", "--to", "prod"),
                List.of("promotion-rollback", service, "--in", "dev", "--reason", "x"),
                List.of("promotion-abort", id),
                List.of("promotion-replan", id))) {
            CLICommandInvoker.Result said =
                    cli(user, command.get(0), command.subList(1, command.size()).toArray(new String[0]));
            assertEquals(user + ", " + command + ": " + said.stderr(), DENIED, said.returnCode());
        }
        assertEquals("nobody joined", before, asked(user, service));
        assertEquals(requests, Desk.promotion(id).requests().size());
    }

    /** What concerns more than the service needs the permission on Jenkins. */
    private void nothingForEverything(String user) throws Exception {
        for (String scope : List.of(Pause.EVERYTHING, Pause.environment("prod"), Pause.service(ORDERS))) {
            assertEquals(403, post(user, "pause", "scope", scope, "reason", "x").status());
        }
        assertEquals(
                403,
                post(user, "release-hold", "service", ORDERS, "environment", "dev", "reason", "x")
                        .status());
        assertEquals(
                403,
                post(
                                user,
                                "recover",
                                "service",
                                ORDERS,
                                "environment",
                                "dev",
                                "stack",
                                "orders-dev",
                                "choice",
                                "delete",
                                "reason",
                                "x")
                        .status());
        assertEquals(List.of(), Desk.store().pauses());
    }

    private static Set<String> approvers(String service) {
        return Desk.promotion(WAITING.get(service)).standing().stream()
                .map(a -> a.person().id())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void decides(String user, String service) throws Exception {
        String id = WAITING.get(service);
        String digest = Desk.planDigest(id);
        assertEquals(
                200,
                post(user, "promotion/" + id + "/approve", "planDigest", digest).status());
        takeBack(user, service);
        assertEquals(
                200,
                press(user, PagePaths.promotion(id) + "approve", "planDigest", digest)
                        .getWebResponse()
                        .getStatusCode());
        takeBack(user, service);
        CLICommandInvoker.Result command = cli(user, "promotion-approve", id, "--plan", digest);
        assertEquals(command.stderr(), DONE, command.returnCode());
        takeBack(user, service);
    }

    private static void takeBack(String user, String service) throws Exception {
        assertEquals(Set.of(user), approvers(service));
        Desk.promotions().withdrawApproval(WAITING.get(service), new Person(user, Set.of(), "login"), "once more");
    }

    private void doesNotDecide(String user, String service) throws Exception {
        String id = WAITING.get(service);
        String digest = Desk.planDigest(id);
        for (String what : List.of("approve", "reject", "override", "withdraw", "review")) {
            int rest = post(
                            user,
                            "promotion/" + id + "/" + what,
                            "planDigest",
                            digest,
                            "reason",
                            "x",
                            "ticket",
                            "INC-1",
                            "finding",
                            "x")
                    .status();
            assertTrue(user + " " + what + ": " + rest, rest == 403 || rest == 404);
            int page = press(
                            user,
                            PagePaths.promotion(id) + what,
                            "planDigest",
                            digest,
                            "comment",
                            "x",
                            "reason",
                            "x",
                            "ticket",
                            "INC-1",
                            "finding",
                            "x")
                    .getWebResponse()
                    .getStatusCode();
            assertTrue(user + " " + what + ": " + page, page == 403 || page == 404);
        }
        int approve = cli(user, "promotion-approve", id, "--plan", digest).returnCode();
        assertTrue(user + ": " + approve, approve == DENIED || approve == UNKNOWN);
        int reject = cli(user, "promotion-reject", id, "--reason", "x").returnCode();
        assertTrue(user + ": " + reject, reject == DENIED || reject == UNKNOWN);
        assertEquals(Set.of(), approvers(service));
    }
}
