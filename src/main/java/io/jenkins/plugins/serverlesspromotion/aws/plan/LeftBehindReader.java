package io.jenkins.plugins.serverlesspromotion.aws.plan;

import io.jenkins.plugins.serverlesspromotion.aws.call.Failures;
import io.jenkins.plugins.serverlesspromotion.aws.call.FanOut;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.LiveStack;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSession;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Observation;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Owners.Use;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipAnswer.Result;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.plan.LeftBehind;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.DriftResult;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.Inspected;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.StackResource;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Reads, with the role that plans, whether resources that a release does not name still exist. */
public final class LeftBehindReader {
    private final Deployer.Work work;
    private final AwsSessions.Scope scope;

    /** Whether a resource exists. */
    enum Existence {
        PRESENT,
        /** It exists as part of a stack of the same lane, which counts in its place. */
        PART,
        ABSENT,
        UNKNOWN
    }

    /** @param why it is unknown, otherwise null */
    record Presence(ResourceId resource, Existence existence, String why) {}

    public LeftBehindReader(Deployer.Work work, AwsSessions.Scope scope) {
        this.work = work;
        this.scope = scope;
    }

    /** What the lane owns, {@code plan} does not name, and is not known to be gone. */
    public List<Inspected> inspect(Plan plan, ExecutorService pool) throws InterruptedException {
        List<ResourceId> left = LeftBehind.of(
                        plan.targets(), work.rules().accounts(), work.owners().owned())
                .stream()
                .map(OwnershipClaim::resource)
                .toList();
        var found = new ArrayList<Inspected>();
        for (Presence presence : FanOut.map(pool, left, this::read)) {
            if (presence.existence() == Existence.PRESENT) {
                found.add(inspected(presence, DriftResult.DRIFTED, List.of()));
            } else if (presence.existence() == Existence.UNKNOWN) {
                found.add(inspected(presence, DriftResult.UNKNOWN, List.of(presence.why())));
            }
        }
        return found;
    }

    private static Inspected inspected(Presence presence, DriftResult verdict, List<String> differences) {
        return new Inspected(presence.resource().toString(), verdict, differences, presence.resource());
    }

    Presence read(ResourceId resource) throws InterruptedException {
        Policy.Account account = work.rules().accounts().values().stream()
                .filter(a -> a.id().equals(resource.accountId()))
                .findFirst()
                .orElse(null);
        if (account == null) {
            return new Presence(
                    resource, Existence.UNKNOWN, "policy does not place the service in that account any more");
        }
        try {
            String region = resource.region()
                    .orElse(work.rules().placement().places().stream()
                            .filter(p -> p.account().equals(account.name()))
                            .map(Policy.Place::region)
                            .findFirst()
                            .orElseThrow());
            AwsSession session = scope.session(account, AwsSessions.Purpose.PLAN, region);
            boolean exists =
                    switch (resource.kind()) {
                        case STACK ->
                            LiveStack.read(session.cloudFormation(region), resource.id())
                                    .exists();
                        case FUNCTION -> isFunction(session, region, resource.id());
                        default -> isBucket(session, region, resource);
                    };
            boolean part = exists && resource.kind() != ResourceId.Kind.STACK && isPart(session, resource, region);
            return new Presence(resource, part ? Existence.PART : exists ? Existence.PRESENT : Existence.ABSENT, null);
        } catch (RuntimeException e) {
            Failures.passInterruption(e);
            return new Presence(resource, Existence.UNKNOWN, Failures.of(e).cause());
        }
    }

    private static boolean isFunction(AwsSession session, String region, String name) {
        try {
            session.lambdaControl(region).getFunction(r -> r.functionName(name));
            return true;
        } catch (ResourceNotFoundException e) {
            return false;
        }
    }

    private static boolean isBucket(AwsSession session, String region, ResourceId bucket) {
        try {
            session.s3(region)
                    .listObjectsV2(r -> r.bucket(bucket.id())
                            .expectedBucketOwner(bucket.accountId())
                            .maxKeys(1));
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return false;
            }
            throw e;
        }
    }

    private boolean isPart(AwsSession session, ResourceId resource, String region) {
        Set<String> regions = new LinkedHashSet<>(Set.of(region));
        if (resource.region().isEmpty()) {
            regions.addAll(work.owners().regions(resource.accountId()));
        }
        return regions.stream().anyMatch(r -> isPart(session.cloudFormation(r), resource));
    }

    private boolean isPart(CloudFormationClient client, ResourceId resource) {
        try {
            return client.describeStackResources(r -> r.physicalResourceId(resource.id())).stackResources().stream()
                    .filter(r -> resource.id().equals(r.physicalResourceId()))
                    .map(StackResource::stackId)
                    .distinct()
                    .anyMatch(stack -> isOwn(client, stack, resource.accountId()));
        } catch (CloudFormationException e) {
            if (LiveStack.isAbsent(e)) {
                return false;
            }
            throw e;
        }
    }

    private boolean isOwn(CloudFormationClient client, String stack, String account) {
        String root = LiveStack.read(client, stack).root();
        ResourceId owner = ResourceId.stack(root == null ? stack : root, account, null);
        return work.owners().ask(owner, Observation.NONE, Use.PLAN_WRITE).result() == Result.OWNED;
    }
}
