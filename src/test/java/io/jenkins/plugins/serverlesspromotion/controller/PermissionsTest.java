package io.jenkins.plugins.serverlesspromotion.controller;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.FullControlOnceLoggedInAuthorizationStrategy;
import hudson.security.GlobalMatrixAuthorizationStrategy;
import hudson.security.Permission;
import hudson.security.PermissionScope;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.yaml.YamlSource;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.matrixauth.PermissionEntry;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

public class PermissionsTest {
    private static final List<Permission> ALL = List.of(
            PromotionPermissions.VIEW,
            PromotionPermissions.PUBLISH,
            PromotionPermissions.PROMOTE,
            PromotionPermissions.APPROVE,
            PromotionPermissions.OVERRIDE,
            PromotionPermissions.CONFIGURE,
            PromotionPermissions.AUDIT);

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    private static boolean has(String user, Permission permission) {
        try (var as = ACL.as(User.getById(user, true))) {
            return Jenkins.get().hasPermission(permission);
        }
    }

    @Test
    public void theGroupHoldsTheSevenAndNothingElse() {
        assertEquals(Set.copyOf(ALL), Set.copyOf(PromotionPermissions.GROUP.getPermissions()));
        assertEquals("Serverless Promotion", PromotionPermissions.GROUP.title.toString());
    }

    @Test
    public void administratorsHoldEveryPermissionAndReadersNone() {
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        var matrix = new GlobalMatrixAuthorizationStrategy();
        matrix.add(Jenkins.ADMINISTER, PermissionEntry.user("adam"));
        matrix.add(Jenkins.READ, PermissionEntry.user("rita"));
        j.jenkins.setAuthorizationStrategy(matrix);
        for (Permission permission : ALL) {
            assertTrue(permission.getId(), has("adam", permission));
            assertFalse(permission.getId(), has("rita", permission));
        }
        j.jenkins.setAuthorizationStrategy(new FullControlOnceLoggedInAuthorizationStrategy());
        for (Permission permission : ALL) {
            assertTrue(permission.getId(), has("rita", permission));
        }
    }

    @Test
    public void eachPermissionCanBeGivenAloneAsCode() throws Exception {
        for (Permission permission : ALL) {
            String code = """
                    jenkins:
                      securityRealm:
                        local:
                          allowsSignup: false
                          users: [ { id: adam, password: adam }, { id: rita, password: rita } ]
                      authorizationStrategy:
                        globalMatrix:
                          entries:
                            - user: { name: adam, permissions: [ Overall/Administer ] }
                            - user: { name: rita, permissions: [ Overall/Read, "Serverless Promotion/%s" ] }
                    """.formatted(permission.name);
            ConfigurationAsCode.get()
                    .configureWith(YamlSource.of(new ByteArrayInputStream(code.getBytes(StandardCharsets.UTF_8))));
            for (Permission other : ALL) {
                assertEquals(permission.name + ", " + other.name, other == permission, has("rita", other));
            }
        }
    }

    @Test
    public void onAFolderOneMayBeLetSeeAndAskButNotDecide() throws Exception {
        List<Permission> onJobs =
                List.of(PromotionPermissions.VIEW, PromotionPermissions.PUBLISH, PromotionPermissions.PROMOTE);
        for (PermissionScope scope : List.of(PermissionScope.ITEM, PermissionScope.ITEM_GROUP)) {
            assertEquals(
                    onJobs, ALL.stream().filter(p -> p.isContainedBy(scope)).toList());
        }
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        var folder = j.jenkins.createProject(Folder.class, "team");
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(onJobs.toArray(Permission[]::new))
                .onFolders(folder)
                .to("rita"));
        try (var as = ACL.as(User.getById("rita", true))) {
            assertEquals(onJobs, ALL.stream().filter(folder::hasPermission).toList());
            assertEquals(
                    List.of(), ALL.stream().filter(j.jenkins::hasPermission).toList());
        }
    }
}
