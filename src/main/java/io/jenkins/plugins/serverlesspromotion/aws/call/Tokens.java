package io.jenkins.plugins.serverlesspromotion.aws.call;

import java.nio.charset.StandardCharsets;

/**
 * Client tokens: the same work always sends the same one, other work never does. CloudFormation allows at most 128 of
 * {@code [a-zA-Z0-9][-a-zA-Z0-9]*}; change set names must begin with a letter, so these do.
 */
public final class Tokens {
    /** How tokens of any controller of this product begin; other tools' do not. */
    public static final String PREFIX = "promotion-";

    private Tokens() {}

    /** @param parts what the work is: controller, promotion, attempt, step, verb */
    public static String of(Object... parts) {
        var text = new StringBuilder();
        for (Object part : parts) {
            // Length first: ("a", "bc") and ("ab", "c") must differ.
            String one = String.valueOf(part);
            text.append(one.length()).append(':').append(one);
        }
        return PREFIX + Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
