package io.jenkins.plugins.serverlesspromotion.aws.function;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.context.Resolution;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.TrafficShift;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.lambda.model.Environment;
import software.amazon.awssdk.services.lambda.model.TracingMode;
import software.amazon.awssdk.services.lambda.model.UpdateFunctionConfigurationRequest;

/**
 * The state of a function in one place that a release requires.
 *
 * @param function name, or its shown form while it depends on an unknown output
 * @param properties the settings that the manifest names, by the properties of {@link FunctionConfig} without code and
 *     environment
 * @param environment all variables; null: unchanged
 * @param shown everything that the manifest names, in the form that people see, except {@code secret}
 * @param known whether no value depends on a pending output of another target
 * @param secret paths of the settings whose values come from an output that shows a NoEcho parameter
 */
public record WantedFunction(
        String function,
        String alias,
        Artifact code,
        Map<String, String> properties,
        Map<String, String> environment,
        Map<String, String> shown,
        List<String> alarms,
        TrafficShift shift,
        boolean known,
        Set<String> secret) {

    /** @throws DeploymentException when the release does not fit */
    public static WantedFunction of(TargetContext job, Resolution resolution) {
        var target = (Manifest.Lambda) job.targetInstance.target();
        String of = " of target " + target.name();
        Artifact code = job.release
                .release()
                .artifact(target.code())
                .orElseThrow(() -> DeploymentException.failed(target.code() + " is not among the artifacts of "
                        + job.release.ref().id() + "; publish a release that holds it"));
        Resolution.Value function = resolution.text("the function" + of, target.function());
        boolean known = function.known();
        var properties = new TreeMap<String, String>();
        var shown = new TreeMap<String, String>();
        var secret = new TreeSet<String>();
        for (var setting : target.settings().entrySet()) {
            Resolution.Value value = resolution.text(setting.getKey() + of, setting.getValue());
            String property = FunctionConfig.SETTINGS.get(setting.getKey());
            properties.put(property, value.known() ? checked(setting.getKey() + of, property, value) : value.passed());
            shown.put(property, value.name());
            if (value.secret()) {
                secret.add(property);
            }
            known &= value.known();
        }
        if (target.layers() != null) {
            var layers = target.layers().stream()
                    .map(text -> resolution.text("a layer" + of, text))
                    .toList();
            properties.put(
                    FunctionConfig.LAYERS,
                    FunctionConfig.layers(
                            layers.stream().map(Resolution.Value::passed).toList()));
            shown.put(
                    FunctionConfig.LAYERS,
                    FunctionConfig.layers(
                            layers.stream().map(Resolution.Value::name).toList()));
            known &= layers.stream().allMatch(Resolution.Value::known);
        }
        Map<String, String> environment = null;
        if (target.environment() != null) {
            environment = new TreeMap<>();
            for (var variable : target.environment().entrySet()) {
                Resolution.Value value = resolution.text("variable " + variable.getKey() + of, variable.getValue());
                environment.put(variable.getKey(), value.passed());
                shown.put(FunctionConfig.ENVIRONMENT + variable.getKey(), value.name());
                if (value.secret()) {
                    secret.add(FunctionConfig.ENVIRONMENT + variable.getKey());
                }
                known &= value.known();
            }
        }
        List<String> alarms = target.alarms().stream()
                .map(text -> resolution.known("an alarm" + of, text))
                .toList();
        return new WantedFunction(
                function.name(),
                target.alias(),
                code,
                properties,
                environment,
                shown,
                alarms,
                target.shift(),
                known,
                secret);
    }

    private static String checked(String what, String property, Resolution.Value value) {
        boolean number =
                property.equals("MemorySize") || property.equals("Timeout") || property.equals("EphemeralStorage.Size");
        if (number && !value.passed().matches("[0-9]{1,6}")) {
            throw DeploymentException.failed(
                    what + " is '" + value.passed() + "'; it must be a whole number, correct it in the manifest");
        }
        return value.passed();
    }

    /** The same in the form that people see: a value that depends on an output is a reference to it. */
    WantedFunction asShown() {
        var texts = new TreeMap<>(properties);
        texts.replaceAll((path, value) -> shown.get(path));
        Map<String, String> variables = environment == null ? null : new TreeMap<>(environment);
        if (variables != null) {
            variables.replaceAll((name, value) -> shown.get(FunctionConfig.ENVIRONMENT + name));
        }
        return new WantedFunction(function, alias, code, texts, variables, shown, alarms, shift, known, secret);
    }

    /** The same, plus the settings that only {@code undone} names, with their values in {@code before}. */
    WantedFunction restoring(Manifest.Lambda undone, FunctionConfig before) {
        var restored = new TreeMap<>(properties);
        undone.settings().keySet().stream()
                .map(FunctionConfig.SETTINGS::get)
                .filter(path -> before.get(path) != null)
                .forEach(path -> restored.putIfAbsent(path, before.get(path)));
        if (undone.layers() != null) {
            restored.putIfAbsent(FunctionConfig.LAYERS, before.get(FunctionConfig.LAYERS));
        }
        Map<String, String> variables =
                environment == null && undone.environment() != null ? before.environment() : environment;
        return new WantedFunction(function, alias, code, restored, variables, shown, alarms, shift, known, secret);
    }

    /** {@code allAtOnce}, or the canary as the manifest names it. */
    String strategy() {
        return shift == null ? "allAtOnce" : shift.strategy();
    }

    boolean isConfigured() {
        return !properties.isEmpty() || environment != null;
    }

    void configure(UpdateFunctionConfigurationRequest.Builder request) {
        properties.forEach((path, value) -> {
            switch (path) {
                case "Description" -> request.description(value);
                case "Handler" -> request.handler(value);
                case "Runtime" -> request.runtime(value);
                case "MemorySize" -> request.memorySize(Integer.valueOf(value));
                case "Timeout" -> request.timeout(Integer.valueOf(value));
                case "EphemeralStorage.Size" -> request.ephemeralStorage(s -> s.size(Integer.valueOf(value)));
                case "TracingConfig.Mode" -> request.tracingConfig(t -> t.mode(TracingMode.fromValue(value)));
                case FunctionConfig.LAYERS ->
                    request.layers(
                            FunctionConfig.layers(List.of()).equals(value) ? List.of() : List.of(value.split(", ")));
                default -> throw new IllegalStateException(path + " is no setting");
            }
        });
        if (environment != null) {
            request.environment(Environment.builder().variables(environment).build());
        }
    }
}
