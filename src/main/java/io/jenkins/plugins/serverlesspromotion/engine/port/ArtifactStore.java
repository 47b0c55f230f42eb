package io.jenkins.plugins.serverlesspromotion.engine.port;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Where artifacts are kept: content-addressed, versioned, never overwritten. */
public interface ArtifactStore {
    /**
     * Puts the file unless its bytes are there already, and answers the version id to read it by. Only the store's own
     * answer about digest and length is trusted.
     *
     * @throws IOException saying which artifact and why: the file changed meanwhile, the bucket is not versioned, is
     *     not the account's, or cannot be reached
     */
    String put(Policy.Store store, Policy.Account account, Artifact artifact, Path file)
            throws IOException, InterruptedException;

    /**
     * How somebody without credentials puts each of the artifacts: only these bytes, only where nothing is yet.
     *
     * @param validFor at most an hour; less when the credentials end before
     * @return one for each artifact, in their order; secret until they expire
     * @throws IOException when the store cannot be reached
     */
    List<Upload> presign(Policy.Store store, Policy.Account account, List<Artifact> artifacts, Duration validFor)
            throws IOException, InterruptedException;

    /**
     * Which of the artifacts are there, by the store's own answer about digest and length.
     *
     * @return version id by digest of those that are
     * @throws IOException when something else stands where an artifact belongs, or the store cannot be reached
     */
    Map<String, String> stored(Policy.Store store, Policy.Account account, List<Artifact> artifacts)
            throws IOException, InterruptedException;

    /**
     * A PUT that the store will take.
     *
     * @param headers to be sent exactly so; the length of the body goes without saying
     */
    record Upload(URI address, Map<String, String> headers) {
        public Upload {
            headers = Map.copyOf(headers);
        }

        /** Whoever knows the address may upload: it stays out of every log. */
        @Override
        public String toString() {
            return "Upload to " + address.getHost();
        }
    }
}
