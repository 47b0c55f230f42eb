package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A secret with its versions; a staging label is on at most one of them. */
final class Secret implements Serializable {
    private static final long serialVersionUID = 1L;

    /** One version; {@code binary} is base64. */
    static final class Version implements Serializable {
        private static final long serialVersionUID = 1L;
        final String id;
        final String text;
        final String binary;
        final Instant created = Instant.now();
        final List<String> stages = new ArrayList<>();

        Version(String id, String text, String binary) {
            this.id = id;
            this.text = text;
            this.binary = binary;
        }
    }

    final String name;
    final String arn;
    final Instant created = Instant.now();
    final Map<String, Version> versions = new LinkedHashMap<>();

    Secret(String name, String arn) {
        this.name = name;
        this.arn = arn;
    }

    /** Adds a version; AWSCURRENT moves to it and its former holder becomes AWSPREVIOUS. */
    void put(String id, String text, String binary, List<String> stages) {
        Version version = new Version(id, text, binary);
        for (String stage : stages) {
            for (Version other : versions.values()) {
                if (other.stages.remove(stage) && stage.equals("AWSCURRENT")) {
                    versions.values().forEach(old -> old.stages.remove("AWSPREVIOUS"));
                    other.stages.add("AWSPREVIOUS");
                }
            }
            version.stages.add(stage);
        }
        versions.put(id, version);
    }

    /**
     * A version by id or stage, AWSCURRENT when both are null.
     *
     * @throws AwsError ResourceNotFoundException
     */
    Version version(String id, String stage) {
        for (Version version : versions.values()) {
            String wanted = stage == null && id == null ? "AWSCURRENT" : stage;
            if ((id == null || version.id.equals(id)) && (wanted == null || version.stages.contains(wanted))) {
                return version;
            }
        }
        throw new AwsError(
                400,
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret value for "
                        + (id != null ? "VersionId: " + id : "staging label: " + stage));
    }
}
