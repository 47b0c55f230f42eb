package io.jenkins.plugins.serverlesspromotion.aws.function;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.Pace;
import io.jenkins.plugins.serverlesspromotion.aws.context.FunctionLookup;
import io.jenkins.plugins.serverlesspromotion.aws.context.OwnerCheck;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.OwnershipProof;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.AliasRoutingConfiguration;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.ProvisionedConcurrencyConfigNotFoundException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/** Reads one function and its alias, and waits until operations on them have ended. */
public final class LiveFunction {
    private static final Duration FIRST_POLL = Duration.ofSeconds(1);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(5);
    /** A function in a VPC needs minutes to get its network interfaces; after this time it hangs. */
    private static final Duration LIMIT = Duration.ofMinutes(30);

    private final LambdaClient client;
    private final Pace pace;
    private final String function;
    private final String where;
    private final OwnerCheck owner;

    public LiveFunction(TargetContext job, AwsSessions.Purpose purpose, String function) {
        this.client = job.session(purpose).lambdaControl(job.region());
        this.pace = job.pace();
        this.function = function;
        this.owner = new OwnerCheck(job);
        this.where = FunctionLookup.where(function, job.targetInstance.place());
    }

    /** For messages: {@code function orders-worker-dev in orders-dev/eu-west-1}. */
    public String where() {
        return where;
    }

    LambdaClient client() {
        return client;
    }

    /** Checks the owner of the function, right before a write to it. */
    OwnershipProof owned() {
        return owner.writeFunction(function, false);
    }

    /** The same, and reads which stack the function is part of: where a plan could not do so. */
    void checkOwner() {
        owner.writeFunction(function, true);
    }

    /**
     * @param arn of the function itself, without a version
     * @param failure why its last update failed, in Lambda's words; null when it succeeded
     */
    public record State(FunctionConfig config, String revision, String version, String arn, String failure) {}

    /**
     * @param version the primary one
     * @param weights of the additional version, at most one
     * @param description as in AWS, never null
     */
    public record Alias(String arn, String version, Map<String, Double> weights, String description, String revision) {
        public Alias {
            weights = new TreeMap<>(weights);
        }

        public boolean isWhole() {
            return weights.isEmpty();
        }

        /** {@code 7}, or {@code 7, 8 with 10 %} while it is shifted. */
        public String shown() {
            var text = new StringBuilder(version);
            weights.forEach((other, weight) -> text.append(", ")
                    .append(other)
                    .append(" with ")
                    .append(Math.round(weight * 100))
                    .append(" %"));
            return text.toString();
        }
    }

    /** $LATEST, or the version; null when there is none. */
    public State read(String version) {
        FunctionConfiguration found = configuration(version);
        return found == null ? null : state(found);
    }

    /**
     * Waits until no update of $LATEST is in progress, or until a version can be invoked.
     *
     * @return null when there is none
     * @throws DeploymentException when that does not end
     */
    State settled(String version) throws InterruptedException {
        Instant end = pace.now().plus(pace.scaled(LIMIT));
        Duration wait = FIRST_POLL;
        while (true) {
            FunctionConfiguration found = configuration(version);
            if (found == null) {
                return null;
            }
            // An inactive function was not invoked for weeks: it becomes active when it is changed or invoked.
            if (!"Pending".equals(found.stateAsString()) && !"InProgress".equals(found.lastUpdateStatusAsString())) {
                return state(found);
            }
            if (pace.now().isAfter(end)) {
                throw DeploymentException.errored(where + " is still being updated after " + LIMIT.toMinutes()
                        + " minutes; check it in the console and promote again");
            }
            pace.sleep(wait);
            wait = longer(wait);
        }
    }

    private static Duration longer(Duration wait) {
        Duration next = wait.multipliedBy(3).dividedBy(2);
        return next.compareTo(LONGEST_POLL) > 0 ? LONGEST_POLL : next;
    }

    private FunctionConfiguration configuration(String version) {
        return FunctionLookup.find(client, function, version, where);
    }

    private static State state(FunctionConfiguration found) {
        String arn = found.functionArn();
        // The ARN of a version ends with its number.
        String[] parts = arn.split(":");
        return new State(
                FunctionConfig.of(found),
                found.revisionId(),
                found.version(),
                parts.length > 7 ? arn.substring(0, arn.lastIndexOf(':')) : arn,
                failure(found));
    }

    private static String failure(FunctionConfiguration found) {
        if ("Failed".equals(found.lastUpdateStatusAsString())) {
            return found.lastUpdateStatusReason() + " (" + found.lastUpdateStatusReasonCodeAsString() + ")";
        }
        return "Failed".equals(found.stateAsString())
                ? found.stateReason() + " (" + found.stateReasonCodeAsString() + ")"
                : null;
    }

    /** Null when there is none. */
    public Alias alias(String name) {
        try {
            var found = client.getAlias(r -> r.functionName(function).name(name));
            AliasRoutingConfiguration routing = found.routingConfig();
            return new Alias(
                    found.aliasArn(),
                    found.functionVersion(),
                    routing == null ? Map.of() : routing.additionalVersionWeights(),
                    found.description() == null ? "" : found.description(),
                    found.revisionId());
        } catch (ResourceNotFoundException e) {
            return null;
        }
    }

    /** Whether Lambda keeps provisioned concurrency for the alias. */
    boolean isProvisioned(String alias) {
        return provisioning(alias) != null;
    }

    /**
     * Waits until Lambda no longer shifts traffic of the alias: with provisioned concurrency Lambda itself shifts it as
     * instances become ready, and shows this as weights.
     *
     * @return why this did not succeed, null when it did
     */
    String awaitProvisioned(String alias) throws InterruptedException {
        Instant end = pace.now().plus(pace.scaled(LIMIT));
        Duration wait = FIRST_POLL;
        while (true) {
            var config = provisioning(alias);
            if (config == null) {
                return null;
            }
            if (config.statusAsString().equals("FAILED")) {
                return "provisioned concurrency of alias " + alias + " failed: " + config.statusReason();
            }
            Alias live = alias(alias);
            if (config.statusAsString().equals("READY") && live != null && live.isWhole()) {
                return null;
            }
            if (pace.now().isAfter(end)) {
                return "provisioned concurrency of alias " + alias + " is not ready after " + LIMIT.toMinutes()
                        + " minutes";
            }
            pace.sleep(wait);
            wait = longer(wait);
        }
    }

    private software.amazon.awssdk.services.lambda.model.GetProvisionedConcurrencyConfigResponse provisioning(
            String alias) {
        try {
            return client.getProvisionedConcurrencyConfig(
                    r -> r.functionName(function).qualifier(alias));
        } catch (ProvisionedConcurrencyConfigNotFoundException e) {
            return null;
        }
    }
}
