package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.model.Run;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/**
 * Identifies the requesting build and the step in it. It comes from the step's context, never from a value that a
 * script can set.
 */
final class BuildIdentity implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Before the full name of a job in {@code by} and among the publishers of a release. */
    static final String JOB = "job:";

    private final String job;
    private final int number;
    private final String key;

    private BuildIdentity(String job, int number, String key) {
        this.job = job;
        this.number = number;
        this.key = key;
    }

    static BuildIdentity of(Run<?, ?> run, FlowNode node) {
        return new BuildIdentity(run.getParent().getFullName(), run.getNumber(), key(run, node));
    }

    /** Full name of the job when the step began. */
    String job() {
        return job;
    }

    int number() {
        return number;
    }

    /** {@code job:team-orders/orders/main#218}, as the audit log names it. */
    String by() {
        return by(job, number);
    }

    static String by(String job, int number) {
        return JOB + job + "#" + number;
    }

    /**
     * A key that is always the same for the same step of the same build, and different for all others. A job that was
     * deleted and created again has builds with the same numbers, but with other times.
     */
    String key() {
        return key;
    }

    private static String key(Run<?, ?> run, FlowNode node) {
        String text = run.getExternalizableId() + "\n" + run.getTimeInMillis() + "\n" + node.getId();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
