package io.jenkins.plugins.serverlesspromotion.aws.function;

import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.Layer;

/**
 * The content of a function, or one version of it: code and configuration as text by property. Only properties listed
 * here can be compared. So it lists all that Lambda reports about a ZIP function, except Lambda's own bookkeeping.
 */
public final class FunctionConfig {
    static final String CODE = "CodeSha256";
    static final String LAYERS = "Layers";
    static final String ENVIRONMENT = "Environment.";

    /** Names of the settings of a manifest as the Lambda API calls them. */
    static final Map<String, String> SETTINGS = Map.of(
            "description", "Description",
            "handler", "Handler",
            "runtime", "Runtime",
            "memorySize", "MemorySize",
            "timeout", "Timeout",
            "ephemeralStorage", "EphemeralStorage.Size",
            "tracing", "TracingConfig.Mode");

    private static final String NONE = "(none)";

    private final Map<String, String> properties;
    private final Map<String, String> environment;

    private FunctionConfig(Map<String, String> properties, Map<String, String> environment) {
        this.properties = properties;
        this.environment = environment;
    }

    static FunctionConfig of(FunctionConfiguration from) {
        var all = new TreeMap<String, String>();
        all.put(CODE, Sha256.shown(from.codeSha256()));
        all.put("Description", Objects.requireNonNullElse(from.description(), ""));
        all.put("Handler", from.handler());
        all.put("Runtime", from.runtimeAsString());
        all.put("MemorySize", String.valueOf(from.memorySize()));
        all.put("Timeout", String.valueOf(from.timeout()));
        all.put(
                "EphemeralStorage.Size",
                from.ephemeralStorage() == null
                        ? null
                        : String.valueOf(from.ephemeralStorage().size()));
        all.put(
                "TracingConfig.Mode",
                from.tracingConfig() == null ? null : from.tracingConfig().modeAsString());
        all.put(LAYERS, layers(from.layers().stream().map(Layer::arn).toList()));
        all.put("PackageType", from.packageTypeAsString());
        all.put("Role", from.role());
        all.put("KMSKeyArn", from.kmsKeyArn());
        all.put("Architectures", String.join(", ", from.architecturesAsStrings()));
        all.put(
                "DeadLetterConfig",
                from.deadLetterConfig() == null ? null : from.deadLetterConfig().targetArn());
        all.put("FileSystemConfigs", texts(from.fileSystemConfigs()));
        all.put("LoggingConfig", text(from.loggingConfig()));
        all.put("SnapStart", from.snapStart() == null ? null : from.snapStart().applyOnAsString());
        all.put(
                "VpcConfig",
                from.vpcConfig() == null || from.vpcConfig().subnetIds().isEmpty()
                        ? null
                        : new TreeSet<>(from.vpcConfig().subnetIds()) + " "
                                + new TreeSet<>(from.vpcConfig().securityGroupIds()));
        all.values().removeIf(Objects::isNull);
        return new FunctionConfig(
                all,
                from.environment() == null
                        ? Map.of()
                        : new TreeMap<>(from.environment().variables()));
    }

    String get(String property) {
        return properties.get(property);
    }

    Map<String, String> properties() {
        return properties;
    }

    Map<String, String> environment() {
        return environment;
    }

    static String layers(List<String> arns) {
        return arns.isEmpty() ? NONE : String.join(", ", arns);
    }

    /** Whether publishing {@code other} would give a version equal to this one; descriptions do not count. */
    boolean isSameAs(FunctionConfig other) {
        return comparable().equals(other.comparable()) && environment.equals(other.environment);
    }

    private Map<String, String> comparable() {
        var copy = new TreeMap<>(properties);
        copy.remove("Description");
        return copy;
    }

    private static String texts(Collection<?> items) {
        return items.isEmpty() ? null : items.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private static String text(Object item) {
        return item == null ? null : item.toString();
    }
}
