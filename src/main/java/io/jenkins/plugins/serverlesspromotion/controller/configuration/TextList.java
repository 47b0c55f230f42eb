package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A list of texts in which one text may replace the list: {@code users: alice} is {@code users: [ alice ]}, in a file
 * and as code. A plain list is not sufficient, because Configuration as Code refuses a single text for a list.
 */
@Restricted(NoExternalUse.class)
public record TextList(List<String> items) {
    public TextList {
        items = List.copyOf(items);
    }

    static TextList of(String... items) {
        return new TextList(List.of(items));
    }

    /** Of a field that an older configuration file may not have. */
    static TextList shown(List<String> kept) {
        return new TextList(Lines.shown(kept));
    }

    /** For a field, as XStream writes it; null gives null. */
    static List<String> kept(TextList textList) {
        return Lines.kept(textList == null ? null : textList.items());
    }

    /** One item per line, for a form. */
    String lines() {
        return Lines.join(items);
    }

    /** Items separated by spaces, for a form. */
    String words() {
        return String.join(" ", items);
    }

    /** From a form: one item per line. */
    static TextList ofLines(String text) {
        return new TextList(Lines.split(text));
    }

    /** From a form: items separated by spaces, commas or line ends. */
    static TextList ofWords(String text) {
        return new TextList(Lines.words(text));
    }
}
