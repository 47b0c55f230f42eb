package io.jenkins.plugins.serverlesspromotion.aws.context;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/** Finds functions in an account. */
public final class FunctionLookup {
    private FunctionLookup() {}

    /** For messages: {@code function orders-worker-dev in orders-dev/eu-west-1}. */
    public static String where(String function, Place place) {
        return "function " + function + " in " + place;
    }

    /**
     * @param version null: $LATEST
     * @return null when there is none
     * @throws DeploymentException when it is a container image
     */
    public static FunctionConfiguration find(LambdaClient client, String function, String version, String where) {
        try {
            FunctionConfiguration found = client.getFunction(
                            r -> r.functionName(function).qualifier(version))
                    .configuration();
            if ("Image".equals(found.packageTypeAsString())) {
                throw DeploymentException.failed(where + " is a container image, and a lambda target takes a ZIP;"
                        + " deploy it with a cloudformation target");
            }
            return found;
        } catch (ResourceNotFoundException e) {
            return null;
        }
    }
}
