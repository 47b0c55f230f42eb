package io.jenkins.plugins.serverlesspromotion.format;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** A tool whose build can be released as it is. */
public enum ToolOutput {
    /** AWS SAM: what {@code sam build} leaves, or what {@code sam package} made of it. */
    SAM(".aws-sam/build"),
    /** Serverless Framework: what {@code serverless package} leaves. */
    SERVERLESS(".serverless"),
    /** AWS CDK: the cloud assembly that {@code cdk synth} leaves. */
    CDK("cdk.out");

    private final String folder;

    ToolOutput(String folder) {
        this.folder = folder;
    }

    /** Where the tool puts its output unless it is told otherwise, relative to the project. */
    public String folder() {
        return folder;
    }

    /** As it is written in a command or a step: {@code sam}. */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    public static Optional<ToolOutput> named(String word) {
        return Arrays.stream(values()).filter(t -> t.word().equals(word)).findFirst();
    }

    /** {@code sam, serverless, cdk}. */
    public static String words() {
        return Arrays.stream(values()).map(ToolOutput::word).collect(Collectors.joining(", "));
    }
}
