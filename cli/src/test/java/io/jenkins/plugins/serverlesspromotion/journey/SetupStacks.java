package io.jenkins.plugins.serverlesspromotion.journey;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxControl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.cloudformation.model.Parameter;

/** The templates of docs/examples/aws-setup as stacks of a sandbox: the documented roles and buckets, and no others. */
final class SetupStacks {
    static final String TOOLS = "111111111111";
    static final String BASE = "arn:aws:iam::111111111111:role/promotion-base";
    static final List<String> REGIONS = List.of("eu-west-1", "us-east-1", "us-west-2");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONTROLLER = "arn:aws:iam::111111111111:user/release-base";

    private final SandboxControl sandbox;
    private final Path root;

    /** @param root of the project */
    SetupStacks(SandboxControl sandbox, Path root) {
        this.sandbox = sandbox;
        this.root = root;
    }

    /** The accounts tools, dev, staging and prod with an administrator each, and nothing else in them. */
    static SandboxConfig emptyAccounts() {
        SandboxConfig config = SandboxConfig.threeAccounts();
        config.accounts.forEach(account -> {
            account.roles.clear();
            account.buckets.clear();
            // What a controller's instance has: the right to become the base role.
            account.users.stream()
                    .filter(user -> user.name.equals("release-base"))
                    .forEach(user -> user.policy = JSON.valueToTree(Map.of(
                            "Statement", List.of(Map.of("Effect", "Allow", "Action", "sts:AssumeRole", "Resource", BASE)))));
        });
        return config;
    }

    static AwsBasicCredentials admin(String account) {
        return AwsBasicCredentials.create("AKIA" + account + "ADMI", "sandbox-secret-of-admin");
    }

    /**
     * Deploys all three templates, as docs/admin/aws-many-accounts.md says.
     *
     * @param parameters of target-account.yaml, names and values in turn
     */
    void deploy(List<String> targets, List<String> parameters) throws IOException {
        deploy(
                TOOLS,
                "eu-west-1",
                "tools-account.yaml",
                "OrganizationId",
                "o-sandbox00001",
                "ReleaseBucketName",
                "acme-releases",
                "AuditBucketName",
                "acme-audit",
                "ControllerPrincipal",
                CONTROLLER);
        var given = new ArrayList<>(
                List.of("BaseRoleArn", BASE, "ExternalId", "acme", "ReleaseBucketName", "acme-releases"));
        given.addAll(parameters);
        for (String account : targets) {
            deploy(account, "eu-west-1", "target-account.yaml", given.toArray(new String[0]));
            for (String region : REGIONS) {
                deploy(account, region, "staging-bucket.yaml");
            }
        }
    }

    private void deploy(String account, String region, String template, String... parameters) throws IOException {
        String text = Files.readString(root.resolve("docs/examples/aws-setup").resolve(template));
        var given = new ArrayList<Parameter>();
        for (int i = 0; i < parameters.length; i += 2) {
            given.add(Parameter.builder()
                    .parameterKey(parameters[i])
                    .parameterValue(parameters[i + 1])
                    .build());
        }
        String name = "promotion-" + template.replace(".yaml", "");
        try (var client = CloudFormationClient.builder()
                .endpointOverride(sandbox.endpoint())
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(admin(account)))
                .build()) {
            client.createStack(r -> r.stackName(name)
                    .templateBody(text)
                    .parameters(given)
                    .capabilities(Capability.CAPABILITY_NAMED_IAM));
            sandbox.settle();
            String status = client.describeStacks(r -> r.stackName(name)).stacks().get(0).stackStatusAsString();
            if (!status.equals("CREATE_COMPLETE")) {
                throw new AssertionError(name + " in " + account + "/" + region + " is " + status + ": "
                        + client.describeStackEvents(r -> r.stackName(name)).stackEvents().stream()
                                .map(e -> e.logicalResourceId() + " " + e.resourceStatusReason())
                                .toList());
            }
        }
    }
}
