package io.jenkins.plugins.serverlesspromotion.aws.context;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSession;
import java.util.Map;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ssm.model.Parameter;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;
import software.amazon.awssdk.services.ssm.model.ParameterType;
import software.amazon.awssdk.services.ssm.model.ParameterVersionNotFoundException;

/**
 * Pins parameters and secrets to versions, as dynamic references that CloudFormation resolves. The value of a secret is
 * never read, and an encrypted parameter is never decrypted.
 */
public class VersionPinning {
    private static final String CURRENT = "AWSCURRENT";

    private final AwsSession session;
    private final String region;
    private final Map<String, String> pinned;

    /** @param pinned approved versions, by reference; other references are pinned to the current version */
    public VersionPinning(AwsSession session, String region, Map<String, String> pinned) {
        this.session = session;
        this.region = region;
        this.pinned = pinned;
    }

    /** @param text the dynamic reference that names this version */
    public record Pinned(String reference, String version, String text) {}

    public Pinned parameter(String name) {
        String reference = "ssm:" + name;
        String version = pinned.get(reference);
        Parameter found;
        try {
            found = session.ssm(region)
                    .getParameter(r -> r.name(version == null ? name : name + ":" + version)
                            .withDecryption(false))
                    .parameter();
        } catch (ParameterNotFoundException | ParameterVersionNotFoundException e) {
            throw missing("parameter " + name + (version == null ? "" : " in version " + version));
        }
        String kind = found.type() == ParameterType.SECURE_STRING ? "ssm-secure" : "ssm";
        String exact = String.valueOf(found.version());
        return new Pinned(reference, exact, "{{resolve:" + kind + ":" + name + ":" + exact + "}}");
    }

    public Pinned secret(String id) {
        String reference = "secret:" + id;
        DescribeSecretResponse found;
        try {
            found = session.secretsManager(region).describeSecret(r -> r.secretId(id));
        } catch (ResourceNotFoundException e) {
            throw missing("secret " + id);
        }
        if (found.deletedDate() != null) {
            throw DeploymentException.problem(
                    "secret " + id + " in " + place() + " is marked for deletion; restore it or name another");
        }
        String version = pinned.containsKey(reference) ? pinned.get(reference) : current(id, found);
        return new Pinned(
                reference, version, "{{resolve:secretsmanager:" + found.arn() + ":SecretString:::" + version + "}}");
    }

    private String current(String id, DescribeSecretResponse found) {
        return found.versionIdsToStages().entrySet().stream()
                .filter(e -> e.getValue().contains(CURRENT))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> DeploymentException.problem(
                        "secret " + id + " in " + place() + " has no value yet; give it one and plan again"));
    }

    private DeploymentException missing(String what) {
        return DeploymentException.problem(what + " does not exist in " + place() + "; create it and plan again");
    }

    private String place() {
        return "account " + session.account().name() + ", " + region;
    }
}
