package io.jenkins.plugins.serverlesspromotion.controller.notifications;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.sun.net.httpserver.HttpServer;
import hudson.model.User;
import hudson.tasks.Mailer;
import hudson.util.Secret;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.controller.Logins;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.ServerlessPromotionConfiguration;
import io.jenkins.plugins.serverlesspromotion.controller.releases.Desk;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LoggerRule;

/** Mail and webhook with servers that take them, and everything that keeps a webhook from being misused. */
public class NotificationsTest {
    private static final String TEST_MESSAGE =
            "descriptorByName/" + NotificationsConfig.class.getName() + "/testMessage";

    @ClassRule
    public static JenkinsRule j = new JenkinsRule();

    @Rule
    public LoggerRule log = new LoggerRule()
            .recordPackage(NotificationsConfig.class, Level.FINE)
            .capture(500);

    private static final Desk DESK = new Desk();
    private static MailServer mail;
    private static HttpServer chat;
    private static final List<String> SAID = new CopyOnWriteArrayList<>();
    private static volatile int status = 200;
    private static volatile CountDownLatch answer = new CountDownLatch(0);

    static {
        j.timeout = 900; // seconds for all of them together, also where everything is slow
    }

    @BeforeClass
    public static void open() throws Exception {
        DESK.open(j);
        mail = new MailServer();
        Mailer.descriptor().setSmtpHost("127.0.0.1");
        Mailer.descriptor().setSmtpPort(String.valueOf(mail.port()));
        for (String user : List.of("alice", "bob", "carol", "adam")) {
            User.getById(user, true).addProperty(new Mailer.UserProperty(user + "@acme.test"));
        }
        chat = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        chat.setExecutor(Executors.newCachedThreadPool());
        chat.createContext("/", exchange -> {
            var body = new ByteArrayOutputStream();
            exchange.getRequestBody().transferTo(body);
            SAID.add(exchange.getRequestURI() + " " + body.toString(StandardCharsets.UTF_8));
            try {
                answer.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (status == 302) {
                exchange.getResponseHeaders().add("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        chat.start();
        credential("chat", CredentialsScope.SYSTEM, "http://127.0.0.1:" + port() + "/hook/s3cr3t");
        credential("global", CredentialsScope.GLOBAL, "http://127.0.0.1:" + port() + "/hook/s3cr3t");
        credential("other", CredentialsScope.SYSTEM, "http://localhost:" + port() + "/hook/s3cr3t");
        credential("none", CredentialsScope.SYSTEM, "not an address s3cr3t");
    }

    private static int port() {
        return chat.getAddress().getPort();
    }

    private static void credential(String id, CredentialsScope scope, String secret) throws Exception {
        var store = SystemCredentialsProvider.getInstance();
        store.getCredentials().add(new StringCredentialsImpl(scope, id, null, Secret.fromString(secret)));
        store.save();
    }

    @AfterClass
    public static void close() throws Exception {
        answer.countDown();
        chat.stop(0);
        mail.close();
        DESK.close();
    }

    @Before
    public void usual() throws Exception {
        status = 200;
        answer = new CountDownLatch(0);
        SAID.clear();
        mail.mails().clear();
        configure(config("chat"));
    }

    @After
    public void quiet() throws Exception {
        answer.countDown();
        configure(null);
    }

    private static NotificationsConfig config(String credential) {
        var config = new NotificationsConfig();
        config.setCredentialsId(credential);
        config.setAllowedHosts(List.of("127.0.0.1"));
        config.setAllowHttp(true);
        return config;
    }

    private static void configure(NotificationsConfig config) throws Exception {
        ServerlessPromotionConfiguration.get().setNotifications(config);
        ServerlessPromotionConfiguration.get().save();
        DESK.goOn();
    }

    private static void until(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await().atMost(Patience.LIMIT).until(condition);
    }

    @Test
    public void whoCanApproveGetsMailAndTheChatIsTold() throws Exception {
        String service = Desk.service(1);
        String id = DESK.waiting(service, "1.4.2");
        until(() -> !mail.to("alice@acme.test").isEmpty()
                && !mail.to("carol@acme.test").isEmpty()
                && SAID.stream().anyMatch(s -> s.contains(service)));
        String toAlice = mail.to("alice@acme.test").get(0).content();
        var message = new MimeMessage(null, new ByteArrayInputStream(toAlice.getBytes(StandardCharsets.UTF_8)));
        assertEquals("[Jenkins] " + service + " 1.4.2 → prod waits for your approval", message.getSubject());
        assertTrue(toAlice, toAlice.contains(j.getURL() + PagePaths.promotion(id)));
        assertEquals(
                "a message of her own",
                List.of("alice@acme.test"),
                mail.to("alice@acme.test").get(0).to());
        assertEquals("bob asked for it", List.of(), mail.to("bob@acme.test"));
        String said = SAID.stream().filter(s -> s.contains(service)).findFirst().orElseThrow();
        assertTrue(said, said.startsWith("/hook/s3cr3t {\"text\":\"<" + j.getURL() + PagePaths.promotion(id) + "|"));
        assertTrue(said, said.contains("waits for approval"));
        assertTrue(said, said.contains("for alice, carol, dave"));
    }

    @Test
    public void textOfOthersNeitherLinksNorCallsAnybody() {
        String body = new String(
                WebhookChannel.body("a|b", "<!channel> & <https://evil|here>\u0007", null), StandardCharsets.UTF_8);
        assertEquals("{\"text\":\"*a¦b*\\n&lt;!channel&gt; &amp; &lt;https://evil¦here&gt; \"}", body);
    }

    @Test
    public void fixedAddressesAreToldByEnvironmentAndRole() throws Exception {
        var config = config(null);
        var prod = new NotificationAddresses();
        prod.setEnvironment("prod");
        prod.setAddresses(List.of("releases@acme.test", "no address"));
        var managers = new NotificationAddresses();
        managers.setRole("release-managers");
        managers.setAddresses(List.of("managers@acme.test"));
        var oncall = new NotificationAddresses();
        oncall.setRole("on-call");
        oncall.setAddresses(List.of("oncall@acme.test"));
        config.setAddresses(List.of(prod, managers, oncall));
        configure(config);
        DESK.waiting(Desk.service(2), "1.0.0");
        until(() -> !mail.to("releases@acme.test").isEmpty()
                && !mail.to("managers@acme.test").isEmpty());
        assertEquals("not theirs", List.of(), mail.to("oncall@acme.test"));
        assertFalse(SAID.stream().anyMatch(s -> s.contains(Desk.service(2) + " ")));
    }

    @Test
    public void whatIsMutedIsNotTold() throws Exception {
        var config = config("chat");
        config.setMutedServices(List.of(Desk.service(3)));
        configure(config);
        DESK.waiting(Desk.service(3), "1.0.0");
        DESK.waiting(Desk.service(4), "1.0.0");
        until(() -> SAID.stream().anyMatch(s -> s.contains(Desk.service(4))));
        assertFalse(SAID.toString(), SAID.stream().anyMatch(s -> s.contains(Desk.service(3))));
        config.setMutedServices(List.of());
        config.setMutedEnvironments(List.of("prod"));
        assertFalse(config.reports(new io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId("x", "prod")));
        assertTrue(config.reports(new io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId("x", "dev")));
    }

    @Test
    public void aChatThatDoesNotAnswerHoldsNothingUp() throws Exception {
        answer = new CountDownLatch(1);
        String service = Desk.service(5);
        String id = DESK.waiting(service, "1.0.0");
        until(() -> SAID.stream().anyMatch(s -> s.contains(service + " ")));
        DESK.approve(id, "alice");
        DESK.approve(id, "carol");
        DESK.until(id, State.SUCCEEDED);
    }

    private DeliveryException refused(NotificationsConfig config) {
        DeliveryException refused =
                assertThrows(DeliveryException.class, () -> WebhookChannel.send(config, "title", "text", null));
        assertFalse("no secret is said", refused.getMessage().contains("s3cr3t"));
        return refused;
    }

    @Test
    public void onlyAnAllowedAddressIsAsked() {
        var plain = config("chat");
        plain.setAllowHttp(false);
        assertTrue(refused(plain).getMessage().contains("must begin with https"));
        assertTrue(refused(config("global")).getMessage().contains("scope Global"));
        assertTrue(refused(config("other")).getMessage().contains("localhost is not among the allowed hosts"));
        assertTrue(refused(config("none")).getMessage().contains("is no address"));
        assertTrue(refused(config("missing")).getMessage().contains("there is no credential 'missing'"));
        var slackOnly = config("chat");
        slackOnly.setAllowedHosts(List.of());
        assertTrue(refused(slackOnly).getMessage().contains("127.0.0.1 is not among the allowed hosts"));
        assertFalse(SAID.stream().anyMatch(s -> s.contains("*title*")));
    }

    @Test
    public void redirectsAreNotFollowedAndTroubleIsTriedAgain() {
        status = 302;
        DeliveryException redirect = refused(config("chat"));
        assertFalse(redirect.isPassing());
        assertEquals(1, SAID.stream().filter(s -> s.contains("*title*")).count());
        assertFalse(SAID.stream().anyMatch(s -> s.startsWith("/elsewhere")));
        status = 404;
        assertFalse(refused(config("chat")).isPassing());
        for (int busy : new int[] {408, 429, 500, 503}) {
            status = busy;
            assertTrue(refused(config("chat")).isPassing());
        }
    }

    private static Page post(String user, String path) throws Exception {
        JenkinsRule.WebClient client =
                Logins.login(j.createWebClient().withThrowExceptionOnFailingStatusCode(false), user);
        return client.getPage(client.addCrumb(new WebRequest(new URL(j.getURL(), path), HttpMethod.POST)));
    }

    private static long tests() {
        return SAID.stream().filter(s -> s.contains("test message")).count();
    }

    @Test
    public void aTestMessageIsForAdministratorsByPostAndAsSaved() throws Exception {
        assertEquals(403, post("olga", TEST_MESSAGE).getWebResponse().getStatusCode());
        JenkinsRule.WebClient adam =
                Logins.login(j.createWebClient().withThrowExceptionOnFailingStatusCode(false), "adam");
        int byGet =
                adam.getPage(new URL(j.getURL(), TEST_MESSAGE)).getWebResponse().getStatusCode();
        assertTrue("" + byGet, byGet == 404 || byGet == 405);
        assertEquals(0, tests());
        String sent = post("adam", TEST_MESSAGE + "?credentialsId=other")
                .getWebResponse()
                .getContentAsString();
        assertTrue(sent, sent.contains("mail sent to adam@acme.test; the webhook accepted it"));
        assertEquals(1, tests());
        assertEquals(1, mail.to("adam@acme.test").size());
        status = 500;
        String failed = post("adam", TEST_MESSAGE).getWebResponse().getContentAsString();
        assertTrue(failed, failed.contains("answered 500"));
        assertFalse(failed, failed.contains("s3cr3t"));
    }

    @Test
    public void codeExportAndFormKeepAll() throws Exception {
        Path code = Files.createTempFile("casc", ".yaml");
        Files.writeString(code, """
                unclassified:
                  serverlessPromotion:
                    notifications:
                      mail: false
                      credentialsId: chat
                      allowedHosts: [ chat.acme.net ]
                      allowHttp: true
                      mutedEnvironments: [ dev ]
                      mutedServices: [ sandbox ]
                      addresses:
                        - { environment: prod, role: release-managers, addresses: [ a@acme.test, b@acme.test ] }
                """);
        ConfigurationAsCode.get().configure(code.toString());
        Files.delete(code);
        kept();
        var exported = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(exported);
        String text = exported.toString(StandardCharsets.UTF_8);
        assertTrue(text, text.contains("mutedServices:"));
        assertFalse("no secret in it", text.contains("s3cr3t"));
        var client = j.createWebClient();
        j.submit(Logins.login(client, "adam")
                .goTo("promotion-releases/configuration/")
                .getFormByName("config"));
        kept();
        DESK.goOn();
    }

    private static void kept() {
        NotificationsConfig n = ServerlessPromotionConfiguration.get().notificationsInEffect();
        assertFalse(n.isMail());
        assertEquals("chat", n.getCredentialsId());
        assertEquals(List.of("chat.acme.net"), n.getAllowedHosts());
        assertTrue(n.isAllowHttp());
        assertEquals(List.of("dev"), n.getMutedEnvironments());
        assertEquals(List.of("sandbox"), n.getMutedServices());
        assertEquals("prod", n.getAddresses().get(0).getEnvironment());
        assertEquals("release-managers", n.getAddresses().get(0).getRole());
        assertEquals(
                List.of("a@acme.test", "b@acme.test"), n.getAddresses().get(0).getAddresses());
    }

    @Test
    public void nothingInTheLogIsSecret() throws Exception {
        status = 500;
        DESK.waiting(Desk.service(6), "1.0.0");
        until(() -> log.getMessages().stream().anyMatch(m -> m.contains("is tried again")));
        assertFalse(log.getMessages().toString(), log.getMessages().toString().contains("s3cr3t"));
    }
}
