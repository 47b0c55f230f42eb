package io.jenkins.plugins.serverlesspromotion.aws.plan;

import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.LiveStack;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackState;
import io.jenkins.plugins.serverlesspromotion.aws.context.Resolution;
import io.jenkins.plugins.serverlesspromotion.aws.context.StackSecrets;
import io.jenkins.plugins.serverlesspromotion.aws.context.Staging;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.context.TemplateStaging;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.stack.PlanConformance;
import io.jenkins.plugins.serverlesspromotion.aws.stack.StackContent;
import io.jenkins.plugins.serverlesspromotion.aws.stack.StackPlanner;
import io.jenkins.plugins.serverlesspromotion.aws.stack.StackProtection;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.release.HiddenValues;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.NoEchoParameters;
import io.jenkins.plugins.serverlesspromotion.engine.risk.TemplateAttributes;
import io.jenkins.plugins.serverlesspromotion.engine.risk.TemplateChange;
import io.jenkins.plugins.serverlesspromotion.engine.risk.TemplateMeaning;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.StackResourceSummary;

/**
 * What of a stack differs from what was promoted, by its effect: what CloudFormation does not act on is no difference.
 * A stack that the promotion left unchanged is compared with what was live then.
 */
final class StackDrift {
    private static final String NESTED = "AWS::CloudFormation::Stack";

    /** Limit of levels of nested stacks that are compared. */
    private static final int DEEPEST = 10;

    private final TargetContext job;
    private final Manifest.CloudFormation target;
    private final Plan plan;
    private final Resolution.Outputs outputs;
    private final CloudFormationClient client;
    private final List<String> found = new ArrayList<>();

    StackDrift(TargetContext job, Plan plan, Resolution.Outputs outputs) {
        this.job = job;
        this.target = (Manifest.CloudFormation) job.targetInstance.target();
        this.plan = plan;
        this.outputs = outputs;
        this.client = job.cloudFormation(AwsSessions.Purpose.PLAN);
    }

    List<String> differences() throws InterruptedException {
        Plan.Content planned = plan.target(job.targetInstance.key())
                .map(Plan.TargetPlan::content)
                .orElse(null);
        Resolution resolution = job.resolution(planned == null ? Map.of() : planned.pins(), outputs);
        String name = StackPlanner.stackName(job, resolution);
        LiveStack live = LiveStack.read(client, name);
        if (!live.exists()) {
            return List.of(job.where(name) + " does not exist any more");
        }
        if (live.state() != StackState.READY) {
            found.add(job.where(name) + " is " + live.status());
        }
        String template = live.template(client);
        var stack = new Compared(live, template, rendered(), resolution);
        boolean untouched = planned != null
                && PlanConformance.isAtMostGuards(planned)
                && planned.liveDigest() != null
                && planned.liveDigest().equals(live.digest(template));
        if (!untouched) {
            stack.template();
            stack.parameters();
            stack.tags();
        }
        guards(live, resolution);
        nested(live, template);
        found.replaceAll(text -> StackSecrets.masked(stack.hidden, text));
        return found;
    }

    /** The released and the live template with their parameters. */
    private final class Compared {
        private final LiveStack live;
        private final Resolution resolution;
        private final Object released;
        private final Object present;
        private final HiddenValues hidden;
        private final boolean same;

        /** Parameters of the release; null for a value that must not be compared. */
        private final Map<String, Resolution.Value> promoted = new TreeMap<>();

        private final Set<String> used = new HashSet<>();

        Compared(LiveStack live, String template, String rendered, Resolution resolution) {
            this.live = live;
            this.resolution = resolution;
            this.released = StackSecrets.tree(job.templates, target.template(), rendered);
            this.present = StackSecrets.tree(job.templates, "the template of " + live.name(), template);
            this.hidden = StackSecrets.of(job, List.of(released, present));
            target.parameters()
                    .forEach((key, text) -> promoted.put(key, resolution.parameter("parameter " + key, text)));
            defaults(released)
                    .forEach((key, value) -> promoted.putIfAbsent(
                            key, value == null ? null : new Resolution.Value(value, value, true, false)));
            boolean meaning = meansTheSame(template, rendered);
            this.same = meaning || rendered.strip().equals(template.strip());
        }

        /** Also finds out which parameters are used. */
        private boolean meansTheSame(String template, String rendered) {
            Map<String, String> pseudo = StackContent.pseudo(job.account.id(), job.region(), live.name());
            var before = StagedVersions.neutral(version("the template of " + live.name(), template, live.parameters()));
            // The difference of the parameter itself is reported, so its effects are not.
            var given = new TreeMap<String, String>();
            promoted.forEach((key, value) -> {
                if (value != null) {
                    given.put(key, value.passed());
                }
            });
            var own = StagedVersions.neutral(version(target.template(), rendered, given));
            given.putAll(live.parameters());
            var common = StagedVersions.neutral(version(target.template(), rendered, given));
            TemplateMeaning now = TemplateMeaning.of(before, pseudo);
            TemplateMeaning wanted = TemplateMeaning.of(own, pseudo);
            used.addAll(now.parameters());
            used.addAll(wanted.parameters());
            boolean readable = before.unreadable() == null && own.unreadable() == null;
            return readable && (now.isSame(TemplateMeaning.of(common, pseudo)) || now.isSame(wanted));
        }

        void template() {
            if (!same) {
                found.add("its template or code is another one than "
                        + job.release.ref().id() + " has");
            }
        }

        /** Also those that are left to their default; one without default and value keeps what it had. */
        void parameters() {
            Set<String> secret = new HashSet<>(NoEchoParameters.in(released));
            secret.addAll(NoEchoParameters.in(present));
            promoted.forEach((key, value) -> {
                String now = live.parameters().get(key);
                boolean compared = value != null
                        && used.contains(key)
                        && !Resolution.MASKED.equals(now)
                        && (now != null || target.parameters().containsKey(key));
                if (compared && !isSameValue(value.passed(), now, type(released, key))) {
                    found.add(
                            value.secret() || secret.contains(key)
                                    ? "parameter " + key + " has another value than was promoted"
                                    : "parameter " + key + " is " + now + " instead of " + value.passed());
                }
            });
        }

        void tags() {
            target.tags().forEach((key, text) -> {
                Resolution.Value value = resolution.text("tag " + key, text);
                if (!value.passed().equals(live.tags().get(key))) {
                    found.add(
                            value.secret()
                                    ? "tag " + key + " has another value than was promoted"
                                    : "tag " + key + " is " + live.tags().get(key) + " instead of " + value.passed());
                }
            });
        }
    }

    private TemplateChange.Version version(String name, String text, Map<String, String> parameters) {
        return TemplateChange.Version.read(job.templates, name, text.getBytes(StandardCharsets.UTF_8), parameters);
    }

    /** The declared parameters with their defaults, null for none. */
    private static Map<String, String> defaults(Object template) {
        var defaults = new TreeMap<String, String>();
        declared(template)
                .forEach((name, declaration) -> defaults.put(
                        String.valueOf(name),
                        declaration instanceof Map<?, ?> map && map.get("Default") != null
                                ? String.valueOf(map.get("Default"))
                                : null));
        return defaults;
    }

    private static Map<?, ?> declared(Object template) {
        return template instanceof Map<?, ?> tree && tree.get("Parameters") instanceof Map<?, ?> parameters
                ? parameters
                : Map.of();
    }

    private static String type(Object template, String parameter) {
        return declared(template).get(parameter) instanceof Map<?, ?> map ? String.valueOf(map.get("Type")) : "";
    }

    /**
     * Whether CloudFormation uses two values alike: it ignores blanks around the items of a list. Of a type that reads
     * from SSM, the value is the name of the SSM parameter: what that holds now is not what the stack uses.
     */
    private static boolean isSameValue(String promoted, String now, String type) {
        boolean list = type.equals("CommaDelimitedList") || type.startsWith("List<");
        return list && now != null
                ? List.of(promoted.strip().split("\\s*,\\s*"))
                        .equals(List.of(now.strip().split("\\s*,\\s*")))
                : promoted.equals(now);
    }

    /**
     * An undone deployment leaves a stack without alarms until the next one, which brings its own: that they are missing
     * is no difference.
     */
    private void guards(LiveStack live, Resolution resolution) {
        var protection = new StackProtection(job);
        boolean triggers = live.guards() != null && !live.guards().triggers().isEmpty();
        protection
                .differences(client, live, triggers ? protection.triggers(resolution) : null)
                .forEach(p -> found.add(p.path().substring(1) + " is " + p.before() + " instead of " + p.after()));
        if (live.guards() != null && live.guards().drifted() != null) {
            found.add("CloudFormation itself found resources changed outside of the stack, last checked at "
                    + live.guards().drifted());
        }
    }

    /** Nested stacks that were changed directly, and not by their outer stack. */
    private void nested(LiveStack outer, String template) {
        nested(outer, version("the template of " + outer.name(), template, outer.parameters()), "", 0);
    }

    private void nested(LiveStack outer, TemplateChange.Version version, String path, int depth) {
        if (depth == DEEPEST || !version.nests()) {
            return;
        }
        var attributes =
                TemplateAttributes.of(version, StackContent.pseudo(job.account.id(), job.region(), outer.name()));
        client.listStackResourcesPaginator(r -> r.stackName(outer.arn())).stackResourceSummaries().stream()
                .filter(r -> NESTED.equals(r.resourceType()) && r.physicalResourceId() != null)
                .forEach(r -> nested(r, attributes, path + r.logicalResourceId(), depth));
    }

    private void nested(StackResourceSummary resource, TemplateAttributes outer, String path, int depth) {
        LiveStack live = LiveStack.read(client, resource.physicalResourceId());
        if (!live.exists()) {
            found.add("nested stack " + path + " does not exist any more");
            return;
        }
        if (live.state() != StackState.READY) {
            found.add("nested stack " + path + " is " + live.status());
        }
        String template = live.template(client);
        var version = version("the template of " + live.name(), template, live.parameters());
        var promoted = new TreeMap<>(defaults(version.template()));
        Map<String, String> given = outer == null ? null : outer.given().get(resource.logicalResourceId());
        if (given != null) {
            promoted.putAll(given);
            promoted.forEach((key, value) -> {
                String now = live.parameters().get(key);
                boolean compared = value != null && now != null && !Resolution.MASKED.equals(now);
                if (compared && !isSameValue(value, now, type(version.template(), key))) {
                    found.add("parameter " + key + " of nested stack " + path
                            + " has another value than its outer stack gives it");
                }
            });
        }
        if (live.guards() != null && live.guards().drifted() != null) {
            found.add("CloudFormation itself found resources of nested stack " + path
                    + " changed outside of the stack, last checked at "
                    + live.guards().drifted());
        }
        nested(live, version, path + "/", depth + 1);
    }

    private String rendered() throws InterruptedException {
        Staging staging = job.stagingToRead();
        byte[] released =
                staging.read(staging.artifacts(List.of(target.template())).get(0));
        byte[] text = TemplateStaging.reading(job, staging).render(target.template(), released);
        return new String(text, StandardCharsets.UTF_8);
    }
}
