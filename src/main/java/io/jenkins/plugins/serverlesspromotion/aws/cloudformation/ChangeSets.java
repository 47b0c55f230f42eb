package io.jenkins.plugins.serverlesspromotion.aws.cloudformation;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.Failures;
import io.jenkins.plugins.serverlesspromotion.aws.call.NewRoles;
import io.jenkins.plugins.serverlesspromotion.aws.call.Pace;
import io.jenkins.plugins.serverlesspromotion.aws.call.Tokens;
import io.jenkins.plugins.serverlesspromotion.aws.session.OwnershipProof;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.AlreadyExistsException;
import software.amazon.awssdk.services.cloudformation.model.Change;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetNotFoundException;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetType;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.DescribeChangeSetResponse;
import software.amazon.awssdk.services.cloudformation.model.InsufficientCapabilitiesException;
import software.amazon.awssdk.services.cloudformation.model.ResourceChange;

/** Creates and reads change sets. Creating the same one again finds it. */
public final class ChangeSets {
    /** For a stack without a known duration; hardly any change set is ready sooner. */
    private static final Duration FIRST_POLL = Duration.ofSeconds(2);

    private static final Duration NEXT_POLL = Duration.ofSeconds(1);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(5);
    /** Macros and large templates take minutes. A change set that takes half an hour hangs. */
    private static final Duration LIMIT = Duration.ofMinutes(30);
    /** Limit of change sets of the same content that another process made obsolete or deleted. */
    private static final int ROUNDS = 5;
    /** After this many failed reads, about half a minute, a new change set counts as deleted. */
    private static final int MISSES = 10;
    /** Limit of levels of nested stacks. */
    private static final int DEEPEST = 10;

    private final CloudFormationClient client;
    private final Pace pace;
    private final String where;
    private final StackReadCache stackReadCache;

    /** @param where for messages: {@code stack orders-prod in orders-prod/eu-west-1} */
    public ChangeSets(CloudFormationClient client, Pace pace, String where) {
        this(client, pace, where, new StackReadCache());
    }

    /** @param stackReadCache keeps the results of reads */
    public ChangeSets(CloudFormationClient client, Pace pace, String where, StackReadCache stackReadCache) {
        this.client = client;
        this.pace = pace;
        this.where = where;
        this.stackReadCache = stackReadCache;
    }

    /**
     * @param token identifies the purpose of the change set: the same work and inputs always give the same token
     * @throws DeploymentException when CloudFormation refuses, as a failure that a person can fix
     */
    public FinishedChangeSet create(
            LiveStack live,
            StackInputs inputs,
            String token,
            String description,
            List<String> requests,
            OwnershipProof owned)
            throws InterruptedException {
        for (int round = 1; ; round++) {
            String name = Tokens.of(token, inputs.digest(), round);
            Instant begun = pace.now();
            String arn = submit(live, inputs, name, description, requests, owned);
            DescribeChangeSetResponse ended = arn == null ? null : await(arn, begun, where);
            String status = ended == null ? "deleted" : ended.statusAsString();
            switch (status) {
                case "CREATE_COMPLETE" -> {
                    if (ended.executionStatusAsString().equals("AVAILABLE")) {
                        try {
                            return whole(ended);
                        } catch (ChangeSetNotFoundException e) {
                            // Deleted during the read: created again.
                            status = "deleted";
                        }
                    }
                }
                case "FAILED" -> {
                    delete(ended.changeSetId());
                    if (isNoChange(ended.statusReason())) {
                        return new FinishedChangeSet(
                                null, ended.stackId(), ended.creationTime(), false, List.of(), List.of());
                    }
                    throw DeploymentException.problem(
                            "CloudFormation cannot plan " + where + ": " + ended.statusReason());
                }
                default -> {}
            }
            if (round == ROUNDS) {
                throw DeploymentException.errored("change sets of " + where + " are made obsolete again and again ("
                        + status + (ended == null ? "" : ", " + ended.executionStatusAsString())
                        + "); find out what else changes this stack");
            }
        }
    }

    /**
     * The change set as it was created; only its execution shows whether it can still be executed. Null when it is
     * deleted.
     */
    public FinishedChangeSet recalled(String arn) throws InterruptedException {
        FinishedChangeSet known = stackReadCache.changeSet(arn);
        return known != null ? known : find(arn);
    }

    /** The whole change set; null when it is deleted. */
    public FinishedChangeSet find(String arn) throws InterruptedException {
        try {
            DescribeChangeSetResponse found = describe(arn, null);
            return found.statusAsString().equals("CREATE_COMPLETE") ? whole(found) : null;
        } catch (CloudFormationException e) {
            if (e instanceof ChangeSetNotFoundException || LiveStack.isAbsent(e)) {
                return null;
            }
            throw e;
        }
    }

    /** Deletes a change set that will not be executed; one that is already deleted is fine. */
    public void delete(String arn) {
        stackReadCache.forget(arn);
        try {
            client.deleteChangeSet(r -> r.changeSetName(arn));
        } catch (CloudFormationException e) {
            if (Failures.isPassing(e) || Failures.isDenied(e)) {
                // The change set stays unexecuted, which does no harm; the result is known.
                return;
            }
            if (!(e instanceof ChangeSetNotFoundException) && !Failures.code(e).startsWith("InvalidChangeSetStatus")) {
                throw e;
            }
        }
    }

    /** CloudFormation has several messages for this. */
    public static boolean isNoChange(String reason) {
        String text = reason == null ? "" : reason.toLowerCase(Locale.ROOT);
        return text.contains("didn't contain changes") || text.contains("no updates are to be performed");
    }

    /** @return the ARN; null when a change set of this name was deleted during the search */
    private String submit(
            LiveStack live,
            StackInputs inputs,
            String name,
            String description,
            List<String> requests,
            OwnershipProof owned)
            throws InterruptedException {
        for (int tries = 0; ; tries++) {
            try {
                var created = client.createChangeSet(r -> r.overrideConfiguration(owned::allow)
                        .stackName(live.name())
                        .changeSetName(name)
                        .clientToken(name)
                        .changeSetType(live.exists() ? ChangeSetType.UPDATE : ChangeSetType.CREATE)
                        .description(description)
                        .templateURL(inputs.templateUrl())
                        .parameters(inputs.parameters())
                        .tags(inputs.tags())
                        .capabilitiesWithStrings(inputs.capabilities())
                        .roleARN(inputs.executionRole())
                        .rollbackConfiguration(inputs.rollback())
                        .includeNestedStacks(inputs.nests() ? true : null));
                requests.add("cloudformation:CreateChangeSet "
                        + created.responseMetadata().requestId());
                return created.id();
            } catch (AlreadyExistsException e) {
                return existing(live, name);
            } catch (InsufficientCapabilitiesException e) {
                throw DeploymentException.failed("the template of " + where + " needs more than the manifest allows: "
                        + Failures.message(e) + "; add the capabilities to the target");
            } catch (CloudFormationException e) {
                if (NewRoles.isUnknown(e) && tries < NewRoles.DELAYS.size()) {
                    pace.sleep(NewRoles.DELAYS.get(tries));
                } else if (e.statusCode() == 400 && Failures.code(e).equals("ValidationError")) {
                    throw DeploymentException.problem(
                            "CloudFormation cannot plan " + where + ": " + Failures.message(e));
                } else {
                    throw e;
                }
            }
        }
    }

    /** Our own change set, from before a crash: no other program creates this name. */
    private String existing(LiveStack live, String name) {
        try {
            return client.describeChangeSet(r -> r.stackName(live.name()).changeSetName(name))
                    .changeSetId();
        } catch (ChangeSetNotFoundException e) {
            return null;
        }
    }

    /**
     * @param begun when it was requested; {@code stack} that it belongs to
     * @return null when it was deleted meanwhile: executing a change set deletes the others of its stack
     */
    private DescribeChangeSetResponse await(String arn, Instant begun, String stack) throws InterruptedException {
        Instant end = pace.now().plus(pace.scaled(LIMIT));
        Duration wait = NEXT_POLL;
        Duration early = Duration.ZERO;
        boolean seen = false;
        int missed = 0;
        pace.sleep(stackReadCache
                .stackDurations()
                .changeSet(stack)
                .map(took -> pace.nominal(took.minus(Duration.between(begun, pace.now()))))
                .filter(left -> !left.isNegative())
                .orElse(FIRST_POLL));
        while (true) {
            try {
                DescribeChangeSetResponse now = describe(arn, null);
                seen = true;
                String status = now.statusAsString();
                Duration passed = Duration.between(begun, pace.now());
                if (!status.endsWith("_PENDING") && !status.endsWith("_IN_PROGRESS")) {
                    stackReadCache.stackDurations().changeSetTook(stack, early, passed);
                    return now;
                }
                early = passed;
            } catch (ChangeSetNotFoundException e) {
                // Not visible to all readers yet, or deleted.
                if (seen || ++missed == MISSES) {
                    return null;
                }
            }
            if (pace.now().isAfter(end)) {
                throw DeploymentException.errored("the change set of " + where + " did not get ready within "
                        + LIMIT.toMinutes() + " minutes; check it in the console: " + arn);
            }
            pace.sleep(wait);
            wait = wait.multipliedBy(3).dividedBy(2);
            wait = wait.compareTo(LONGEST_POLL) > 0 ? LONGEST_POLL : wait;
        }
    }

    private FinishedChangeSet whole(DescribeChangeSetResponse first) {
        var changes = new ArrayList<Change>();
        var nested = new ArrayList<FinishedChangeSet.Nested>();
        collect(first, "", 0, changes, nested);
        var whole = new FinishedChangeSet(
                first.changeSetId(),
                first.stackId(),
                first.creationTime(),
                "AVAILABLE".equals(first.executionStatusAsString()),
                changes,
                nested);
        stackReadCache.remember(whole);
        return whole;
    }

    private void collect(
            DescribeChangeSetResponse first,
            String prefix,
            int depth,
            List<Change> changes,
            List<FinishedChangeSet.Nested> nested) {
        DescribeChangeSetResponse page = first;
        while (true) {
            for (Change change : page.changes()) {
                ResourceChange resource = change.resourceChange();
                if (resource == null) {
                    continue;
                }
                String path = prefix + resource.logicalResourceId();
                changes.add(
                        prefix.isEmpty()
                                ? change
                                : change.toBuilder()
                                        .resourceChange(resource.toBuilder()
                                                .logicalResourceId(path)
                                                .build())
                                        .build());
                if (!"AWS::CloudFormation::Stack".equals(resource.resourceType())) {
                    continue;
                }
                nested.add(new FinishedChangeSet.Nested(path, resource.changeSetId(), resource.physicalResourceId()));
                if (resource.changeSetId() != null && depth < DEEPEST) {
                    collect(describe(resource.changeSetId(), null), path + "/", depth + 1, changes, nested);
                }
            }
            if (page.nextToken() == null) {
                return;
            }
            page = describe(first.changeSetId(), page.nextToken());
        }
    }

    private DescribeChangeSetResponse describe(String arn, String next) {
        return client.describeChangeSet(
                r -> r.changeSetName(arn).includePropertyValues(true).nextToken(next));
    }
}
