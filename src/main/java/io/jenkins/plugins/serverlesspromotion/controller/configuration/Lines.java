package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Lists of texts as a form shows them. */
@Restricted(NoExternalUse.class)
public final class Lines {
    private Lines() {}

    /** One item per line; blank lines are nothing. */
    public static List<String> split(String text) {
        return items(text, "\\R");
    }

    /** Items separated by spaces, commas or line ends. */
    static List<String> words(String text) {
        return items(text, "[\\s,]+");
    }

    private static List<String> items(String text, String separator) {
        return text == null
                ? List.of()
                : Stream.of(text.split(separator))
                        .map(String::strip)
                        .filter(item -> !item.isEmpty())
                        .toList();
    }

    static String text(String text) {
        return text == null ? "" : text.strip();
    }

    public static String join(List<String> items) {
        return String.join("\n", items);
    }

    /**
     * The stored list: never null, and a copy that no other object can change. XStream reads and writes it directly.
     */
    public static <T> ArrayList<T> kept(List<T> items) {
        var kept = new ArrayList<T>();
        if (items != null) {
            items.stream().filter(item -> item != null).forEach(kept::add);
        }
        return kept;
    }

    /** For getters: a field that an older configuration file does not have is null. */
    public static <T> List<T> shown(List<T> items) {
        return items == null ? List.of() : List.copyOf(items);
    }
}
