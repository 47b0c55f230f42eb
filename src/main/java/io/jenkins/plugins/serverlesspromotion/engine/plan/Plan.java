package io.jenkins.plugins.serverlesspromotion.engine.plan;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a promotion will do, computed against the live accounts.
 *
 * @param digest SHA-256 over the normalised content of the targets ({@link TargetPlan#content()}): two plans with the
 *     same effect have the same digest, whatever their time and change set
 * @param targets in an order in which they could be deployed one after the other
 * @param problems what could not be planned; while there is one, no one can approve
 */
public record Plan(String digest, List<TargetPlan> targets, List<Problem> problems) {
    public Plan {
        targets = List.copyOf(targets);
        problems = List.copyOf(problems);
    }

    public boolean complete() {
        return problems.isEmpty();
    }

    public Optional<TargetPlan> target(String key) {
        return targets.stream().filter(t -> t.key().equals(key)).findFirst();
    }

    /** Why one target could not be planned, as a sentence that names the next step. */
    public record Problem(String key, String cause) {}

    /** The key of a target in a place: {@code orders-prod/eu-west-1/api}. */
    public static String key(Place place, String target) {
        return place + "/" + target;
    }

    /**
     * One target in one place.
     *
     * @param wave from 0; nothing of a wave starts before the wave below it has succeeded
     * @param after keys that must be deployed first
     * @param content the part that people approve
     * @param handles references to the plan in AWS (change set and stack ARN): used to execute it, not part of the
     *     approval
     * @param claims what the lane must own to carry it out; adopted resources are among the findings, which people
     *     approve
     * @param gone resources that the lane has recorded, that the release does not name and that no longer exist; null
     *     for none
     */
    public record TargetPlan(
            Place place,
            String target,
            String kind,
            int wave,
            List<String> after,
            Content content,
            Map<String, String> handles,
            List<OwnershipClaim> claims,
            List<ResourceId> gone) {
        public TargetPlan {
            after = List.copyOf(after);
            handles = new TreeMap<>(handles);
            claims = claims == null ? List.of() : List.copyOf(claims);
            gone = gone == null || gone.isEmpty() ? null : List.copyOf(gone);
        }

        /** A target of a plan in which everything that the lane has recorded still exists. */
        public TargetPlan(
                Place place,
                String target,
                String kind,
                int wave,
                List<String> after,
                Content content,
                Map<String, String> handles,
                List<OwnershipClaim> claims) {
            this(place, target, kind, wave, after, content, handles, claims, null);
        }

        /** A target that needs to own nothing. */
        public TargetPlan(
                Place place,
                String target,
                String kind,
                int wave,
                List<String> after,
                Content content,
                Map<String, String> handles) {
            this(place, target, kind, wave, after, content, handles, List.of());
        }

        public String key() {
            return Plan.key(place, target);
        }
    }

    /**
     * The normalised content: the changes and the state they start from, never ARNs of change sets or times.
     *
     * @param exactness whether these are the exact changes or an upper bound
     * @param subject name of the stack or bucket
     * @param templateDigest of the template as released, with the digests of the code it names; null for a site
     * @param liveDigest of the live content; null when there is none
     * @param values parameters as they will be passed; an output not yet known is {@code ${output.t.Key}}
     * @param pins versions of parameters and secrets by reference
     */
    public record Content(
            Exactness exactness,
            String subject,
            String templateDigest,
            String liveDigest,
            Map<String, String> values,
            Map<String, String> pins,
            List<Change> changes,
            List<Finding> findings) {
        public Content {
            values = new TreeMap<>(values);
            pins = new TreeMap<>(pins);
            changes = List.copyOf(changes);
            findings = List.copyOf(findings);
        }

        public boolean unchanged() {
            return changes.isEmpty() && exactness == Exactness.EXACT;
        }
    }

    public enum Exactness {
        /** Exactly these changes. */
        EXACT,
        /**
         * An upper bound, because a value is the output of a target that is deployed first. Further changes stop the
         * deployment.
         */
        BOUNDED
    }

    public enum Action {
        ADD,
        MODIFY,
        REMOVE,
        IMPORT,
        /** Determined by the stack's own macro or nested stack. */
        DYNAMIC
    }

    /** Whether the resource is replaced: created again, and the old one deleted. */
    public enum Replacement {
        NO,
        YES,
        CONDITIONAL
    }

    /**
     * @param subject logical id of the resource, or path of the file
     * @param type resource type ({@code AWS::Lambda::Function}) or {@code file}
     * @param properties sorted by path
     */
    public record Change(
            String subject, String type, Action action, Replacement replacement, List<PropertyChange> properties) {
        public Change {
            properties = List.copyOf(properties);
        }
    }

    /** Before and after may be null (absent, or not reported by AWS); a NoEcho value is never here. */
    public record PropertyChange(String path, String before, String after, Replacement replacement) {}

    /**
     * Something an approver must see first.
     *
     * @param kind a stable word such as {@code statefulReplacement}; docs/reference/risk-findings.md lists all of them
     * @param subject logical id of the resource, {@code Stack/Resource} in a nested stack
     * @param evidence the evidence for this finding; none in plans of an older version
     */
    public record Finding(String kind, String subject, String sentence, List<Evidence> evidence) {
        public Finding {
            evidence = evidence == null ? List.of() : List.copyOf(evidence);
        }

        public Finding(String kind, String subject, String sentence) {
            this(kind, subject, sentence, List.of());
        }
    }

    /** A place of the template and its value; null for none. */
    public record Evidence(String path, String before, String after) {}
}
