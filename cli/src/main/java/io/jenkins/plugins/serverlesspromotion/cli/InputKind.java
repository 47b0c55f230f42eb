package io.jenkins.plugins.serverlesspromotion.cli;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The kind of a file, determined by its top-level keys. The reader of that kind then reports the errors. */
enum InputKind {
    RELEASE,
    POLICY;

    private static final Pattern RELEASE_KEYS =
            Pattern.compile("(?m)^[ \\t{]*\"?(apiVersion|service|targets|verify)\"?[ \\t]*:");
    private static final Pattern RELEASE_TOP =
            Pattern.compile("(?m)^\"?(apiVersion|service|targets|verify)\"?[ \\t]*:");
    private static final Pattern POLICY_TOP = Pattern.compile(
            "(?m)^\"?(unclassified|serverlessPromotion|artifactStores|accounts|roles|environments|services|defaults)\"?["
                + " \\t]*:");

    /** Any other file counts as a manifest, because most files are. */
    static InputKind of(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (RELEASE_TOP.matcher(text).find()) {
            return RELEASE;
        }
        if (POLICY_TOP.matcher(text).find()) {
            return POLICY;
        }
        boolean json = text.stripLeading().startsWith("{");
        return json && !RELEASE_KEYS.matcher(text).find() ? POLICY : RELEASE;
    }
}
