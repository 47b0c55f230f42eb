package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** An SSM parameter with all its versions, numbered from 1. */
final class Parameter implements Serializable {
    private static final long serialVersionUID = 1L;

    record Version(String value, Instant at) implements Serializable {}

    final String name;
    String type;
    final List<Version> versions = new ArrayList<>();

    Parameter(String name, String type) {
        this.name = name;
        this.type = type;
    }

    long add(String value) {
        versions.add(new Version(value, Instant.now()));
        return versions.size();
    }

    /**
     * A version by number, the newest for null.
     *
     * @throws AwsError ParameterVersionNotFound
     */
    Version version(String selector) {
        if (selector == null) {
            return versions.get(versions.size() - 1);
        }
        if (selector.matches("[0-9]{1,9}")) {
            int number = Integer.parseInt(selector);
            if (number >= 1 && number <= versions.size()) {
                return versions.get(number - 1);
            }
        }
        throw new AwsError(
                400,
                "ParameterVersionNotFound",
                "Systems Manager could not find version " + selector + " of " + name
                        + ". Verify the version and try again.");
    }
}
