package io.jenkins.plugins.serverlesspromotion.aws.check;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.Failures;
import io.jenkins.plugins.serverlesspromotion.aws.context.Staging;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.OwnershipProof;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.lambda.model.InvocationType;

/**
 * Whether the test role of an account may invoke the function of a check. Without this, it is found only after the
 * deployment. A dry run changes nothing, and Lambda decides about permissions before it looks for the function
 * (Invoke, AWS Lambda API Reference).
 */
public final class CheckPermission {
    private static final String LATEST = "$LATEST";

    private final TargetContext job;

    public CheckPermission(TargetContext job) {
        this.job = job;
    }

    /**
     * @param asked the owner of the function, who was asked
     * @throws DeploymentException when the check will be denied; every other outcome is left to the check itself
     */
    public void require(Manifest.LambdaCheck check, String function, OwnershipProof asked) throws InterruptedException {
        try {
            job.session(AwsSessions.Purpose.TEST)
                    .lambda(job.region())
                    .invoke(r -> r.overrideConfiguration(asked::allow)
                            .functionName(function)
                            // A check before traffic names a version, and an IAM policy can allow only one of both.
                            .qualifier(check.isBeforeTraffic() ? LATEST : null)
                            .invocationType(InvocationType.DRY_RUN));
        } catch (RuntimeException e) {
            Failures.passInterruption(e);
            if (Failures.isDenied(e) && !mayBeGranted()) {
                throw DeploymentException.problem("check '" + check.describe()
                        + "' would be denied after the deployment: "
                        + (job.account.testRole() == null ? "the credentials" : "role " + job.account.testRole())
                        + " of account " + job.account.name() + " may not invoke function " + function
                        + ". The documented role may invoke the names that SmokeTests of the account's stack allows,"
                        + " *smoke* by default: rename the function, or let the platform team change SmokeTests");
            }
        }
    }

    /** Whether a template of the release gives such a permission itself, or cannot be read. */
    private boolean mayBeGranted() throws InterruptedException {
        try {
            Staging staging = job.stagingToRead();
            for (Manifest.Target target : job.release.release().manifest().targets()) {
                if (target instanceof Manifest.CloudFormation stack) {
                    byte[] template = staging.read(
                            staging.artifacts(List.of(stack.template())).get(0));
                    if (grants(job.templates.tree(stack.template(), template))) {
                        return true;
                    }
                }
            }
            return false;
        } catch (RuntimeException e) {
            Failures.passInterruption(e);
            return true;
        }
    }

    /** Services of AWS are no roles that invoke functions for a check. */
    private static boolean grants(Object node) {
        if (node instanceof Map<?, ?> map) {
            boolean permission = "AWS::Lambda::Permission".equals(map.get("Type"))
                    && map.get("Properties") instanceof Map<?, ?> properties
                    && !(properties.get("Principal") instanceof String principal
                            && principal.endsWith(".amazonaws.com"));
            return permission || map.values().stream().anyMatch(CheckPermission::grants);
        }
        return node instanceof Collection<?> list && list.stream().anyMatch(CheckPermission::grants);
    }
}
