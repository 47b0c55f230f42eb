package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.cloudbees.jenkins.plugins.awscredentials.AWSCredentialsImpl;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.ExtensionList;
import hudson.model.Descriptor;
import hudson.security.ACL;
import hudson.security.AccessDeniedException3;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.Logins;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.SystemCredentials;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.FailingHttpStatusCodeException;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.kohsuke.stapler.verb.POST;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/** Which credentials deploy, and who may even know their ids (hole class 11). */
public class CredentialsTest {
    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    @Before
    public void credentialsAndPeople() throws Exception {
        SystemCredentialsProvider.getInstance().getCredentials().clear();
        add(CredentialsScope.SYSTEM, "release-base");
        add(CredentialsScope.GLOBAL, "open-to-all");
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("adam")
                .grant(Jenkins.READ, PromotionPermissions.CONFIGURE)
                .everywhere()
                .to("connie")
                .grant(
                        Jenkins.READ,
                        PromotionPermissions.VIEW,
                        PromotionPermissions.PROMOTE,
                        PromotionPermissions.APPROVE,
                        PromotionPermissions.AUDIT)
                .everywhere()
                .to("rita"));
    }

    private static void add(CredentialsScope scope, String id) throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new AWSCredentialsImpl(scope, id, "AKIA" + id, "secret", null));
        SystemCredentialsProvider.getInstance().save();
    }

    private static void remove(String id) throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .removeIf(c -> ((AWSCredentialsImpl) c).getId().equals(id));
        SystemCredentialsProvider.getInstance().save();
    }

    private static String refusal(String id) {
        return assertThrows(IllegalArgumentException.class, () -> new SystemCredentials().find(id))
                .getMessage();
    }

    @Test
    public void onlyCredentialsThatNoPipelineCanUseAreBaseCredentials() throws Exception {
        var found = (AwsBasicCredentials)
                new SystemCredentials().find("release-base").resolveCredentials();
        assertEquals("AKIArelease-base", found.accessKeyId());
        assertThat(refusal("open-to-all"), containsString("change its scope to System"));
        assertThat(refusal("nowhere"), containsString("there is no AWS credential 'nowhere'"));
    }

    @Test
    public void aCredentialThatIsDeletedOrOpenedUpCountsNoMoreAtOnce() throws Exception {
        var found = new SystemCredentials().find("release-base");
        remove("release-base");
        assertThrows(IllegalArgumentException.class, found::resolveCredentials);
        add(CredentialsScope.GLOBAL, "release-base");
        assertThrows(IllegalArgumentException.class, found::resolveCredentials);
    }

    @Test
    public void theControllersOwnRoleIsRefusedWhileBuildsRunBesideIt() throws Exception {
        assertThat(refusal(null), containsString("set the number of executors of the built-in node to 0"));
        j.jenkins.setNumExecutors(0);
        var own = new SystemCredentials().find(null);
        j.jenkins.setNumExecutors(1);
        assertThat(
                assertThrows(IllegalArgumentException.class, own::resolveCredentials)
                        .getMessage(),
                containsString("built-in node"));
    }

    @Test
    public void theMonitorNamesEveryRefusedCredentialOfThePolicyInForce() throws Exception {
        var monitor = ExtensionList.lookupSingleton(BaseCredentialsMonitor.class);
        assertFalse(monitor.isActivated());
        ConfiguredPolicies.configure(ConfiguredPolicies.SMALL.replace(
                "name: tools, id: \"111111111111\"", "name: tools, id: \"111111111111\", credentialsId: release-base"));
        assertEquals(1, monitor.getRefused().size());
        assertThat(monitor.getRefused().get(0), containsString("orders-dev: the controller's own role"));
        assertThat(
                Logins.login(j.createWebClient(), "adam").goTo("manage/").asNormalizedText(),
                containsString("orders-dev: the controller's own role"));
        ConfiguredPolicies.configure(ConfiguredPolicies.SMALL.replace("\" }", "\", credentialsId: open-to-all }"));
        assertEquals(1, monitor.getRefused().size());
        assertThat(
                monitor.getRefused().get(0),
                containsString("tools, orders-dev: the credential 'open-to-all' has scope"));
        ConfiguredPolicies.configure(ConfiguredPolicies.SMALL.replace("\" }", "\", credentialsId: release-base }"));
        assertFalse(monitor.isActivated());
    }

    @Test
    public void theSelectBoxOffersWhatCanBeUsedAndKeepsWhatIsConfigured() {
        try (var as = ACL.as2(ACL.SYSTEM2)) {
            assertEquals(
                    List.of("", "release-base"),
                    CredentialItems.of("").stream().map(o -> o.value).toList());
            assertEquals(
                    List.of("", "release-base", "open-to-all"),
                    CredentialItems.of("open-to-all").stream().map(o -> o.value).toList());
        }
    }

    @Test
    public void idsAreToldByPostAndOnlyToThoseWhoMayConfigure() throws Exception {
        String url = "descriptorByName/" + AccountConfig.class.getName() + "/fillCredentialsIdItems";
        Page connie = ask("connie", url);
        assertThat(connie.getWebResponse().getContentAsString(), containsString("release-base"));
        for (String other : List.of("fillCredentialsIdItems", "checkCredentialsId?value=release-base")) {
            String forbidden = "descriptorByName/" + AccountConfig.class.getName() + "/" + other;
            assertEquals(
                    403,
                    assertThrows(FailingHttpStatusCodeException.class, () -> ask("rita", forbidden))
                            .getStatusCode());
        }
        var adam = Logins.login(j.createWebClient(), "adam");
        assertEquals(
                "there is no such page to get",
                404,
                assertThrows(FailingHttpStatusCodeException.class, () -> adam.goTo(url, null))
                        .getStatusCode());
    }

    private Page ask(String user, String url) throws Exception {
        var wc = Logins.login(j.createWebClient(), user);
        var crumbed = wc.createCrumbedUrl(url.split("\\?")[0]);
        String query = url.contains("?") ? "&" + url.split("\\?")[1] : "";
        return wc.getPage(new WebRequest(new java.net.URL(crumbed + query), HttpMethod.POST));
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "4 jcasc")
    public void everythingThatAFormAsksIsPostedAndNeedsThePermission() throws Exception {
        int asked = 0;
        for (Descriptor<?> descriptor : ExtensionList.lookup(Descriptor.class)) {
            if (!(descriptor instanceof PolicyPart.PartDescriptor)) {
                continue;
            }
            for (Method method : descriptor.getClass().getMethods()) {
                boolean own = method.getDeclaringClass().getPackage().equals(CredentialsTest.class.getPackage());
                if (own && method.getName().startsWith("do") && !method.isSynthetic()) {
                    String name = descriptor.getClass().getName() + "." + method.getName();
                    assertTrue(name, method.isAnnotationPresent(POST.class));
                    try (var as = ACL.as(hudson.model.User.getById("rita", true))) {
                        var thrown = assertThrows(
                                name, InvocationTargetException.class, () -> method.invoke(descriptor, "x"));
                        assertTrue(name, thrown.getCause() instanceof AccessDeniedException3);
                    }
                    asked++;
                }
            }
        }
        assertTrue("only " + asked, asked >= 25);
    }
}
