package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What an in-toto Statement v1 says, as far as a gate can ask for it. Whose statement it is, its signature says.
 *
 * @param subjects the SHA-256 of everything that it is about, 64 hexadecimal digits each
 * @param kind of {@link Evidence}
 * @param detail one sentence, may be null
 * @param at when it was found out, as the statement itself says; null: it does not say
 */
public record Statement(Set<String> subjects, String kind, Evidence.Result result, String detail, Instant at) {
    public Statement {
        subjects = Set.copyOf(subjects);
    }

    /**
     * Why it says nothing about {@code release}; empty when it does. It must be about the release's digest, or about
     * every one of its artifacts: who looked at one file of several has not looked at the release.
     */
    public Optional<String> whyNotAbout(Published release) {
        if (subjects.contains(release.ref().digest().substring("sha256:".length()))) {
            return Optional.empty();
        }
        Set<String> missing = release.release().artifacts().stream()
                .filter(a -> !subjects.contains(a.sha256()))
                .map(Artifact::path)
                .collect(Collectors.toCollection(TreeSet::new));
        int all = release.release().artifacts().size();
        if (all > 0 && missing.isEmpty()) {
            return Optional.empty();
        }
        String id = release.ref().id();
        return Optional.of(
                missing.size() == all
                        ? "the statement is not about " + id + ", whose digest is "
                                + release.ref().digest()
                        : "the statement is about some files of " + id + " only, and not about "
                                + String.join(", ", missing));
    }
}
