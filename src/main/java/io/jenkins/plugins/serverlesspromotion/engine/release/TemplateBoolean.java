package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.util.Locale;
import java.util.Set;

/**
 * Reads a boolean of a template like CloudFormation: as YAML 1.1 does, quoted or not, in any case. The only place for
 * this rule.
 */
public final class TemplateBoolean {
    private static final Set<String> TRUE = Set.of("true", "yes", "on", "y");
    private static final Set<String> FALSE = Set.of("false", "no", "off", "n");

    private TemplateBoolean() {}

    /** @param text as written in the template, without quotes */
    public static boolean isTrue(String text) {
        return TRUE.contains(text.strip().toLowerCase(Locale.ROOT));
    }

    /** Not the opposite of {@link #isTrue}: a text can be neither. */
    public static boolean isFalse(String text) {
        return FALSE.contains(text.strip().toLowerCase(Locale.ROOT));
    }
}
