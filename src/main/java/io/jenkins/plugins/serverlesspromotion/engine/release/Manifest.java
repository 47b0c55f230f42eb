package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The deployment manifest, {@code release.yaml}: what the team wants to deploy in every environment.
 *
 * @param variables by name, in the order written
 * @param targets in the order written
 * @param verify checks run after every wave, in the order written
 */
public record Manifest(
        String service,
        Map<String, Variable> variables,
        List<Target> targets,
        List<Check> verify,
        List<Requires> requires) {
    public Manifest {
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
        targets = List.copyOf(targets);
        verify = List.copyOf(verify);
        requires = List.copyOf(requires);
    }

    public Optional<Target> target(String name) {
        return targets.stream().filter(t -> t.name().equals(name)).findFirst();
    }

    /** The targets that must be deployed before {@code target}: its {@code after} and those whose outputs it uses. */
    public Set<String> dependencies(Target target) {
        Set<String> all = new LinkedHashSet<>(target.after());
        for (String text : target.texts()) {
            Text.of(text).references().forEach(name -> output(name, all));
        }
        return all;
    }

    private void output(String reference, Set<String> into) {
        if (reference.startsWith("output.")) {
            into.add(reference.split("\\.", 3)[1]);
        } else if (variables.get(reference) instanceof Variable.PerEnvironment values) {
            // The value of a variable may itself name an output.
            values.values().values().forEach(v -> Text.of(v).references().forEach(name -> output(name, into)));
        }
    }

    /** A value usable in every field as {@code ${name}}. */
    public sealed interface Variable {
        /**
         * Text by environment; {@code *} is the value of every environment not named.
         *
         * @param values never empty
         */
        record PerEnvironment(Map<String, String> values) implements Variable {
            public static final String ANY = "*";

            public PerEnvironment {
                values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
            }

            public Optional<String> in(String environment) {
                return Optional.ofNullable(values.getOrDefault(environment, values.get(ANY)));
            }
        }

        /** A parameter of SSM Parameter Store; its version is pinned in the plan. */
        record SsmParameter(String name) implements Variable {}

        /** A secret of Secrets Manager; only its version id is read, never its value. */
        record Secret(String id) implements Variable {}
    }

    /** One deployed unit: a stack, a site or a function. */
    public sealed interface Target {
        String name();

        /** Targets that must be deployed first. */
        List<String> after();

        /**
         * Regions of this target in place of the placement's own, usually {@code us-east-1}; empty: the placement's.
         */
        List<String> regions();

        /** Every text of it that may contain {@code ${…}}. */
        List<String> texts();

        /** Its kind in the manifest: {@code cloudformation}, {@code lambda}, {@code site}. */
        String kind();

        /** {@value #FORWARD_ONLY}, or null: it is rolled back like other targets. */
        String rollback();

        /** Whether a rollback must leave it unchanged. */
        default boolean forwardOnly() {
            return FORWARD_ONLY.equals(rollback());
        }

        String FORWARD_ONLY = "forwardOnly";
    }

    /**
     * A CloudFormation stack.
     *
     * @param template path of the template, an artifact
     * @param parameters values by parameter name, may contain {@code ${…}}
     * @param guards its guards, null for none
     */
    public record CloudFormation(
            String name,
            List<String> after,
            List<String> regions,
            String template,
            String stack,
            List<String> capabilities,
            Map<String, String> parameters,
            Map<String, String> tags,
            String rollback,
            StackGuards guards)
            implements Target {
        public CloudFormation {
            after = List.copyOf(after);
            regions = List.copyOf(regions);
            capabilities = List.copyOf(capabilities);
            parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
            tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
        }

        /** A stack that is rolled back like other targets. */
        public CloudFormation(
                String name,
                List<String> after,
                List<String> regions,
                String template,
                String stack,
                List<String> capabilities,
                Map<String, String> parameters,
                Map<String, String> tags) {
            this(name, after, regions, template, stack, capabilities, parameters, tags, null, null);
        }

        /** A stack without guards. */
        public CloudFormation(
                String name,
                List<String> after,
                List<String> regions,
                String template,
                String stack,
                List<String> capabilities,
                Map<String, String> parameters,
                Map<String, String> tags,
                String rollback) {
            this(name, after, regions, template, stack, capabilities, parameters, tags, rollback, null);
        }

        @Override
        public List<String> texts() {
            var texts = new ArrayList<String>();
            texts.add(stack);
            texts.addAll(parameters.values());
            texts.addAll(tags.values());
            if (guards != null) {
                texts.addAll(guards.rollbackTriggers());
            }
            return texts;
        }

        @Override
        public String kind() {
            return "cloudformation";
        }
    }

    /**
     * The guards of a stack; the names are CloudFormation's.
     *
     * @param rollbackTriggers at most 5 names or ARNs of alarms, may contain {@code ${…}}
     * @param monitoringMinutes how long they are monitored after the update, 0 to 180; null: CloudFormation's default
     * @param terminationProtection null: unchanged
     * @param stackPolicy JSON text; null: unchanged
     */
    public record StackGuards(
            List<String> rollbackTriggers,
            Integer monitoringMinutes,
            Boolean terminationProtection,
            String stackPolicy) {
        public StackGuards {
            rollbackTriggers = List.copyOf(rollbackTriggers);
        }
    }

    /**
     * Static files in a bucket, usually behind CloudFront.
     *
     * @param directory folder of artifacts
     * @param distribution id of the CloudFront distribution to invalidate, may be null
     * @param delete {@code true}: files that the release does not have are deleted; null: they stay
     * @param cache rules for {@code Cache-Control}, of which the first that matches a file counts
     * @param contentTypes rules for {@code Content-Type}, in the same way
     */
    public record Site(
            String name,
            List<String> after,
            List<String> regions,
            String directory,
            String bucket,
            String distribution,
            Boolean delete,
            String rollback,
            List<CacheRule> cache,
            List<ContentTypeRule> contentTypes)
            implements Target {
        public Site {
            after = List.copyOf(after);
            regions = List.copyOf(regions);
            cache = List.copyOf(cache);
            contentTypes = List.copyOf(contentTypes);
        }

        /** A site without rules for headers. */
        public Site(
                String name,
                List<String> after,
                List<String> regions,
                String directory,
                String bucket,
                String distribution,
                Boolean delete,
                String rollback) {
            this(name, after, regions, directory, bucket, distribution, delete, rollback, List.of(), List.of());
        }

        /** A site that deletes nothing and is rolled back like other targets. */
        public Site(
                String name,
                List<String> after,
                List<String> regions,
                String directory,
                String bucket,
                String distribution) {
            this(name, after, regions, directory, bucket, distribution, null, null);
        }

        @Override
        public List<String> texts() {
            return distribution == null ? List.of(bucket) : List.of(bucket, distribution);
        }

        @Override
        public String kind() {
            return "site";
        }
    }

    /**
     * Code and configuration of a function that exists already, and an alias that receives the traffic.
     *
     * @param function name of the function
     * @param code path of a ZIP, an artifact
     * @param alias name of the alias; created when it does not exist
     * @param shift how traffic moves to the new version; null: all at once
     * @param alarms names of CloudWatch alarms that end the shift when one of them goes into ALARM
     * @param settings by the manifest's keys ({@code memorySize}); settings that are not named stay unchanged
     * @param layers ARNs of layer versions in order; null: unchanged
     * @param environment all variables of the function's environment; null: unchanged
     */
    public record Lambda(
            String name,
            List<String> after,
            List<String> regions,
            String function,
            String code,
            String alias,
            TrafficShift shift,
            List<String> alarms,
            Map<String, String> settings,
            List<String> layers,
            Map<String, String> environment,
            String rollback)
            implements Target {
        public Lambda {
            after = List.copyOf(after);
            regions = List.copyOf(regions);
            alarms = List.copyOf(alarms);
            settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
            layers = layers == null ? null : List.copyOf(layers);
            environment = environment == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        }

        @Override
        public List<String> texts() {
            var texts = new ArrayList<String>();
            texts.add(function);
            texts.addAll(alarms);
            texts.addAll(settings.values());
            texts.addAll(layers == null ? List.of() : layers);
            texts.addAll(environment == null ? List.of() : environment.values());
            return texts;
        }

        @Override
        public String kind() {
            return "lambda";
        }
    }

    /** One check of the deployed system after a wave. */
    public sealed interface Check {
        Expectation expect();

        /** How often a failed check is repeated, 0 to 100. */
        int retries();

        /** For messages: {@code lambda orders-smoke-${environment}}. */
        String describe();

        /** Whether it runs while its target is deployed, and not after the wave. */
        default boolean isBeforeTraffic() {
            return false;
        }
    }

    /**
     * Invokes a Lambda function and checks its response.
     *
     * @param target the target whose account and region the function lives in
     * @param payload JSON text sent to it
     * @param beforeTraffic {@code true}: invokes the new version of a lambda target before it gets any traffic; null:
     *     runs after the wave like every other check
     */
    public record LambdaCheck(
            String target, String function, String payload, Expectation expect, int retries, Boolean beforeTraffic)
            implements Check {
        /** A check that runs after the wave. */
        public LambdaCheck(String target, String function, String payload, Expectation expect, int retries) {
            this(target, function, payload, expect, retries, null);
        }

        @Override
        public boolean isBeforeTraffic() {
            return Boolean.TRUE.equals(beforeTraffic);
        }

        @Override
        public String describe() {
            return "lambda " + function;
        }
    }

    /** A GET of {@code url}. */
    public record HttpCheck(String url, Expectation expect, int retries) implements Check {
        @Override
        public String describe() {
            return "http " + url;
        }
    }

    /**
     * The expected response of a check; a null expects nothing.
     *
     * @param status HTTP status of an {@code http} check
     * @param statusCode the field {@code statusCode} of a {@code lambda} check's response
     * @param contains text that the response must contain
     * @param json JSON that the response must contain: of a map every member named here, of a list every item
     * @param latency milliseconds that the response may take
     */
    public record Expectation(Integer status, Integer statusCode, String contains, String json, Integer latency) {
        /** An expectation without further conditions. */
        public Expectation(Integer status, Integer statusCode, String contains) {
            this(status, statusCode, contains, null, null);
        }
    }

    /** Another service that must be live in the same environment, in a version of this range. */
    public record Requires(String service, String version) {}
}
