package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.format.artifact.ReleaseAssembler;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Puts the artifacts of a release into the store, several at a time, each content once. */
final class Uploads {
    private static final int AT_A_TIME = 8;

    private final Invocation invocation;
    private int done;

    Uploads(Invocation invocation) {
        this.invocation = invocation;
    }

    /**
     * @return version id in the store by artifact digest
     * @throws Exception of the first upload that failed; the others are stopped
     */
    Map<String, String> put(Policy.Store store, Policy.Account account, List<ReleaseAssembler.Upload> uploads)
            throws Exception {
        var distinct = new LinkedHashMap<String, ReleaseAssembler.Upload>();
        uploads.forEach(u -> distinct.putIfAbsent(u.artifact().digest(), u));
        ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME, task -> {
            var thread = new Thread(task, "upload");
            thread.setDaemon(true);
            return thread;
        });
        try (Ports ports = invocation.newPorts()) {
            var futures = new ArrayList<Future<Map.Entry<String, String>>>();
            distinct.forEach((digest, upload) -> futures.add(pool.submit(() -> {
                Artifact artifact = upload.artifact();
                String version = ports.artifacts().put(store, account, artifact, upload.file());
                stored(artifact, distinct.size());
                return Map.entry(digest, version);
            })));
            return collect(futures);
        } finally {
            pool.shutdownNow();
        }
    }

    private synchronized void stored(Artifact artifact, int all) {
        done++;
        invocation
                .screen()
                .note("stored " + done + "/" + all + " " + artifact.path() + " (" + artifact.size() + " bytes, "
                        + Wording.digest(artifact.sha256()) + ")");
    }

    private static Map<String, String> collect(List<Future<Map.Entry<String, String>>> futures) throws Exception {
        var versions = new TreeMap<String, String>();
        try {
            for (var future : futures) {
                Map.Entry<String, String> version = future.get();
                versions.put(version.getKey(), version.getValue());
            }
        } catch (ExecutionException e) {
            futures.forEach(f -> f.cancel(true));
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
        return versions;
    }
}
