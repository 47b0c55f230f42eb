package io.jenkins.plugins.serverlesspromotion.controller;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import hudson.ExtensionList;
import hudson.model.RestartListener;
import hudson.security.ACL;
import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.MemoryDeployer;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.htmlunit.FailingHttpStatusCodeException;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsSessionRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.springframework.security.core.Authentication;

/** From boot to shutdown, with stores in order and out of it. */
public class LifecycleTest {
    private static final LaneId DEV = new LaneId("orders", "dev");

    @Rule
    public final JenkinsSessionRule sessions = new JenkinsSessionRule();

    private static Promotions promotions() {
        return EngineLifecycle.get().promotions().orElseThrow();
    }

    private static Policy policy() {
        var places = List.of(List.of(new Policy.Place("dev", "eu-west-1")));
        var owners = new Policy.Role(Policy.Role.SERVICE_OWNER, Set.of(), Set.of());
        return new Policy(
                Map.of("main", new Policy.Store("main", "acme-releases", "eu-west-1", "dev")),
                Map.of("dev", new Policy.Account("dev", "111111111111", null, null, null, null, null, null, "b")),
                Map.of(),
                Map.of("dev", new Policy.Environment("dev", null, List.of(), null)),
                Map.of(
                        "orders",
                        new Policy.Service(
                                "orders",
                                owners,
                                List.of(),
                                Map.of("dev", new Policy.Placement(places, Duration.ZERO)))));
    }

    /** @return id of the promotion of that version to dev */
    private static String ask(String version) throws Exception {
        promotions().apply(policy(), "user:ops");
        var api = new Manifest.CloudFormation(
                "api", List.of(), List.of(), "api.yaml", "orders", List.of(), Map.of(), Map.of());
        var release = new Release(
                "orders",
                version,
                new Manifest("orders", Map.of(), List.of(api), List.of(), List.of()),
                List.of(new Artifact("api.yaml", "0".repeat(64), 10)));
        var published = promotions().publish(release, Provenance.publishedBy("user:bob"), "main", Map.of(), "user:bob");
        return promotions()
                .request(
                        DEV,
                        published.ref(),
                        new PromotionDecisions.Request("user:bob", Set.of("bob"), Instant.now(), null, null, null));
    }

    private static Promotion until(String id, State state) throws InterruptedException {
        Promotion then = promotions().await(id, p -> p.state() == state, Patience.LIMIT);
        assertEquals(then.why(), state, then.state());
        return then;
    }

    @Test
    public void workIsDoneOnceJenkinsIsUpAndAsSystem() throws Throwable {
        var seen = new AtomicReference<Authentication>();
        sessions.then(j -> {
            assertTrue(EngineLifecycle.get().trouble().isEmpty());
            TestAccounts.install(new Watching(new MemoryDeployer(), seen));
            until(ask("1.0.0"), State.SUCCEEDED);
            assertEquals(ACL.SYSTEM2, seen.get());
        });
        sessions.then(j -> assertEquals(
                "1.0.0",
                EngineLifecycle.get()
                        .store()
                        .orElseThrow()
                        .lane(DEV)
                        .live()
                        .release()
                        .version()));
    }

    @Test
    public void nothingIsStartedWhileJenkinsIsQuietingDown() throws Throwable {
        sessions.then(j -> {
            var accounts = new MemoryDeployer();
            TestAccounts.install(accounts);
            until(ask("1.0.0"), State.SUCCEEDED);
            j.jenkins.doQuietDown();
            String second = ask("2.0.0");
            assertEquals(0, promotions().busy());
            assertEquals(
                    State.PLANNING,
                    EngineLifecycle.get()
                            .store()
                            .orElseThrow()
                            .promotion(second)
                            .orElseThrow()
                            .state());
            j.jenkins.doCancelQuietDown();
            until(second, State.SUCCEEDED);
        });
    }

    @Test
    public void reloadingTheConfigurationFromDiskLosesNothing() throws Throwable {
        sessions.then(j -> {
            TestAccounts.install(new MemoryDeployer());
            until(ask("1.0.0"), State.SUCCEEDED);
            Promotions before = promotions();
            j.jenkins.reload();
            assertEquals(before, promotions());
            until(ask("2.0.0"), State.SUCCEEDED);
        });
    }

    @Test
    public void aSafeRestartWaitsForTheStepThatIsBeingCarriedOutAndForNothingElse() throws Throwable {
        sessions.then(j -> {
            var accounts = new MemoryDeployer();
            TestAccounts.install(accounts);
            assertTrue(RestartListener.isAllReady());
            accounts.hold();
            String id = ask("1.0.0");
            assertTrue(accounts.awaitHeld());
            assertFalse(
                    "planning changes nothing and is not waited for",
                    EngineLifecycle.get().isDeploying());
            accounts.letOne();
            until(id, State.DEPLOYING);
            assertTrue(accounts.awaitHeld());
            assertFalse(RestartListener.isAllReady());
            j.jenkins.doQuietDown();
            accounts.letOne();
            promotions().await(id, p -> promotions().busy() == 0, Patience.LIMIT);
            assertEquals("verifying waits for the next start", 0, promotions().busy());
            assertTrue(RestartListener.isAllReady());
            j.jenkins.doCancelQuietDown();
            accounts.letGo();
            until(id, State.SUCCEEDED);
        });
    }

    @Test
    public void aStoreThatIsOpenedAgainGoesOnWhereItWas() throws Throwable {
        sessions.then(j -> {
            var accounts = new MemoryDeployer();
            TestAccounts.install(accounts);
            accounts.hold();
            String id = ask("1.0.0");
            assertTrue(accounts.awaitHeld());
            accounts.letOne();
            until(id, State.DEPLOYING);
            assertTrue(accounts.awaitHeld());
            TestAccounts.install(accounts);
            assertTrue(accounts.awaitHeld());
            accounts.letGo();
            until(id, State.SUCCEEDED);
            assertEquals(List.of("deploy dev/eu-west-1/api 1.0.0"), accounts.effects());
        });
    }

    @Test
    public void aDamagedStoreCanBeLookedAtAndOpenedAgainOnceItIsMended() throws Throwable {
        var intact = new AtomicReference<byte[]>();
        sessions.then(j -> {
            promotions().apply(policy(), "user:ops");
            promotions().pause("service orders", "alice", "incident");
            promotions().resume("service orders", "alice", "over");
        });
        Path journal = journal();
        intact.set(Files.readAllBytes(journal));
        String text = new String(intact.get(), StandardCharsets.UTF_8);
        Files.writeString(journal, text.replace("incident", "accident"));
        sessions.then(j -> {
            assertTrue(EngineLifecycle.get().promotions().isEmpty());
            assertEquals(
                    "user:ops",
                    EngineLifecycle.get()
                            .store()
                            .orElseThrow()
                            .policy()
                            .orElseThrow()
                            .by());
            String trouble = EngineLifecycle.get().trouble().orElseThrow();
            assertThat(trouble, containsString(journal.getFileName().toString()));
            assertTrue(ExtensionList.lookupSingleton(StoreMonitor.class).isActivated());
            shownToAdministratorsOnly(j, journal.getFileName().toString());
            Files.write(journal, intact.get());
            reopenByForm(j);
            assertTrue(EngineLifecycle.get().trouble().isEmpty());
            assertFalse(ExtensionList.lookupSingleton(StoreMonitor.class).isActivated());
            promotions().pause("service orders", "alice", "again");
        });
    }

    private Path journal() throws IOException {
        try (Stream<Path> files = Files.walk(sessions.getHome().toPath().resolve("serverless-promotion/journal"))) {
            return files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
        }
    }

    private static void shownToAdministratorsOnly(JenkinsRule j, String part) throws Exception {
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("adam")
                .grant(Jenkins.READ, PromotionPermissions.CONFIGURE, PromotionPermissions.VIEW)
                .everywhere()
                .to("rita"));
        assertThat(Logins.login(j.createWebClient(), "adam").goTo("manage/").asNormalizedText(), containsString(part));
        String url = ExtensionList.lookupSingleton(StoreMonitor.class).getUrl() + "/reopen";
        var rita = Logins.login(j.createWebClient(), "rita");
        var post = new WebRequest(rita.createCrumbedUrl(url), HttpMethod.POST);
        assertEquals(
                403,
                assertThrows(FailingHttpStatusCodeException.class, () -> rita.getPage(post))
                        .getStatusCode());
        var adam = Logins.login(j.createWebClient(), "adam");
        assertEquals(
                405,
                assertThrows(FailingHttpStatusCodeException.class, () -> adam.goTo(url))
                        .getStatusCode());
    }

    private static void reopenByForm(JenkinsRule j) throws Exception {
        j.submit(Logins.login(j.createWebClient(), "adam").goTo("manage/").getFormByName("reopen"));
    }

    @Test
    public void theStoreOfACommandLineIsNeverOpened() throws Throwable {
        Path root = sessions.getHome().toPath().resolve("serverless-promotion");
        String id;
        try (FileStore store = FileStore.open(root, Product.CLI, new JournalCodec())) {
            id = store.id();
            store.append(new Entry.Refused("alice", "nothing", "a test"));
        }
        sessions.then(j -> {
            assertTrue(EngineLifecycle.get().promotions().isEmpty());
            assertTrue(EngineLifecycle.get().store().isEmpty());
            assertThat(EngineLifecycle.get().trouble().orElseThrow(), containsString("the command line"));
        });
        try (FileStore store = FileStore.openReadOnly(root, Product.CLI, new JournalCodec())) {
            assertEquals(id, store.id());
            assertEquals("nothing was added", 2, store.size());
        }
    }

    @Test
    public void aStoreOfANewerFormatIsRefusedAndTheRestOfJenkinsWorks() throws Throwable {
        sessions.then(j -> promotions().apply(policy(), "user:ops"));
        Path format = sessions.getHome().toPath().resolve("serverless-promotion/format");
        Files.writeString(format, "999\n");
        sessions.then(j -> {
            assertTrue(EngineLifecycle.get().promotions().isEmpty());
            assertThat(EngineLifecycle.get().trouble().orElseThrow(), containsString("999"));
            j.buildAndAssertSuccess(j.createFreeStyleProject());
        });
        assertEquals("999\n", Files.readString(format));
    }
}
