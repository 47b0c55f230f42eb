package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.util.Locale;
import java.util.Optional;
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

    /**
     * The text that CloudFormation puts in place of a scalar without quotes in a YAML template: {@code Value: YES}
     * becomes the text {@code true}, also where a text is expected (aws/aws-cli#5245). {@code y} and {@code n} alone
     * stay as they are, like every text in quotes.
     *
     * @return empty when the scalar is no boolean of YAML 1.1
     */
    public static Optional<String> ofPlain(String scalar) {
        String lower = scalar.toLowerCase(Locale.ROOT);
        boolean spelled = scalar.equals(lower)
                || scalar.equals(scalar.toUpperCase(Locale.ROOT))
                || scalar.equals(scalar.substring(0, 1).toUpperCase(Locale.ROOT) + lower.substring(1));
        if (!spelled || lower.length() < 2) {
            return Optional.empty();
        }
        return TRUE.contains(lower)
                ? Optional.of("true")
                : FALSE.contains(lower) ? Optional.of("false") : Optional.empty();
    }
}
