package io.jenkins.plugins.serverlesspromotion.engine.lane;

import java.util.Arrays;
import java.util.Optional;

/**
 * The scope of a pause. The journal, REST and the commands write it as one text, which only this class parses.
 *
 * @param name of the environment or the service; null where the kind has no name
 */
public record PauseScope(Kind kind, String name) {
    public enum Kind {
        EVERYTHING("everything", false),
        /** While the configured policy is not valid. */
        CONFIGURATION("configuration", false),
        ENVIRONMENT("environment", true),
        SERVICE("service", true);

        private final String word;
        private final boolean named;

        Kind(String word, boolean named) {
            this.word = word;
            this.named = named;
        }
    }

    public PauseScope {
        if (kind.named != (name != null)) {
            throw new IllegalArgumentException(kind + (name == null ? " needs a name" : " has no name"));
        }
    }

    /** A pause of everything, or of the configuration. */
    public PauseScope(Kind kind) {
        this(kind, null);
    }

    /** Empty for a text that this version does not write. */
    public static Optional<PauseScope> of(String text) {
        String[] words = text.split(" ", 2);
        String name = words.length == 1 ? null : words[1];
        return Arrays.stream(Kind.values())
                .filter(k -> k.word.equals(words[0]) && k.named == (name != null))
                .findFirst()
                .map(k -> new PauseScope(k, name));
    }

    boolean covers(LaneId lane) {
        return switch (kind) {
            case EVERYTHING, CONFIGURATION -> true;
            case ENVIRONMENT -> name.equals(lane.environment());
            case SERVICE -> name.equals(lane.service());
        };
    }

    @Override
    public String toString() {
        return name == null ? kind.word : kind.word + " " + name;
    }
}
