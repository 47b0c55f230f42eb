package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.AbortException;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.manifest.ManifestReader;
import io.jenkins.plugins.serverlesspromotion.format.manifest.MarkedManifest;
import io.jenkins.plugins.serverlesspromotion.format.manifest.NoEchoCheck;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An agent's report about a release, which the controller verifies. It trusts nothing of it: it parses the manifest
 * again, and every file must be one that the manifest names. Digests need no trust, because S3 accepts no other bytes
 * for them.
 *
 * @param manifest for messages with a line
 * @param noEcho the parameters with NoEcho, each as {@code TARGET.PARAMETER}
 * @param templates the templates by path
 */
record ClaimedRelease(Release release, MarkedManifest manifest, List<String> noEcho, Map<String, byte[]> templates) {
    /** More files than any site that an agent could read. */
    private static final int MOST_FILES = 50_000;

    /** As many as resources of one stack, which CloudFormation limits. */
    private static final int MOST_TEMPLATES = 500;

    /** @throws AbortException, IllegalArgumentException naming the mismatch */
    static ClaimedRelease of(String name, String version, WorkspaceRelease.Claim claim) throws AbortException {
        if (claim.files.size() > MOST_FILES) {
            throw new AbortException("the release has more than " + MOST_FILES + " files; split the service");
        }
        MarkedManifest marked = ManifestReader.readMarked(name, claim.manifest);
        var artifacts = new LinkedHashMap<String, Artifact>();
        for (WorkspaceRelease.FileClaim file : claim.files) {
            if (artifacts.put(file.path, new Artifact(file.path, file.sha256, file.size)) != null) {
                throw new AbortException("the agent names " + file.path + " twice");
            }
        }
        Manifest manifest = marked.manifest();
        var unnamed = new LinkedHashMap<>(artifacts);
        var noEcho = new NoEchoCheck(marked);
        var templates = new LinkedHashMap<String, byte[]>();
        for (Manifest.Target target : manifest.targets()) {
            if (target instanceof Manifest.CloudFormation stack) {
                template(stack.template(), "the manifest", claim.templates, artifacts, unnamed, new HashSet<>());
                noEcho.template(stack, claim.templates.get(stack.template()));
                templates.put(stack.template(), claim.templates.get(stack.template()));
            } else if (target instanceof Manifest.Lambda lambda) {
                unnamed.remove(named(lambda.code(), "the manifest", artifacts).path());
            } else if (target instanceof Manifest.Site site) {
                site(site.directory(), artifacts, unnamed);
            }
        }
        if (!unnamed.isEmpty()) {
            throw new AbortException(
                    "the agent brings " + unnamed.keySet().iterator().next() + ", which the manifest does not name");
        }
        return new ClaimedRelease(
                new Release(manifest.service(), version, manifest, List.copyOf(artifacts.values())),
                marked,
                noEcho.parameters(),
                templates);
    }

    private static void template(
            String path,
            String by,
            Map<String, byte[]> templates,
            Map<String, Artifact> artifacts,
            Map<String, Artifact> unnamed,
            Set<String> read)
            throws AbortException {
        if (!read.add(path)) {
            return;
        }
        if (read.size() > MOST_TEMPLATES) {
            throw new AbortException("a stack has more than " + MOST_TEMPLATES + " nested templates; nest less");
        }
        Artifact artifact = named(path, by, artifacts);
        byte[] bytes = templates.get(path);
        if (bytes == null
                || bytes.length != artifact.size()
                || !CanonicalDigests.sha256(bytes).equals(artifact.digest())) {
            throw new AbortException(
                    "template " + path + " changed while it was published; publish again when the build has ended");
        }
        unnamed.remove(path);
        var reader = new TemplateReader();
        for (String file : reader.localCode(path, bytes)) {
            named(file, "template " + path, artifacts);
            unnamed.remove(file);
        }
        for (String nested : reader.nestedTemplates(path, bytes)) {
            template(nested, "template " + path, templates, artifacts, unnamed, read);
        }
    }

    private static void site(String directory, Map<String, Artifact> artifacts, Map<String, Artifact> unnamed)
            throws AbortException {
        String below = directory.endsWith("/") ? directory : directory + "/";
        if (artifacts.keySet().stream().noneMatch(path -> path.startsWith(below))) {
            throw new AbortException("the agent brings no file of site " + directory);
        }
        unnamed.keySet().removeIf(path -> path.startsWith(below));
    }

    private static Artifact named(String path, String by, Map<String, Artifact> artifacts) throws AbortException {
        Artifact artifact = artifacts.get(path);
        if (artifact == null) {
            throw new AbortException("the agent does not bring " + path + ", which " + by + " names");
        }
        return artifact;
    }
}
