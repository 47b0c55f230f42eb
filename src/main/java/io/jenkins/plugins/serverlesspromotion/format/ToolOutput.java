package io.jenkins.plugins.serverlesspromotion.format;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** A tool whose build output can be released directly. */
public enum ToolOutput {
    /** AWS SAM: the output of {@code sam build}, or the template that {@code sam package} made of it. */
    SAM(".aws-sam/build"),
    /** Serverless Framework: the output of {@code serverless package}. */
    SERVERLESS(".serverless"),
    /** AWS CDK: the cloud assembly that {@code cdk synth} writes. */
    CDK("cdk.out");

    private final String folder;

    ToolOutput(String folder) {
        this.folder = folder;
    }

    /** The default output folder of the tool, relative to the project. */
    public String folder() {
        return folder;
    }

    /** The name in a command or a step: {@code sam}. */
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
