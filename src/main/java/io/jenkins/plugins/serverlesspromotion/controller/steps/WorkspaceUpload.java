package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.AbortException;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.serverlesspromotion.engine.port.ArtifactStore;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.MasterToSlaveFileCallable;

/**
 * Runs on the agent of the workspace: sends files to addresses that accept exactly their bytes and expire soon. The
 * agent receives no credential. S3 confirms what arrived, not this class.
 */
final class WorkspaceUpload extends MasterToSlaveFileCallable<Void> {
    private static final long serialVersionUID = 1L;

    private static final int AT_A_TIME = 8;
    private static final int TRIES = 6;
    private static final Duration CONNECT = Duration.ofSeconds(30);
    private static final Duration PUT = Duration.ofMinutes(15);
    private static final Pattern ERROR = Pattern.compile("<Code>([^<]{1,100})</Code>(?:\\s*<Message>([^<]{1,500}))?");

    private final String manifest;
    private final List<FilePut> puts = new ArrayList<>();

    /** @param manifest as {@link WorkspaceRelease} was given it: paths are relative to it */
    WorkspaceUpload(String manifest) {
        this.manifest = manifest;
    }

    WorkspaceUpload add(Artifact artifact, ArtifactStore.Upload upload) {
        puts.add(new FilePut(artifact.path(), upload.address(), upload.headers()));
        return this;
    }

    private static final class FilePut implements Serializable {
        private static final long serialVersionUID = 1L;

        final String path;
        final URI address;
        final HashMap<String, String> headers;

        FilePut(String path, URI address, Map<String, String> headers) {
            this.path = path;
            this.address = address;
            this.headers = new HashMap<>(headers);
        }
    }

    @Override
    public Void invoke(File workspace, VirtualChannel channel) throws IOException, InterruptedException {
        Path root = workspace.toPath();
        Path folder = root.resolve(manifest).normalize().getParent();
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME, work -> {
            var thread = new Thread(work, "release-upload");
            thread.setDaemon(true);
            return thread;
        });
        try {
            var running = new ArrayList<Future<?>>();
            for (FilePut put : puts) {
                Path file = WorkspaceRelease.inside(
                        root, root.relativize(folder.resolve(put.path)).toString());
                running.add(threads.submit(() -> {
                    put(client, put, file);
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
            return null;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException known ? known : new IOException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private static void put(HttpClient client, FilePut put, Path file) throws IOException, InterruptedException {
        for (int tries = 1; ; tries++) {
            String problem;
            try {
                var request =
                        HttpRequest.newBuilder(put.address).timeout(PUT).PUT(HttpRequest.BodyPublishers.ofFile(file));
                put.headers.forEach(request::header);
                HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
                int status = response.statusCode();
                if (status == 200 || status == 412) {
                    return; // 412: the store has these bytes already, perhaps from a try whose answer was lost
                }
                problem = status + errorText(response.body());
                if (status != 409 && status != 408 && status != 429 && status < 500) {
                    throw new AbortException(
                            "artifact " + put.path + " was not accepted by the artifact store: " + problem
                                    + "; if the file changed while it was published, publish again when the build has ended");
                }
            } catch (AbortException e) {
                throw e;
            } catch (IOException e) {
                problem = e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
            }
            if (tries == TRIES) {
                throw new AbortException(
                        "artifact " + put.path + " could not be sent from this agent to " + put.address.getHost() + ": "
                                + problem + "; check that the agent reaches it, and publish again");
            }
            Thread.sleep(200L << tries);
        }
    }

    /** The error of S3, without the signature that some answers repeat. */
    private static String errorText(String body) {
        Matcher words = ERROR.matcher(body == null ? "" : body);
        return words.find() ? " " + words.group(1) + (words.group(2) == null ? "" : ": " + words.group(2)) : "";
    }
}
