package io.jenkins.plugins.serverlesspromotion.engine.lane;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A sentence in which moments and producers of evidence are still data, so that a surface can write them for its
 * reader and nothing has to be read out of the text again.
 */
public record Sentence(List<Part> parts) {
    public Sentence {
        parts = List.copyOf(parts);
    }

    /** A piece of it. */
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

    /** Who found something out: {@code job:team/orders}, {@code user:bob}, {@code key:ci}. */
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

    /** Goes on with when it was, or will be: {@code at 2026-11-21T10:00:00Z}. */
    public Sentence at(Instant moment) {
        return then(" ").with(new Moment(moment));
    }

    public Sentence by(String producer) {
        return with(new Producer(producer));
    }

    /** Goes on with these, {@code between} between them. */
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
     * @param producer writes who found something out
     */
    public String written(Function<Instant, String> moment, UnaryOperator<String> producer) {
        return parts.stream().map(part -> part.written(moment, producer)).collect(Collectors.joining());
    }

    /** As the command line and REST say it: moments in UTC, to the second. */
    @Override
    public String toString() {
        return written(at -> "at " + at.truncatedTo(ChronoUnit.SECONDS), producer -> producer);
    }
}
