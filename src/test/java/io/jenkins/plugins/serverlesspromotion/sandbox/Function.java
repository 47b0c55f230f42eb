package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A Lambda function: $LATEST, its published versions, its aliases and its resource policy. */
final class Function implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Code and configuration, of $LATEST or of a published version. */
    static final class Version implements Serializable {
        private static final long serialVersionUID = 1L;
        String number = "$LATEST";
        /** The members of CreateFunction that make up the configuration. */
        ObjectNode config;

        byte[] code;
        String sha;
        String revision;
        /** Whether the revision id changes once more after it was read. */
        boolean restless;

        Instant modified = Instant.now();
        String state = "Active";
        String update = "Successful";
        String updateReason;

        Version copy() {
            Version copy = new Version();
            copy.number = number;
            copy.config = config.deepCopy();
            copy.code = code;
            copy.sha = sha;
            copy.revision = revision;
            copy.modified = modified;
            copy.state = state;
            copy.update = update;
            copy.updateReason = updateReason;
            return copy;
        }

        /** What makes two versions the same for PublishVersion; their descriptions do not count. */
        String content() {
            ObjectNode plain = config.deepCopy();
            plain.remove("Description");
            return sha + SandboxJson.write(plain);
        }
    }

    /** An alias; {@code weights} holds at most one additional version. */
    static final class Alias implements Serializable {
        private static final long serialVersionUID = 1L;
        final String name;
        String version;
        String description = "";
        Map<String, Double> weights = new LinkedHashMap<>();
        /** The weights are Lambda's own, until provisioned concurrency of the new version is ready. */
        boolean provisioning;

        String revision;
        private long calls;

        Alias(String name) {
            this.name = name;
        }

        /** The version of the next call: weights are met exactly, not by chance. */
        String route() {
            long call = calls++;
            for (Map.Entry<String, Double> weight : weights.entrySet()) {
                if (Math.floor((call + 1) * weight.getValue()) > Math.floor(call * weight.getValue())) {
                    return weight.getKey();
                }
            }
            return version;
        }

        Map<String, Object> content() {
            return SandboxJson.map("version", version, "weights", weights, "description", description);
        }
    }

    final String name;
    final String account;
    final String region;
    final String arn;
    Version latest = new Version();
    /** What calls of $LATEST run while an update of it is in progress. */
    Version running;

    final TreeMap<Integer, Version> versions = new TreeMap<>();
    int lastVersion;
    final Map<String, Alias> aliases = new TreeMap<>();
    /** Statements of the resource policy by qualifier and id. */
    final Map<String, JsonNode> permissions = new LinkedHashMap<>();

    final Map<String, Integer> provisioned = new TreeMap<>();
    final Map<String, String> provisionedStatus = new TreeMap<>();
    final Map<String, String> tags = new LinkedHashMap<>();
    JsonNode url;

    Function(String name, String account, String region) {
        this.name = name;
        this.account = account;
        this.region = region;
        this.arn = "arn:aws:lambda:" + region + ":" + account + ":function:" + name;
    }

    /**
     * Code and configuration by version number; null or $LATEST is the unpublished one.
     *
     * @throws AwsError ResourceNotFoundException
     */
    Version version(String number) {
        if (number == null || number.equals("$LATEST")) {
            return latest;
        }
        Version version = number.matches("[0-9]{1,9}") ? versions.get(Integer.valueOf(number)) : null;
        if (version == null) {
            throw missing(":" + number);
        }
        return version;
    }

    Alias alias(String alias) {
        Alias found = aliases.get(alias);
        if (found == null) {
            throw new AwsError(404, "ResourceNotFoundException", "Cannot find alias arn: " + arn + ":" + alias);
        }
        return found;
    }

    /** A version by qualifier: number, $LATEST or alias, whose primary version counts. */
    Version qualified(String qualifier) {
        if (qualifier == null || qualifier.equals("$LATEST") || qualifier.matches("[0-9]+")) {
            return version(qualifier);
        }
        if (!aliases.containsKey(qualifier)) {
            throw missing(":" + qualifier);
        }
        return version(aliases.get(qualifier).version);
    }

    AwsError missing(String suffix) {
        return new AwsError(404, "ResourceNotFoundException", "Function not found: " + arn + suffix);
    }

    boolean busy() {
        return latest.state.equals("Pending") || latest.update.equals("InProgress");
    }

    /** The answer of GetFunctionConfiguration for a version. */
    ObjectNode describe(Version version, boolean qualified) {
        ObjectNode out = SandboxJson.object();
        out.put("FunctionName", name);
        out.put("FunctionArn", qualified ? arn + ":" + version.number : arn);
        out.setAll(version.config.deepCopy());
        JsonNode layers = version.config.get("Layers");
        if (layers != null) {
            var list = out.putArray("Layers");
            layers.forEach(layer -> list.addObject().put("Arn", layer.asText()).put("CodeSize", 0));
        }
        JsonNode snap = version.config.get("SnapStart");
        if (snap != null) {
            boolean on = !version.number.equals("$LATEST")
                    && snap.path("ApplyOn").asText().equals("PublishedVersions");
            out.putObject("SnapStart")
                    .put("ApplyOn", snap.path("ApplyOn").asText())
                    .put("OptimizationStatus", on ? "On" : "Off");
        }
        out.put("CodeSize", version.code.length);
        out.put("CodeSha256", version.sha);
        out.put("Version", version.number);
        out.put("RevisionId", version.revision);
        out.put("LastModified", version.modified.toString().replaceAll("(\\.[0-9]{3})?[0-9]*Z$", "$1+0000"));
        out.put("State", version.state);
        if (version.state.equals("Pending")) {
            out.put("StateReason", "The function is being created.");
            out.put("StateReasonCode", "Creating");
        }
        out.put("LastUpdateStatus", version.update);
        if (version.update.equals("InProgress")) {
            out.put("LastUpdateStatusReason", "The function is being created.");
            out.put("LastUpdateStatusReasonCode", "Creating");
        } else if (version.update.equals("Failed")) {
            out.put("LastUpdateStatusReason", version.updateReason);
            out.put("LastUpdateStatusReasonCode", "InternalError");
        }
        return out;
    }
}
