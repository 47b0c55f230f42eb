package io.jenkins.plugins.serverlesspromotion.aws.context;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.engine.port.Templates;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Replaces the local files of a template by their staged copies. The template of a nested stack is rendered first, with
 * the files that it names, and its result is staged under its own digest.
 */
public final class TemplateStaging {
    private final TargetContext job;
    private final Staging staging;
    private final boolean writes;
    private final Map<String, Artifact> files = new TreeMap<>();
    private final Map<String, Templates.Code> nested = new HashMap<>();
    private final Set<String> begun = new HashSet<>();
    private final Map<String, String> rewrites = new HashMap<>();

    private TemplateStaging(TargetContext job, Staging staging, boolean writes) {
        this.job = job;
        this.staging = staging;
        this.writes = writes;
    }

    /** Copies what is not staged yet. */
    public static TemplateStaging copying(TargetContext job, Staging staging) {
        return new TemplateStaging(job, staging, true);
    }

    /** Finds existing copies only. */
    public static TemplateStaging reading(TargetContext job, Staging staging) {
        return new TemplateStaging(job, staging, false);
    }

    /** Every file that was named, also by nested templates, in order of path. */
    public List<Artifact> files() {
        return List.copyOf(files.values());
    }

    /** Texts that differ between accounts, with what people see instead. */
    public Map<String, String> rewrites() {
        return Map.copyOf(rewrites);
    }

    /**
     * @param path of the template in the release
     * @throws DeploymentException when the release or a staged copy lacks a file
     */
    public byte[] render(String path, byte[] template) throws InterruptedException {
        List<Artifact> named;
        List<String> inner;
        try {
            named = staging.artifacts(job.templates.localCode(path, template));
            inner = job.templates.nestedTemplates(path, template);
        } catch (IllegalArgumentException e) {
            throw DeploymentException.failed(e.getMessage());
        }
        var plain = new ArrayList<Artifact>();
        for (Artifact artifact : named) {
            files.put(artifact.path(), artifact);
            if (inner.contains(artifact.path())) {
                nest(artifact);
            } else {
                plain.add(artifact);
            }
        }
        var code = new LinkedHashMap<String, Templates.Code>();
        Map<String, Staging.Staged> staged = writes ? staging.stage(plain, job.requests) : staging.present(plain);
        for (Artifact artifact : plain) {
            Staging.Staged one = staged.get(artifact.path());
            if (one == null) {
                throw gone(artifact.path());
            }
            rewrites.put(one.version(), "(version of " + artifact.digest() + ")");
            code.put(artifact.path(), new Templates.Code(one.bucket(), one.key(), one.version()));
        }
        inner.forEach(one -> code.put(one, nested.get(one)));
        return job.templates.render(path, template, code);
    }

    private void nest(Artifact artifact) throws InterruptedException {
        String path = artifact.path();
        if (nested.containsKey(path)) {
            return;
        }
        if (!begun.add(path)) {
            throw DeploymentException.failed("template " + path + " of "
                    + job.release.ref().id() + " nests itself; correct it and publish a new version");
        }
        byte[] text = render(path, staging.read(artifact));
        Staging.Staged one =
                writes ? staging.put(text, contentType(path), job.requests) : staging.present(Sha256.hex(text));
        if (one == null) {
            throw gone(path);
        }
        String url = job.session(AwsSessions.Purpose.PLAN).url(job.region(), one.bucket(), one.key(), one.version());
        rewrites.put(one.key(), "(template " + artifact.digest() + ")");
        rewrites.put(one.version(), "(version of " + artifact.digest() + ")");
        nested.put(path, new Templates.Code(one.bucket(), one.key(), one.version(), url));
    }

    private DeploymentException gone(String path) {
        return DeploymentException.errored("the staged copy of " + path + " is gone from "
                + job.account.bucketIn(job.region()) + ", so the template cannot be compared;"
                + " promote the release again to bring it back");
    }

    /** The type of the object that holds a template. */
    public static String contentType(String path) {
        return path.endsWith(".json") ? "application/json" : "application/yaml";
    }
}
