package io.jenkins.plugins.serverlesspromotion.aws.context;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.LiveStack;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackInputs;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Observation;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Owners;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Owners.Use;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipAnswer.Result;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.StackResource;
import software.amazon.awssdk.services.cloudformation.model.StackResourceSummary;

/** Reads which stack a resource is part of, and the resources of a stack. */
public final class ResourceStacks {
    /** Limit of resources in one result of DescribeStackResources. */
    private static final int DESCRIBED = 100;
    /** Limit of levels of nested stacks. */
    private static final int DEEPEST = 10;

    private static final String STACK = "AWS::CloudFormation::Stack";

    private final TargetContext job;
    private final Owners owners;

    public ResourceStacks(TargetContext job) {
        this.job = job;
        this.owners = job.work.owners();
    }

    /** The resource whose owner is checked; null for a type without an owner of its own. */
    ResourceId resource(String type, String id) {
        return switch (type) {
            case STACK -> ResourceId.stack(id, job.account.id(), job.region());
            case "AWS::S3::Bucket" -> ResourceId.bucket(id, job.account.id());
            case "AWS::Lambda::Function" -> ResourceId.function(id, job.account.id(), job.region());
            case "AWS::CloudFront::Distribution" -> ResourceId.distribution(id, job.account.id());
            default -> null;
        };
    }

    /** The resources of a stack and of those nested in it. */
    List<StackResourceSummary> parts(String stack) {
        return parts(client(job.region()), stack);
    }

    static List<StackResourceSummary> parts(CloudFormationClient client, String stack) {
        var parts = new ArrayList<StackResourceSummary>();
        collect(client, stack, 0, parts);
        return parts;
    }

    private static void collect(
            CloudFormationClient client, String stack, int depth, List<StackResourceSummary> parts) {
        if (depth > DEEPEST) {
            throw DeploymentException.problem("stack " + stack + " is nested too deep to read what is in it");
        }
        for (StackResourceSummary part : listed(client, stack)) {
            parts.add(part);
            if (STACK.equals(part.resourceType()) && part.physicalResourceId() != null) {
                collect(client, part.physicalResourceId(), depth + 1, parts);
            }
        }
    }

    private static Iterable<StackResourceSummary> listed(CloudFormationClient client, String stack) {
        return client.listStackResourcesPaginator(r -> r.stackName(stack)).stackResourceSummaries();
    }

    /**
     * A resource of the first stack that {@code resource} is part of; null when no stack has it. It may be another
     * resource than the requested one.
     *
     * @throws DeploymentException when only a resource of another kind has that name: then AWS does not report which
     *     stack has this one
     */
    public StackResource of(ResourceId resource, Set<String> regions) {
        for (String region : regions) {
            List<StackResource> found = described(resource.id(), region);
            if (!found.isEmpty()) {
                return checked(resource, found, region);
            }
        }
        return null;
    }

    /** The same for a resource that no one can own, by an id that describes it. */
    public StackResource of(String arn) {
        return described(arn, job.region()).stream().findFirst().orElse(null);
    }

    private List<StackResource> described(String physicalId, String region) {
        try {
            return client(region)
                    .describeStackResources(r -> r.physicalResourceId(physicalId))
                    .stackResources();
        } catch (CloudFormationException e) {
            // "Stack for … does not exist": the resource was created outside a stack.
            if (LiveStack.isAbsent(e)) {
                return List.of();
            }
            throw e;
        }
    }

    private StackResource checked(ResourceId resource, List<StackResource> found, String region) {
        StackResource any = found.get(0);
        boolean has = found.stream().anyMatch(r -> is(resource, r.resourceType(), r.physicalResourceId()));
        if (!has && found.size() >= DESCRIBED) {
            for (StackResourceSummary part : listed(client(region), any.stackId())) {
                has |= is(resource, part.resourceType(), part.physicalResourceId());
            }
        }
        if (has) {
            return any;
        }
        Use use = resource.kind() == ResourceId.Kind.CHECK ? Use.PLAN_INVOKE : Use.PLAN_WRITE;
        Result alone = owners.ask(resource, Observation.PRESENT, use).result();
        if (alone == Result.OWNED || alone == Result.OWNED_BY_POLICY) {
            return null;
        }
        throw DeploymentException.problem(
                "it cannot be found out which stack " + resource + " is part of, because stack "
                        + any.stackName()
                        + " has another resource of that name; name it under 'owns' of the policy, or rename one of them");
    }

    private boolean is(ResourceId wanted, String type, String physicalId) {
        ResourceId.Kind kind = wanted.kind() == ResourceId.Kind.CHECK ? ResourceId.Kind.FUNCTION : wanted.kind();
        ResourceId found = physicalId == null ? null : resource(type, physicalId);
        return found != null && found.kind() == kind && found.id().equals(wanted.id());
    }

    /**
     * The facts about a resource of a stack, or of none. A nested stack belongs to its root stack. The root is read
     * only where no rule names an owner of the nested stack.
     */
    Observation observed(StackResource in) {
        if (in == null) {
            return Observation.PRESENT;
        }
        ResourceId stack = ResourceId.stack(in.stackId(), job.account.id(), job.region());
        if (owners.ask(stack, Observation.NONE, Use.PLAN_WRITE).result() != Result.UNDECIDED) {
            return Observation.in(stack);
        }
        LiveStack live = LiveStack.read(client(stack.region().orElseThrow()), in.stackId());
        Observation of = observed(live, job.account.id(), job.region());
        return new Observation(true, of.service(), of.environment(), of.stack() == null ? stack : of.stack());
    }

    /** The owner tags of a stack. A stack that exists only as a plan has no resources and no owner. */
    static Observation observed(LiveStack live, String accountId, String region) {
        return new Observation(
                live.exists(),
                live.exists() ? live.tags().get(StackInputs.SERVICE_TAG) : null,
                live.exists() ? live.tags().get(StackInputs.ENVIRONMENT_TAG) : null,
                live.root() == null ? null : ResourceId.stack(live.root(), accountId, region));
    }

    private CloudFormationClient client(String region) {
        return job.session(AwsSessions.Purpose.PLAN).cloudFormation(region);
    }
}
