package io.jenkins.plugins.serverlesspromotion.engine.port;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Stores artifacts: content-addressed, versioned, never overwritten. */
public interface ArtifactStore {
    /**
     * Uploads the file unless its bytes are already stored, and returns the version id to read it by. It trusts only
     * the digest and length that the store itself reports.
     *
     * @throws IOException naming the artifact and the reason: the file changed meanwhile, the bucket is not versioned,
     *     belongs to another account, or cannot be reached
     */
    String put(Policy.Store store, Policy.Account account, Artifact artifact, Path file)
            throws IOException, InterruptedException;

    /**
     * Upload addresses for a client without credentials. Each accepts only these bytes, and only while the object does
     * not exist.
     *
     * @param validFor at most an hour; less when the credentials expire before
     * @return one for each artifact, in their order; secret until they expire
     * @throws IOException when the store cannot be reached
     */
    List<Upload> presign(Policy.Store store, Policy.Account account, List<Artifact> artifacts, Duration validFor)
            throws IOException, InterruptedException;

    /**
     * The artifacts that are stored, by the digest and length that the store itself reports.
     *
     * @return version id by digest of the stored artifacts
     * @throws IOException when another object has an artifact's key, or the store cannot be reached
     */
    Map<String, String> stored(Policy.Store store, Policy.Account account, List<Artifact> artifacts)
            throws IOException, InterruptedException;

    /**
     * A PUT request that the store accepts.
     *
     * @param headers to be sent unchanged; Content-Length is not among them
     */
    record Upload(URI address, Map<String, String> headers) {
        public Upload {
            headers = Map.copyOf(headers);
        }

        /** Anyone who knows the address may upload: it must not be in any log. */
        @Override
        public String toString() {
            return "Upload to " + address.getHost();
        }
    }
}
