package io.jenkins.plugins.serverlesspromotion.aws.context;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.LiveStack;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.OwnershipProof;
import io.jenkins.plugins.serverlesspromotion.aws.session.WriteGuard;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Observation;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Owners;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Owners.Use;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipAnswer;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipAnswer.Result;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipRules;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudformation.model.StackResource;
import software.amazon.awssdk.services.cloudformation.model.StackResourceSummary;
import software.amazon.awssdk.services.lambda.LambdaClient;

/**
 * Checks the owner of a resource before it is written to or invoked, and reads the facts that this needs. Only this
 * class creates the proofs that {@link WriteGuard} requires for a write. Not safe for use by several threads.
 */
public final class OwnerCheck {
    private final TargetContext job;
    private final Owners owners;
    private final ResourceStacks stacks;
    private final List<OwnershipClaim> claims = new ArrayList<>();
    private final List<Plan.Finding> findings = new ArrayList<>();
    private final Map<ResourceId, Observation> invoked = new HashMap<>();
    /** Several files of a site are written in parallel. */
    private final Map<ResourceId, Observation> parts = new ConcurrentHashMap<>();

    public OwnerCheck(TargetContext job) {
        this.job = job;
        this.owners = job.work.owners();
        this.stacks = new ResourceStacks(job);
    }

    /** The resources that the lane must own for the work planned so far. */
    public List<OwnershipClaim> claims() {
        return List.copyOf(claims);
    }

    /** The findings for approvers of the work planned so far. */
    List<Plan.Finding> findings() {
        return List.copyOf(findings);
    }

    /** {@code content} with the adopted resources before all other findings. */
    public Plan.Content noted(Plan.Content content) {
        if (findings.isEmpty()) {
            return content;
        }
        var all = new ArrayList<>(findings);
        all.addAll(content.findings());
        return new Plan.Content(
                content.exactness(),
                content.subject(),
                content.templateDigest(),
                content.liveDigest(),
                content.values(),
                content.pins(),
                content.changes(),
                all);
    }

    // --- stacks ---

    public OwnershipProof planStack(LiveStack live) {
        OwnershipProof owned = plan(stack(live), seen(live), seen(live).stack() != null);
        if (!findings.isEmpty()) {
            checkParts(live);
        }
        return owned;
    }

    /** A stack is not adopted when another owner has parts of it, or when it created a resource of this product. */
    private void checkParts(LiveStack live) {
        for (StackResourceSummary part : stacks.parts(live.arn())) {
            String id = String.valueOf(part.physicalResourceId());
            if (part.resourceType().equals("AWS::IAM::Role") && isAssumed(id)) {
                throw DeploymentException.problem(job.where(live.name()) + " made role " + id
                        + ", which this product assumes, and can never belong to a service");
            }
            ResourceId resource = stacks.resource(part.resourceType(), id);
            if (resource != null) {
                require(owners.ask(resource, Observation.NONE, Use.PLAN_WRITE));
            }
        }
    }

    private boolean isAssumed(String role) {
        return Stream.of(
                        job.account.planRole(),
                        job.account.deployRole(),
                        job.account.executionRole(),
                        job.account.testRole())
                .anyMatch(r -> r != null && r.substring(r.lastIndexOf('/') + 1).equals(role));
    }

    public OwnershipProof writeStack(LiveStack live) {
        return allowed(stack(live), seen(live), Use.WRITE);
    }

    private ResourceId stack(LiveStack live) {
        return ResourceId.stack(live.arn() != null ? live.arn() : live.name(), job.account.id(), job.region());
    }

    private Observation seen(LiveStack live) {
        return ResourceStacks.observed(live, job.account.id(), job.region());
    }

    // --- functions ---

    /**
     * @param exists whether the function exists
     * @param in the stack that created it, as {@link ResourceStacks#of} gives it; null: none
     */
    public OwnershipProof planFunction(String name, boolean exists, StackResource in) {
        ResourceId function = function(name);
        return exists ? planPart(function, in) : plan(function, Observation.ABSENT, false);
    }

    /** @param read whether to read which stack it is part of: where that could not be planned */
    public OwnershipProof writeFunction(String name, boolean read) {
        return writePart(function(name), read, Set.of(job.region()));
    }

    private ResourceId function(String name) {
        return here(ResourceId.function(name, job.account.id(), job.region()));
    }

    /**
     * Plans to invoke a function for a check, where its name is known.
     *
     * @return for a dry run, which changes nothing, also of a function that does not exist yet
     */
    public OwnershipProof planCheck(String name) {
        ResourceId check = function(name).as(ResourceId.Kind.CHECK);
        OwnershipAnswer known = owners.ask(check, Observation.NONE, Use.PLAN_INVOKE);
        if (known.result() != Result.UNDECIDED) {
            require(known);
            return new OwnershipProof(check);
        }
        StackResource in = stacks.of(check, Set.of(job.region()));
        if (in != null || exists(name)) {
            Observation seen = stacks.observed(in);
            note(check, require(owners.ask(check, seen, Use.PLAN_INVOKE)), seen);
        }
        return new OwnershipProof(check);
    }

    /**
     * Called right before a check invokes it. Its stack is read once, unless policy or the journal decides.
     *
     * @return null when there is no such function
     */
    public OwnershipProof invoke(String name) {
        ResourceId check = function(name).as(ResourceId.Kind.CHECK);
        OwnershipAnswer known = owners.ask(check, Observation.NONE, Use.INVOKE);
        require(known);
        if (owners.ask(check, Observation.PRESENT, Use.INVOKE).result() == Result.OWNED) {
            return new OwnershipProof(check);
        }
        if (!invoked.containsKey(check)) {
            StackResource in = stacks.of(check, Set.of(job.region()));
            invoked.put(check, in == null && !exists(name) ? Observation.ABSENT : stacks.observed(in));
        }
        Observation seen = invoked.get(check);
        return seen.exists() ? allowed(check, seen, Use.INVOKE) : null;
    }

    private boolean exists(String name) {
        LambdaClient client = job.session(AwsSessions.Purpose.PLAN).lambdaControl(job.region());
        return FunctionLookup.find(client, name, null, FunctionLookup.where(name, job.targetInstance.place())) != null;
    }

    // --- sites ---

    /** @param exists whether the bucket exists */
    public OwnershipProof planBucket(String name, boolean exists) {
        return planRead(ResourceId.bucket(name, job.account.id()), exists, Set.of(job.region()));
    }

    /** @param read whether to read which stack it is part of: where that could not be planned */
    public OwnershipProof writeBucket(String name, boolean read) {
        return writePart(ResourceId.bucket(name, job.account.id()), read, Set.of(job.region()));
    }

    public OwnershipProof planDistribution(String id) {
        return planRead(ResourceId.distribution(id, job.account.id()), true, regions());
    }

    public OwnershipProof writeDistribution(String id, boolean read) {
        return writePart(ResourceId.distribution(id, job.account.id()), read, regions());
    }

    /** A distribution is known everywhere, and the stack that created it is in one of these regions. */
    private Set<String> regions() {
        var regions = new LinkedHashSet<String>();
        regions.add(job.region());
        regions.addAll(owners.regions(job.account.id()));
        job.release.release().manifest().targets().forEach(t -> regions.addAll(t.regions()));
        return regions;
    }

    // --- asking ---

    private OwnershipProof planRead(ResourceId resource, boolean exists, Set<String> regions) {
        Observation alone = exists ? Observation.PRESENT : Observation.ABSENT;
        boolean decided = owners.ask(resource, Observation.NONE, Use.PLAN_WRITE).refused()
                || owners.ask(resource, alone, Use.PLAN_WRITE).result() == Result.OWNED;
        return !exists || decided ? plan(resource, alone, false) : planPart(resource, stacks.of(resource, regions));
    }

    private OwnershipProof planPart(ResourceId resource, StackResource in) {
        return plan(resource, stacks.observed(in), in != null);
    }

    private OwnershipProof plan(ResourceId resource, Observation seen, boolean part) {
        OwnershipAnswer answer = require(owners.ask(here(resource), seen, Use.PLAN_WRITE));
        boolean recorded =
                !part || owners.ask(resource, Observation.NONE, Use.PLAN_WRITE).result() == Result.OWNED;
        if (answer.result() != Result.OWNED || recorded) {
            note(resource, answer, seen);
        }
        return new OwnershipProof(resource);
    }

    private OwnershipProof writePart(ResourceId resource, boolean read, Set<String> regions) {
        Observation seen = parts.get(resource);
        if (seen == null
                && (read || owners.ask(resource, Observation.NONE, Use.WRITE).result() == Result.UNDECIDED)) {
            // Not recorded: it may be part of a stack of this lane. The stack is read once.
            seen = stacks.observed(stacks.of(resource, regions));
            parts.put(resource, seen);
        }
        return allowed(resource, seen == null ? Observation.NONE : seen, Use.WRITE);
    }

    /** A resource that is not even recorded as planned has no owner, and must not be written to. */
    private OwnershipProof allowed(ResourceId resource, Observation seen, Use use) {
        OwnershipAnswer answer = require(owners.ask(here(resource), seen, use));
        if (answer.result() == Result.UNDECIDED) {
            throw DeploymentException.failed(resource + " was not among what was planned; promote again");
        }
        return new OwnershipProof(resource);
    }

    private void note(ResourceId resource, OwnershipAnswer answer, Observation seen) {
        boolean invoked = resource.kind() == ResourceId.Kind.CHECK;
        if (!invoked || answer.result() == Result.ADOPTABLE) {
            claims.add(OwnershipClaim.of(resource, answer.how(), null));
        }
        boolean policy = answer.result() == Result.OWNED_BY_POLICY && Boolean.TRUE.equals(seen.exists());
        if (policy || answer.result() == Result.ADOPTABLE) {
            findings.add(new Plan.Finding(
                    policy ? OwnershipRules.ADOPTS_BY_POLICY : OwnershipRules.ADOPTS, resource.id(), answer.why()));
        }
    }

    /** A person can resolve a refusal: in the policy, in the manifest or by an owner decision. */
    private static OwnershipAnswer require(OwnershipAnswer answer) {
        if (answer.refused()) {
            throw DeploymentException.problem(answer.why());
        }
        return answer;
    }

    private ResourceId here(ResourceId resource) {
        boolean regional = resource.kind() != ResourceId.Kind.BUCKET && resource.kind() != ResourceId.Kind.DISTRIBUTION;
        String place = regional ? job.account.id() + "/" + job.region() : job.account.id();
        if (!resource.place().equals(place)) {
            throw DeploymentException.problem(resource + " is not in " + job.targetInstance.place() + " (" + place
                    + "), where the target is deployed; name one that is, or give the target that region");
        }
        return resource;
    }
}
