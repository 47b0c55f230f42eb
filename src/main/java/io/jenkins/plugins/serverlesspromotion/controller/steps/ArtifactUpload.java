package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.ArtifactStore;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Uploads the artifacts of a release from a workspace into the store. The agent never has a credential. */
final class ArtifactUpload {
    /** Addresses are signed for so many files at once, so that none expires before its turn. */
    private static final int AT_ONCE = 200;

    /** From the signature to the beginning of the PUT. */
    private static final Duration VALID = Duration.ofMinutes(15);

    private final ArtifactStore artifacts;
    private final Policy.Store store;
    private final Policy.Account account;
    private final FilePath workspace;
    private final String manifest;

    ArtifactUpload(
            ArtifactStore artifacts, Policy.Store store, Policy.Account account, FilePath workspace, String manifest) {
        this.artifacts = artifacts;
        this.store = store;
        this.account = account;
        this.workspace = workspace;
        this.manifest = manifest;
    }

    /** @return version id by digest, of every artifact, as the store reports it */
    Map<String, String> of(Release release, PrintStream log) throws IOException, InterruptedException {
        var distinct = new LinkedHashMap<String, Artifact>();
        release.artifacts().forEach(a -> distinct.putIfAbsent(a.digest(), a));
        var all = new ArrayList<>(distinct.values());
        var versions = new TreeMap<String, String>();
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            versions.putAll(some(all.subList(from, Math.min(from + AT_ONCE, all.size())), log));
        }
        return versions;
    }

    private Map<String, String> some(List<Artifact> wanted, PrintStream log) throws IOException, InterruptedException {
        var there = new TreeMap<>(artifacts.stored(store, account, wanted));
        List<Artifact> missing = missing(wanted, there);
        if (missing.isEmpty()) {
            return there;
        }
        List<ArtifactStore.Upload> uploads = artifacts.presign(store, account, missing, VALID);
        var upload = new WorkspaceUpload(manifest);
        for (int i = 0; i < missing.size(); i++) {
            upload.add(missing.get(i), uploads.get(i));
        }
        workspace.act(upload);
        there.putAll(artifacts.stored(store, account, missing));
        List<Artifact> lost = missing(wanted, there);
        if (!lost.isEmpty()) {
            throw new AbortException("artifact " + lost.get(0).path() + " did not arrive in the artifact store "
                    + store.name() + ", although the agent reported that; publish again");
        }
        missing.forEach(a -> log.println("stored " + a.path() + " (" + a.size() + " bytes, " + a.digest() + ")"));
        return there;
    }

    private static List<Artifact> missing(List<Artifact> wanted, Map<String, String> there) {
        return wanted.stream().filter(a -> !there.containsKey(a.digest())).toList();
    }
}
