package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.List;

/**
 * Limits the size of a template while its functions, loops and globals are filled in. A template of 1 MiB can grow to
 * many gigabytes, which CloudFormation would refuse. Such a template is not analysed further, and a finding reports
 * this.
 */
final class Growth {
    /** Limit of characters and values: four times the largest template. */
    private static final long MOST = 4L << 20;

    /** In characters: the cost of a list value in addition to its text. */
    private static final int ITEM = 16;

    private long made;

    /** The template becomes too large. */
    static final class TooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooLargeException() {
            super("it becomes too large when its functions, loops and globals are filled in");
        }
    }

    /**
     * Must be called before {@code size} characters or values are created.
     *
     * @throws TooLargeException when the total would exceed the limit
     */
    void add(long size) {
        made += size;
        if (made > MOST) {
            throw new TooLargeException();
        }
    }

    /** The same for the result of a function or a copy, with everything in it. */
    void add(Object value) {
        add(size(value));
    }

    private static long size(Object value) {
        if (value instanceof String text) {
            return text.length();
        } else if (value instanceof List<?> list) {
            return list.stream().mapToLong(item -> ITEM + size(item)).sum();
        } else if (value instanceof TemplateQuery.Choice choice) {
            return size(choice.options());
        }
        return TemplateQuery.map(value).entrySet().stream()
                .mapToLong(member -> ITEM + member.getKey().length() + size(member.getValue()))
                .sum();
    }
}
