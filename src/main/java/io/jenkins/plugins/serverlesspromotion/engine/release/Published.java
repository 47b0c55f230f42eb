package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * A release that was handed over, with where its bytes are.
 *
 * @param store name of the artifact store in policy
 * @param versions S3 version id by artifact digest ({@code sha256:…}): reading never means "the newest"
 * @param by who or what published it first
 */
public record Published(
        ReleaseRef ref,
        Release release,
        Provenance provenance,
        String store,
        Map<String, String> versions,
        Instant at,
        String by) {
    public Published {
        versions = java.util.Collections.unmodifiableMap(new TreeMap<>(versions));
        if (!ref.id().equals(release.id())) {
            throw new IllegalArgumentException(ref.id() + " is not " + release.id());
        }
    }

    public Published with(Provenance more) {
        return new Published(ref, release, more, store, versions, at, by);
    }
}
