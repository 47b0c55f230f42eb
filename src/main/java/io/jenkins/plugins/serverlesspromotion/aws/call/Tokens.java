package io.jenkins.plugins.serverlesspromotion.aws.call;

import java.nio.charset.StandardCharsets;

/**
 * Creates client tokens: the same work always has the same token, other work never has it. CloudFormation allows at
 * most 128 of {@code [a-zA-Z0-9][-a-zA-Z0-9]*}; change set names must begin with a letter, so these do.
 */
public final class Tokens {
    /** The prefix of tokens of any controller of this product; other tools do not use it. */
    public static final String PREFIX = "promotion-";

    private Tokens() {}

    /** @param parts identify the work: controller, promotion, attempt, step, verb */
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
