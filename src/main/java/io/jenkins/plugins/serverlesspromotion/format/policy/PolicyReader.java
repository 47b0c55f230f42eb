package io.jenkins.plugins.serverlesspromotion.format.policy;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.input.Limits;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import io.jenkins.plugins.serverlesspromotion.format.input.Source;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads {@code policy.yaml}: the policy as docs/reference/policy-keys.md describes it, either alone or below
 * {@code unclassified.serverlessPromotion} as Configuration as Code has it.
 */
public final class PolicyReader {
    private PolicyReader() {}

    /**
     * @param file for messages
     * @throws InputException with every reason why this is not a valid policy
     */
    public static Policy read(String file, byte[] bytes) {
        var problems = new Problems();
        return new PolicyCompiler(problems).compile(Source.read(file, bytes, Limits.INPUT, problems));
    }

    /**
     * Reads a file of at most 1 MiB.
     *
     * @throws IOException when it exists and cannot be read
     */
    public static Policy read(Path file) throws IOException {
        return read(file.toString(), Source.bytes(file, file.toString(), Limits.INPUT));
    }
}
