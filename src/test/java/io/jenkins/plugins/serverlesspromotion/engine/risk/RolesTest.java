package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.List;
import org.junit.Test;

/** Resources that act with the rights of a role, and when that is news. */
public class RolesTest {
    private static final List<String> NONE = List.of();
    private static final List<String> FOUND = List.of("iamBroadening X");

    private static String of(String type, String properties) {
        return "X: { Type: AWS::" + type + ", Properties: { " + properties + " } }";
    }

    private static Plan.Finding only(String before, String after) {
        List<Plan.Finding> found = Pairs.between(Pairs.template("", before), Pairs.template("", after));
        assertEquals(found.toString(), 1, found.size());
        return found.get(0);
    }

    private static String place(String before, String after) {
        return only(before, after).evidence().get(0).path();
    }

    @Test
    public void rolesThatResourcesActWith() {
        for (String property : List.of(
                "Role",
                "RoleArn",
                "RoleARN",
                "TaskRoleArn",
                "ServiceRole",
                "ServiceRoleArn",
                "IamInstanceProfile",
                "JobRoleArn")) {
            String one = of("Foo::Bar", property + ": r");
            assertEquals(property, FOUND, Pairs.of(one, one.replace(": r ", ": s ")));
            assertEquals(property, FOUND, Pairs.of(of("Foo::Bar", "A: a"), one));
            assertEquals("from elsewhere", FOUND, Pairs.of("", one));
            assertEquals(property, NONE, Pairs.of(one, of("Foo::Bar", "A: a")));
            assertEquals(property, NONE, Pairs.of(one, one));
        }
        String role = "R: { Type: AWS::IAM::Role }";
        for (String own : List.of("!GetAtt R.Arn", "!Ref R")) {
            assertEquals(NONE, Pairs.of(role, role + ", " + of("Foo::Bar", "Role: " + own)));
        }
        assertEquals(
                "there is no such role", FOUND, Pairs.of(role, role + ", " + of("Foo::Bar", "Role: !GetAtt Q.Arn")));
        assertEquals(
                "another type is another thing", FOUND, Pairs.of(of("Foo::Baz", "Role: r"), of("Foo::Bar", "Role: r")));
    }

    @Test
    public void rolesThatAreHandedToOthers() {
        String type = "Cognito::IdentityPoolRoleAttachment";
        String member = of(type, "Roles: { authenticated: a }");
        assertEquals(FOUND, Pairs.of(member, of(type, "Roles: { authenticated: b }")));
        assertEquals(FOUND, Pairs.of(member, of(type, "Roles: { authenticated: a, unauthenticated: g }")));
        assertEquals(FOUND, Pairs.of(member, of(type, "Roles: { authenticated: a }, RoleMappings: { p: x }")));
        assertEquals(NONE, Pairs.of(of(type, "Roles: { authenticated: a, unauthenticated: g }"), member));
        assertEquals(
                FOUND,
                Pairs.of(of("IAM::InstanceProfile", "Roles: [ a ]"), of("IAM::InstanceProfile", "Roles: [ b ]")));
        assertEquals(
                "Resources.X.Properties.Roles.unauthenticated",
                place(member, of(type, "Roles: { authenticated: a, unauthenticated: g }")));
    }
}
