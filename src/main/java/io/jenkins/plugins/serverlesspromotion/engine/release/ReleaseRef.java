package io.jenkins.plugins.serverlesspromotion.engine.release;

/**
 * A release by name and content.
 *
 * @param digest SHA-256 of the release's canonical JSON: what an approval binds to
 * @param number order of publication within the service, from 1. "Older" and "newer" mean this order, because a version
 *     is any text that the team chose
 */
public record ReleaseRef(String service, String version, String digest, long number) {
    public ReleaseRef {
        Names.name("service", service);
        Names.version(version);
        Names.digest(digest);
        if (number < 1) {
            throw new IllegalArgumentException("release number must be at least 1, was " + number);
        }
    }

    /** {@code orders@1.4.2} */
    public String id() {
        return service + "@" + version;
    }

    @Override
    public String toString() {
        return id();
    }
}
