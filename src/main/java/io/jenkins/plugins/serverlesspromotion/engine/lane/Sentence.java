package io.jenkins.plugins.serverlesspromotion.engine.lane;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A sentence in which moments and producers of evidence are still data. So each caller can format them for its reader,
 * and no one has to parse the text again.
 */
public record Sentence(List<Part> parts) {
    public Sentence {
        parts = List.copyOf(parts);
    }

    /** A part of it. */
    public sealed interface Part {
        String written(Function<Instant, String> moment, UnaryOperator<String> producer);
    }

    public record Text(String text) implements Part {
        @Override
        public String written(Function<Instant, String> moment, UnaryOperator<String> producer) {
            return text;
        }
    }

    /** When something happened or will happen. */
    public record Moment(Instant at) implements Part {
        @Override
        public String written(Function<Instant, String> moment, UnaryOperator<String> producer) {
            return moment.apply(at);
        }
    }

    /** The producer of evidence: {@code job:team/orders}, {@code user:bob}, {@code key:ci}. */
    public record Producer(String id) implements Part {
        @Override
        public String written(Function<Instant, String> moment, UnaryOperator<String> producer) {
            return producer.apply(id);
        }
    }

    public static Sentence of(String text) {
        return new Sentence(List.of(new Text(text)));
    }

    public Sentence then(String text) {
        return with(new Text(text));
    }

    /** Appends a past or future moment: {@code at 2026-11-21T10:00:00Z}. */
    public Sentence at(Instant moment) {
        return then(" ").with(new Moment(moment));
    }

    public Sentence by(String producer) {
        return with(new Producer(producer));
    }

    /** Appends these, separated by {@code between}. */
    public Sentence byAny(List<String> producers, String between) {
        Sentence all = this;
        for (int i = 0; i < producers.size(); i++) {
            all = (i == 0 ? all : all.then(between)).by(producers.get(i));
        }
        return all;
    }

    private Sentence with(Part part) {
        var all = new ArrayList<>(parts);
        all.add(part);
        return new Sentence(all);
    }

    /**
     * The sentence for a reader.
     *
     * @param moment writes a moment, with its "at" if it needs one
     * @param producer writes the producer of evidence
     */
    public String written(Function<Instant, String> moment, UnaryOperator<String> producer) {
        return parts.stream().map(part -> part.written(moment, producer)).collect(Collectors.joining());
    }

    /** As shown by the command line and REST: moments in UTC, to the second. */
    @Override
    public String toString() {
        return written(at -> "at " + at.truncatedTo(ChronoUnit.SECONDS), producer -> producer);
    }
}
