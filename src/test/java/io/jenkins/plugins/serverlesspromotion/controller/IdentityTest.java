package io.jenkins.plugins.serverlesspromotion.controller;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import hudson.model.User;
import hudson.security.ACL;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.ScriptedRealm.LookUps;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.ServerlessPromotionConfiguration;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import jenkins.model.IdStrategy;
import jenkins.model.Jenkins;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.springframework.security.authentication.RememberMeAuthenticationToken;

/** Who somebody is, in every way somebody can come in (section 4 of the design, hole classes 14 and 15). */
public class IdentityTest {
    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    private final ScriptedRealm realm = new ScriptedRealm();

    @Before
    public void everybodyMayDoEverything() {
        use(realm);
    }

    /** Users and their sessions, tokens and remembered groups are those of one test. */
    @After
    public void nobodyIsLeft() throws Exception {
        for (User user : User.getAll()) {
            user.delete();
        }
    }

    private void use(ScriptedRealm other) {
        j.jenkins.setSecurityRealm(other);
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .toEveryone());
    }

    private static Identity configured() {
        return ServerlessPromotionConfiguration.get().identity();
    }

    private Person deciding(JenkinsRule.WebClient wc, IdentityRules rules) throws Exception {
        return wc.executeOnServer(() -> new Identity(rules).deciding());
    }

    private Person deciding(JenkinsRule.WebClient wc) throws Exception {
        return deciding(wc, IdentityRules.DEFAULTS);
    }

    private void refused(String why, JenkinsRule.WebClient wc, IdentityRules rules) {
        var refusal = assertThrows(NotAPersonException.class, () -> deciding(wc, rules));
        assertThat(refusal.getMessage(), containsString(why));
    }

    private void refused(String why, JenkinsRule.WebClient wc) {
        refused(why, wc, IdentityRules.DEFAULTS);
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "15 page")
    public void oneUserIsOnePersonHoweverTheNameIsWritten() throws Exception {
        realm.user("alice", "SRE");
        Person expected = new Person("alice", Set.of("sre"), Identity.LOGIN);
        assertEquals(expected, deciding(Logins.login(j.createWebClient(), "ALICE")));
        assertEquals(expected, deciding(Logins.login(j.createWebClient(), "alice")));
        assertEquals("alice", Identity.canonicalUser("Alice"));
    }

    @Test
    public void twoUsersAreTwoPeopleWhereCaseTells() throws Exception {
        use(new ScriptedRealm(new IdStrategy.CaseSensitive())
                .user("alice", "sre")
                .user("Alice", "SRE"));
        assertEquals(
                new Person("alice", Set.of("sre"), Identity.LOGIN),
                deciding(Logins.login(j.createWebClient(), "alice")));
        assertEquals(
                new Person("Alice", Set.of("SRE"), Identity.LOGIN),
                deciding(Logins.login(j.createWebClient(), "Alice")));
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "15 page")
    public void aGroupNamedLikeTheUserIsNotTheUsersGroupAndEverybodysGroupIsNone() throws Exception {
        realm.user("alice", "Alice", "authenticated", "sre").user("bob", "alice");
        assertEquals(
                Set.of("sre"),
                deciding(Logins.login(j.createWebClient(), "alice")).groups());
        Person bob = deciding(Logins.login(j.createWebClient(), "bob"));
        assertEquals("bob", bob.id());
        assertEquals(Set.of("alice"), bob.groups());
    }

    @Test
    public void groupsAreThoseOfNowWhereTheRealmAnswers() throws Exception {
        realm.user("alice", "sre");
        var wc = Logins.login(j.createWebClient(), "alice");
        assertEquals(Set.of("sre"), deciding(wc).groups());
        realm.user("alice");
        assertEquals(Set.of(), deciding(wc).groups());
        realm.lock("alice");
        refused("disabled", wc);
        realm.remove("alice");
        refused("no user 'alice' any more", wc);
    }

    @Test
    public void anApiTokenDecidesOnlyWhereTheRealmAnswers() throws Exception {
        realm.user("alice", "sre");
        var wc = j.createWebClient().withBasicApiToken(User.getById("alice", true));
        assertEquals(new Person("alice", Set.of("sre"), Identity.TOKEN), deciding(wc));
        realm.lookUps = LookUps.IMPOSSIBLE;
        refused("an API token cannot decide here", wc);
        assertEquals("alice", wc.executeOnServer(() -> configured().asking()).id());
    }

    @Test
    public void aLoginMustBeYoungWhereTheRealmCannotAnswer() throws Exception {
        realm.user("alice", "sre");
        realm.lookUps = LookUps.IMPOSSIBLE;
        var wc = Logins.login(j.createWebClient(), "alice");
        assertEquals(new Person("alice", Set.of("sre"), Identity.LOGIN), deciding(wc));
        refused("log out and log in again", wc, later(Duration.ofHours(8)));
        assertEquals("alice", deciding(wc, later(Duration.ofHours(7))).id());
    }

    private static IdentityRules later(Duration by) {
        return new IdentityRules(
                IdentityRules.DEFAULTS.maxLoginAge(), false, Set.of(), Clock.offset(Clock.systemUTC(), by));
    }

    @Test
    public void aPasswordSentWithTheRequestIsNoInteractiveLogin() throws Exception {
        realm.user("alice", "sre");
        var wc = j.createWebClient().withBasicCredentials("alice", "alice");
        assertEquals("alice", deciding(wc).id());
        realm.lookUps = LookUps.IMPOSSIBLE;
        refused("not an interactive login", wc);
    }

    @Test
    public void aRealmThatAnswersFromMemoryIsTakenAsOneThatCannot() throws Exception {
        realm.user("alice", "sre");
        var rules = new IdentityRules(Duration.ofHours(8), true, Set.of(), Clock.systemUTC());
        refused(
                "an API token cannot decide",
                j.createWebClient().withBasicApiToken(User.getById("alice", true)),
                rules);
        assertEquals(
                "alice",
                deciding(Logins.login(j.createWebClient(), "alice"), rules).id());
    }

    @Test
    public void aRememberedLoginIsNoRecentOne() throws Exception {
        realm.user("alice", "sre");
        realm.lookUps = LookUps.IMPOSSIBLE;
        var wc = Logins.login(j.createWebClient(), "alice");
        var refusal = assertThrows(
                NotAPersonException.class,
                () -> wc.executeOnServer(() -> {
                    var remembered = new RememberMeAuthenticationToken(
                            "key", "alice", Jenkins.getAuthentication2().getAuthorities());
                    try (var as = ACL.as2(remembered)) {
                        return configured().deciding();
                    }
                }));
        assertThat(refusal.getMessage(), containsString("not an interactive login"));
    }

    @Test
    public void aLoginCountsForNothingWhereJenkinsDoesNotKnowItFromAPassword() throws Exception {
        realm.user("alice", "sre");
        realm.lookUps = LookUps.IMPOSSIBLE;
        var wc = Logins.login(j.createWebClient(), "alice");
        assertEquals("alice", deciding(wc).id());
        String property = "jenkins.security.seed.UserSeedProperty.disableUserSeed";
        System.setProperty(property, "true");
        try {
            refused(property, wc);
            realm.lookUps = LookUps.ANSWERED;
            assertEquals("alice", deciding(wc).id());
        } finally {
            System.clearProperty(property);
        }
    }

    @Test
    public void nobodyDecidesWhileTheRealmDoesNotAnswer() throws Exception {
        realm.user("alice", "sre");
        var wc = Logins.login(j.createWebClient(), "alice");
        realm.lookUps = LookUps.FAILING;
        refused("could not report the groups", wc);
        realm.lookUps = LookUps.BROKEN;
        refused("could not report the groups", wc);
    }

    @Test
    public void aRealmThatHangsIsGivenUpAndKeepsNoMoreThanAFewThreads() throws Exception {
        realm.user("alice", "sre");
        realm.hold();
        try (var directory = new RealmDirectory(() -> IdentityRules.DEFAULTS, Duration.ofMillis(20))) {
            for (int i = 0; i < 20; i++) {
                assertThat(
                        directory.read(Set.of("alice")).failure(),
                        containsString("the security realm has not answered for 0 seconds"));
            }
        }
        realm.letGo();
        try (var directory = new RealmDirectory(() -> IdentityRules.DEFAULTS)) {
            assertEquals(
                    Map.of("alice", Set.of("sre")),
                    directory.read(Set.of("alice")).groups());
        }
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "14 page")
    public void whatPeopleDecidedIsReadAgainFromTheRealm() throws Exception {
        realm.user("alice", "SRE").user("bob").user("dave", "sre");
        realm.lock("dave");
        try (var directory = new RealmDirectory(() -> IdentityRules.DEFAULTS)) {
            assertEquals(
                    new PromotionDecisions.Answer(
                            Map.of("alice", Set.of("sre"), "bob", Set.of()), Set.of("dave", "nobody"), null),
                    directory.read(Set.of("alice", "bob", "dave", "nobody")));
            realm.user("alice");
            assertEquals(Set.of(), directory.read(Set.of("alice")).groups().get("alice"));
            realm.lookUps = LookUps.IMPOSSIBLE;
            assertEquals(new PromotionDecisions.Answer(Map.of(), Set.of(), null), directory.read(Set.of("alice")));
            realm.lookUps = LookUps.FAILING;
            assertThat(directory.read(Set.of("alice")).failure(), containsString("could not report the groups"));
        }
    }

    @Test
    public void anonymousSystemAndServiceUsersAreNobody() throws Exception {
        realm.user("ci-bot", "sre").user("system", "sre");
        refused("no one is logged in", j.createWebClient());
        try (var as = ACL.as2(ACL.SYSTEM2)) {
            assertThrows(NotAPersonException.class, () -> configured().deciding());
            assertThrows(NotAPersonException.class, () -> configured().asking());
        }
        refused("system account", Logins.login(j.createWebClient(), "system"));
        var rules = new IdentityRules(Duration.ofHours(8), false, Set.of("CI-Bot"), Clock.systemUTC());
        refused("service user", Logins.login(j.createWebClient(), "ci-bot"), rules);
        assertEquals(
                "ci-bot", deciding(Logins.login(j.createWebClient(), "ci-bot")).id());
    }

    @Test
    public void outsideOfARequestNobodyHasLoggedInInteractively() throws Exception {
        realm.user("alice", "sre");
        try (var as = ACL.as2(User.getById("alice", true).impersonate2())) {
            assertEquals(Identity.TOKEN, configured().deciding().assurance());
            realm.lookUps = LookUps.IMPOSSIBLE;
            assertThrows(NotAPersonException.class, () -> configured().deciding());
        }
    }
}
