package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The parts of an in-toto Statement v1 that a gate can evaluate. The signature shows who made the statement.
 *
 * @param subjects the SHA-256 of all its subjects, 64 hexadecimal digits each
 * @param kind of {@link Evidence}
 * @param detail one sentence, may be null
 * @param at when it was produced, according to the statement; null: not given
 */
public record Statement(Set<String> subjects, String kind, Evidence.Result result, String detail, Instant at) {
    public Statement {
        subjects = Set.copyOf(subjects);
    }

    /**
     * Why it is not about {@code release}; empty when it is. It must be about the release's digest, or about every one
     * of its artifacts: a check of one file is not a check of the release.
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
