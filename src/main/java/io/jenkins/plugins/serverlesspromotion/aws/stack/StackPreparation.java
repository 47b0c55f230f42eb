package io.jenkins.plugins.serverlesspromotion.aws.stack;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.Failures;
import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.ChangeSets;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.FinishedChangeSet;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.LiveStack;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackInputs;
import io.jenkins.plugins.serverlesspromotion.aws.context.Resolution;
import io.jenkins.plugins.serverlesspromotion.aws.context.StackSecrets;
import io.jenkins.plugins.serverlesspromotion.aws.context.Staging;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.context.TemplateStaging;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.OwnershipProof;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.HiddenValues;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.NoEchoParameters;
import io.jenkins.plugins.serverlesspromotion.engine.risk.RiskFindings;
import io.jenkins.plugins.serverlesspromotion.engine.risk.TemplateChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.Tag;

/**
 * Stages the code of a stack, renders its template and resolves its parameters. Repeating it reuses existing results.
 */
final class StackPreparation {
    /** Shown for a parameter that keeps its value. */
    static final String PREVIOUS = "(as it is)";

    private static final String MASKED = Resolution.MASKED;

    private final TargetContext job;
    private final Manifest.CloudFormation target;
    private final Resolution resolution;

    StackPreparation(TargetContext job, Resolution resolution) {
        this.job = job;
        this.target = (Manifest.CloudFormation) job.targetInstance.target();
        this.resolution = resolution;
    }

    /**
     * @param live determines which values and tags stay unchanged
     * @throws DeploymentException when the release does not fit
     */
    StackInputs prepare(LiveStack live) throws InterruptedException {
        Staging staging = job.staging();
        Artifact template = staging.artifacts(List.of(target.template())).get(0);
        byte[] released = staging.read(template);
        TemplateStaging files = TemplateStaging.copying(job, staging);
        byte[] text = files.render(target.template(), released);
        Staging.Staged rendered = staging.put(text, TemplateStaging.contentType(target.template()), job.requests);
        String url = job.session(AwsSessions.Purpose.PLAN)
                .url(job.region(), rendered.bucket(), rendered.key(), rendered.version());
        Map<String, Object> tree = tree(text);
        List<Declared> known = Declared.in(tree);
        var rewrites = new HashMap<String, String>(files.rewrites());
        var parameters = new ArrayList<Parameter>();
        var values = new TreeMap<String, String>();
        HiddenValues hidden = StackSecrets.of(job, List.of(tree));
        hidden.values().forEach(value -> rewrites.put(value, MASKED));
        boolean settled = parameters(known, live, parameters, values, rewrites);
        values.replaceAll((key, value) -> StackSecrets.masked(hidden, value));
        boolean nests = TemplateChange.Version.read(job.templates, target.template(), released, Map.of())
                .nests();
        return new StackInputs(
                live.name(),
                url,
                digest(template, files.files()),
                parameters,
                values,
                resolution.pinned(),
                settled,
                tags(live, rewrites),
                target.capabilities(),
                job.account.executionRole() == null
                        ? null
                        : AwsSessions.roleArn(job.account, job.account.executionRole(), job.region()),
                rewrites,
                released,
                text,
                nests,
                !nests && isForeseeable(tree) && isSettled(known, live, parameters),
                new StackProtection(job).triggers(resolution));
    }

    private Map<String, Object> tree(byte[] text) {
        return job.templates.tree(target.template(), text) instanceof Map<?, ?> map ? texts(map) : Map.of();
    }

    private static Map<String, Object> texts(Map<?, ?> map) {
        var texts = new TreeMap<String, Object>();
        map.forEach((key, value) -> texts.put(String.valueOf(key), value));
        return texts;
    }

    /** A parameter as the template declares it. {@code fallback} null: none. */
    private record Declared(String key, String type, String fallback, boolean noEcho) {
        static List<Declared> in(Map<String, Object> tree) {
            var all = new ArrayList<Declared>();
            if (tree.get("Parameters") instanceof Map<?, ?> parameters) {
                texts(parameters).forEach((key, value) -> {
                    Map<String, Object> of = value instanceof Map<?, ?> map ? texts(map) : Map.of();
                    all.add(new Declared(
                            key,
                            String.valueOf(of.get("Type")),
                            of.get("Default") == null ? null : String.valueOf(of.get("Default")),
                            NoEchoParameters.isNoEcho(of)));
                });
            }
            return all;
        }
    }

    /** Whether no macro can change the template. */
    private static boolean isForeseeable(Map<String, Object> tree) {
        Object declared = tree.get("Transform");
        List<?> transforms = declared == null ? List.of() : declared instanceof List<?> list ? list : List.of(declared);
        return transforms.stream().allMatch(t -> RiskFindings.isForeseeable(String.valueOf(t)))
                && !String.valueOf(tree).contains("Fn::Transform");
    }

    /**
     * A change set of the prepared stack. A missing owner tag is added only with the next real change, so this first
     * checks whether there is one.
     *
     * @throws DeploymentException when CloudFormation refuses; the message names the template where it is the cause
     */
    FinishedChangeSet changeSet(ChangeSets sets, LiveStack live, StackInputs inputs, String token, OwnershipProof owned)
            throws InterruptedException {
        StackInputs untagged = inputs.tagged(live.tags());
        if (live.exists() && untagged.tags().size() < inputs.tags().size()) {
            FinishedChangeSet real = create(sets, live, untagged, token, owned);
            if (real.isEmpty()) {
                return real;
            }
            sets.delete(real.arn());
        }
        return create(sets, live, inputs, token, owned);
    }

    private FinishedChangeSet create(
            ChangeSets sets, LiveStack live, StackInputs inputs, String token, OwnershipProof owned)
            throws InterruptedException {
        try {
            return sets.create(live, inputs, token, job.description(), job.requests, owned);
        } catch (DeploymentException e) {
            if (e.isMendable()) {
                checkTemplate(inputs.templateUrl());
            }
            throw e;
        }
    }

    /** An invalid template is refused with the same message as one that does not fit the stack. */
    private void checkTemplate(String url) {
        try {
            job.cloudFormation(AwsSessions.Purpose.PLAN).getTemplateSummary(r -> r.templateURL(url));
        } catch (CloudFormationException e) {
            if (Failures.code(e).equals("ValidationError")) {
                throw DeploymentException.failed("template " + target.template() + " of "
                        + job.release.ref().id() + " is not valid: " + Failures.message(e)
                        + "; correct it and publish a new version");
            }
            throw e;
        }
    }

    /** @return whether every value is known */
    private boolean parameters(
            List<Declared> known,
            LiveStack live,
            List<Parameter> passed,
            Map<String, String> shown,
            Map<String, String> rewrites) {
        var byName = known.stream().collect(Collectors.toMap(Declared::key, p -> p));
        boolean settled = true;
        for (var entry : target.parameters().entrySet()) {
            String key = entry.getKey();
            Declared parameter = byName.get(key);
            if (parameter == null) {
                throw DeploymentException.failed(
                        "target " + target.name() + " of " + job.release.ref().id()
                                + " sets parameter " + key + ", which template " + target.template()
                                + " does not have; remove it from the manifest or add it to the template");
            }
            Resolution.Value value =
                    resolution.parameter("parameter " + key + " of target " + target.name(), entry.getValue());
            passed.add(Parameter.builder()
                    .parameterKey(key)
                    .parameterValue(value.passed())
                    .build());
            if (parameter.noEcho()) {
                shown.put(key, MASKED);
                rewrites.put(value.passed(), MASKED);
            } else {
                shown.put(key, value.shown());
                if (!value.passed().equals(value.shown())) {
                    rewrites.put(value.passed(), value.shown());
                }
                String now = live.parameters().get(key);
                if (value.secret() && now != null && !now.isBlank()) {
                    // The stack's earlier value is a secret too.
                    rewrites.put(now, MASKED);
                }
            }
            settled &= value.known();
        }
        for (Declared parameter : known) {
            String key = parameter.key();
            if (target.parameters().containsKey(key) || parameter.fallback() != null) {
                continue;
            }
            if (!live.exists() || !live.parameters().containsKey(key)) {
                throw DeploymentException.failed("parameter " + key + " of template " + target.template() + " of "
                        + job.release.ref().id() + " has no default and target " + target.name()
                        + " sets none; set it in the manifest");
            }
            passed.add(
                    Parameter.builder().parameterKey(key).usePreviousValue(true).build());
            shown.put(key, PREVIOUS);
        }
        return settled;
    }

    /**
     * Whether every parameter has its live value, and no SSM parameter can change the template. A value that
     * CloudFormation hides cannot be compared.
     */
    private static boolean isSettled(List<Declared> known, LiveStack live, List<Parameter> passed) {
        var values = passed.stream().collect(Collectors.toMap(Parameter::parameterKey, p -> p));
        for (Declared parameter : known) {
            String key = parameter.key();
            Parameter given = values.get(key);
            boolean kept = given != null && Boolean.TRUE.equals(given.usePreviousValue());
            String value = given == null ? parameter.fallback() : given.parameterValue();
            boolean hidden = parameter.noEcho();
            boolean elsewhere = parameter.type().startsWith("AWS::SSM::");
            if (elsewhere
                    || !kept
                            && (hidden
                                    || !String.valueOf(value)
                                            .equals(live.parameters().get(key)))) {
                return false;
            }
        }
        return known.size() == live.parameters().size();
    }

    /** Existing tags of an adopted stack stay: permissions or billing may depend on them. */
    private List<Tag> tags(LiveStack live, Map<String, String> rewrites) {
        var tags = new TreeMap<>(live.tags());
        tags.keySet().removeIf(key -> key.startsWith("aws:"));
        target.tags().forEach((key, text) -> {
            String what = "tag " + key + " of target " + target.name();
            tags.put(key, resolution.known(what, text));
            Resolution.Value value = resolution.text(what, text);
            if (value.secret()) {
                rewrites.put(value.passed(), value.shown());
            }
        });
        tags.put(StackInputs.SERVICE_TAG, job.release.release().service());
        tags.put(StackInputs.ENVIRONMENT_TAG, job.work.environment());
        return tags.entrySet().stream()
                .map(e -> Tag.builder().key(e.getKey()).value(e.getValue()).build())
                .toList();
    }

    private static String digest(Artifact template, List<Artifact> code) {
        var text = new StringBuilder(template.digest());
        code.stream()
                .sorted((a, b) -> a.path().compareTo(b.path()))
                .forEach(a -> text.append('\n').append(a.path()).append(' ').append(a.digest()));
        return Sha256.of(text.toString());
    }
}
