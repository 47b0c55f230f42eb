package io.jenkins.plugins.serverlesspromotion.aws.cloudformation;

import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.services.cloudformation.model.Change;

/**
 * A finished change set.
 *
 * @param arn null when there is nothing to change: the set has been deleted again
 * @param created when, in AWS's time: no effect of it can be earlier
 * @param changes also those of nested stacks, with {@code Stack/Resource} as logical id
 * @param nested what happens to nested stacks, outer ones first
 */
public record FinishedChangeSet(
        String arn, String stackArn, Instant created, boolean available, List<Change> changes, List<Nested> nested) {
    public FinishedChangeSet {
        changes = List.copyOf(changes);
        nested = List.copyOf(nested);
    }

    public boolean isEmpty() {
        return arn == null;
    }

    /** A result without changes, known without a call to CloudFormation. */
    public static FinishedChangeSet none(LiveStack live) {
        return new FinishedChangeSet(null, live.arn(), live.changed(), false, List.of(), List.of());
    }

    /**
     * A nested stack that changes.
     *
     * @param path logical ids, with slashes between
     * @param changeSet its own, null when it has none: the stack is removed, or CloudFormation does not report it
     * @param stack null when it is new
     */
    public record Nested(String path, String changeSet, String stack) {}
}
