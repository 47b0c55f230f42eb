package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.List;

/**
 * How large a template becomes while its functions, loops and globals are filled in. A template of 1 MiB can become many
 * gigabytes, which CloudFormation would refuse. Such a template is not analysed further, and a finding says so.
 */
final class Growth {
    /** Characters and values that may be made: four times the largest template. */
    private static final long MOST = 4L << 20;

    /** In characters: what a value of a list costs besides its text. */
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
     * To be called before {@code size} characters or values are made.
     *
     * @throws TooLargeException when that is too much together with what was made before
     */
    void add(long size) {
        made += size;
        if (made > MOST) {
            throw new TooLargeException();
        }
    }

    /** The same for what a function gave or what is copied: all that is in it. */
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
