package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.util.List;
import java.util.Optional;

/**
 * An immutable release that a team publishes. These four components are deployed, and only they determine the digest.
 * {@link Provenance} records who built it from which commits. A rebuild of the same bytes may add to it but never
 * change it.
 *
 * @param artifacts sorted by path; the templates and site files named by the manifest are among them
 */
public record Release(String service, String version, Manifest manifest, List<Artifact> artifacts) {
    public Release {
        Names.name("service", service);
        Names.version(version);
        artifacts = artifacts.stream()
                .sorted((a, b) -> a.path().compareTo(b.path()))
                .toList();
        if (!manifest.service().equals(service)) {
            throw new IllegalArgumentException("the manifest is of service " + manifest.service() + ", not " + service);
        }
    }

    public String id() {
        return service + "@" + version;
    }

    public Optional<Artifact> artifact(String path) {
        return artifacts.stream().filter(a -> a.path().equals(path)).findFirst();
    }

    /** The artifacts below the folder {@code directory}, in order of path. */
    public List<Artifact> below(String directory) {
        String prefix = directory.endsWith("/") ? directory : directory + "/";
        return artifacts.stream().filter(a -> a.path().startsWith(prefix)).toList();
    }
}
