package io.jenkins.plugins.serverlesspromotion;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The page of IAM policies lists the actions of the templates that give them: there is one source. */
public class IamPoliciesDocTest {
    private static final String PAGE = "docs/reference/iam-policies.md";
    private static final Path TEMPLATES =
            Path.of(System.getProperty("promotion.root", "")).resolve("docs/examples/aws-setup");
    private static final List<String> TRUST = List.of("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession");

    private static Map<?, ?> template(String name) throws IOException {
        // The short forms of functions are tags that a YAML reader does not know; actions never need them.
        String text = Files.readString(TEMPLATES.resolve(name)).replaceAll("!(Ref|Sub|GetAtt|If|Not|Equals)\\b", "");
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
    }

    private static Map<?, ?> at(Map<?, ?> map, String... keys) {
        Map<?, ?> found = map;
        for (String key : keys) {
            found = (Map<?, ?>) found.get(key);
        }
        return found;
    }

    /** Every action below this, wherever it stands; the trust policy of a role is no permission of the role. */
    private static void actions(Object node, Collection<String> found) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (key.equals("Action") || key.equals("NotAction")) {
                    (value instanceof List<?> list ? list : List.of(value)).forEach(a -> found.add(a.toString()));
                } else if (!key.equals("AssumeRolePolicyDocument")) {
                    actions(value, found);
                }
            });
        } else if (node instanceof List<?> list) {
            list.forEach(element -> actions(element, found));
        }
    }

    private static TreeSet<String> given(String template, String... resources) throws IOException {
        Map<?, ?> read = template(template);
        var found = new TreeSet<String>();
        for (String resource : resources) {
            actions(at(read, "Resources", resource, "Properties"), found);
        }
        if (found.remove("ExecutionActions")) {
            String list =
                    at(read, "Parameters", "ExecutionActions").get("Default").toString();
            found.addAll(List.of(list.strip().split("\\s*,\\s*")));
        }
        return found;
    }

    private static TreeSet<String> listed(String heading) throws IOException {
        var found = new TreeSet<String>();
        for (MarkdownPage.Table table : MarkdownPage.read(PAGE).tables(heading)) {
            assertEquals("Actions", table.header().get(0));
            table.rows().forEach(row -> found.addAll(MarkdownPage.codes(row.get(0))));
        }
        return found;
    }

    @Test
    public void everyActionOfEveryIdentityIsListedAndNoOther() throws Exception {
        String target = "target-account.yaml";
        String tools = "tools-account.yaml";
        assertEquals(given(tools, "BaseRole"), listed("`promotion-base`"));
        assertEquals(given(target, "Looking"), listed("`promotion-plan`"));
        assertEquals(given(target, "Deploying", "DirectDeploying"), listed("`promotion-deploy`"));
        assertEquals(given(target, "ExecutionRole"), listed("`promotion-cfn`"));
        assertEquals(given(target, "TestRole"), listed("`promotion-test`"));
        assertEquals(given(target, "RolesBoundary"), listed("`promotion-roles-boundary`"));
        assertEquals(given(target, "ServiceBoundary"), listed("`promotion-service-boundary`"));
        assertEquals(given(tools, "ReleaseBucketPolicy"), listed("Bucket of releases"));
        assertEquals(given(tools, "AuditBucketPolicy"), listed("Bucket for an audit log"));
        assertEquals(given("staging-bucket.yaml", "StagingBucketPolicy"), listed("Staging bucket"));
        assertEquals("plan and deploy have no other policy", new TreeSet<>(), given(target, "PlanRole", "DeployRole"));
    }

    @Test
    public void theThreeRolesHaveTheListedTrust() throws Exception {
        for (String role : List.of("PlanRole", "DeployRole", "TestRole")) {
            var found = new ArrayList<String>();
            actions(
                    at(template("target-account.yaml"), "Resources", role, "Properties", "AssumeRolePolicyDocument")
                            .get("Statement"),
                    found);
            assertEquals(role, TRUST, found.stream().sorted().toList());
        }
        assertEquals(new TreeSet<>(TRUST), listed("Trust"));
    }
}
