package io.jenkins.plugins.serverlesspromotion.aws.session;

import io.jenkins.plugins.serverlesspromotion.aws.call.Tokens;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.cloudformation.model.DeleteChangeSetRequest;
import software.amazon.awssdk.services.cloudformation.model.ExecuteChangeSetRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;

/**
 * Refuses every call to AWS that is not a known read, unless it has the proof that the ownership of its resource was
 * checked. Every client has this guard. An operation that is not listed here counts as a write.
 */
public final class WriteGuard implements ExecutionInterceptor {
    /** Operations that change nothing. AssumeRole is how a session begins. */
    public static final Set<String> READS = Set.of(
            "AssumeRole",
            "GetCallerIdentity",
            "DescribeStacks",
            "DescribeStackEvents",
            "DescribeStackResources",
            "ListStackResources",
            "DescribeChangeSet",
            "GetTemplate",
            "GetTemplateSummary",
            "GetStackPolicy",
            "GetFunction",
            "GetAlias",
            "GetProvisionedConcurrencyConfig",
            "HeadBucket",
            "GetBucketVersioning",
            "HeadObject",
            "GetObject",
            "ListObjectsV2",
            "GetDistribution",
            "GetInvalidation",
            "DescribeAlarms",
            "DescribeAlarmHistory",
            "GetParameter",
            "DescribeSecret");

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
        if (READS.contains(operation) || isOurs(context.request())) {
            return;
        }
        OwnershipProof owned = attributes.getAttribute(OwnershipProof.ATTRIBUTE);
        if (owned == null) {
            throw new IllegalStateException(operation + " was refused: the owner of what it writes to was not checked");
        }
        String written = written(context.request(), owned.resource());
        if (!owned.resource().id().equals(written)) {
            throw new IllegalStateException(operation + " of " + written + " was refused: only the owner of "
                    + owned.resource() + " was checked");
        }
    }

    /** A change set of this product: no other tool uses this prefix, and deleting a change set changes no resource. */
    private static boolean isOurs(SdkRequest request) {
        return request instanceof DeleteChangeSetRequest delete
                && delete.changeSetName() != null
                && delete.changeSetName().contains(":changeSet/" + Tokens.PREFIX);
    }

    /** The id of the resource that the request writes to; null when it names none of that kind. */
    private static String written(SdkRequest request, ResourceId allowed) {
        if (request instanceof ExecuteChangeSetRequest execute) {
            return execute.stackName() == null ? null : stack(execute.stackName());
        }
        return switch (allowed.kind()) {
            case STACK -> field(request, "StackName").map(n -> stack(n)).orElse(null);
            case FUNCTION, CHECK ->
                field(request, "FunctionName").map(n -> function(n)).orElse(null);
            case BUCKET ->
                request instanceof CopyObjectRequest copy
                        ? copy.destinationBucket()
                        : field(request, "Bucket").orElse(null);
            case DISTRIBUTION -> field(request, "DistributionId").orElse(null);
        };
    }

    private static String stack(String name) {
        return ResourceId.stack(name, "-", "-").id();
    }

    private static String function(String name) {
        return ResourceId.function(name, "-", "-").id();
    }

    private static Optional<String> field(SdkRequest request, String name) {
        return request.getValueForField(name, String.class);
    }
}
