package io.jenkins.plugins.serverlesspromotion.journey;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The journey as the commands that people type, one after the other, with what each must lead to. The same script is
 * walked by {@link Journey} and, with a kill at every point, by {@link CrashDriver}.
 */
final class Script {
    static final String DEV = "222222222222";
    static final String STAGING = "333333333333";
    static final String PROD = "444444444444";

    /** Stands for the digest of the plan of the promotion before it, which the person who approves has looked at. */
    private static final String PLAN = "PLAN";

    private static final Pattern DIGEST = Pattern.compile("\"planDigest\" : \"([^\"]+)\"");

    private Script() {}

    /** @param shown the answer to {@code show ID --json} */
    static List<String> withPlan(List<String> words, UnaryOperator<String> shown) {
        int plan = words.indexOf(PLAN);
        if (plan < 0) {
            return words;
        }
        Matcher digest = DIGEST.matcher(shown.apply(words.get(1)));
        var all = new ArrayList<>(words);
        all.set(plan, digest.find() ? digest.group(1) : "000000");
        return all;
    }

    /**
     * @param title for people
     * @param user who types it
     * @param words the command
     * @param exit the exit code it must have
     * @param promotion the promotion that it is about, null when it is about none
     * @param state what that promotion must be in afterwards
     * @param approves whether the step is lost unless {@code user} stands among the approvals afterwards
     * @param live the version that must be live afterwards, by account id, where that changes
     * @param styles the versions whose style sheets must then be in the site's bucket, and no others: pages that are open
     *     still ask for the old ones, so that they stay
     */
    record Step(
            String title,
            String user,
            List<String> words,
            int exit,
            String promotion,
            String state,
            boolean approves,
            Map<String, String> live,
            List<String> styles) {}

    /** Versions of the example that the journey builds; {@code 1.1.0} is broken in staging. */
    static final List<String> VERSIONS = List.of("1.0.0", "1.1.0", "1.2.0");

    static List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        steps.add(plain("the platform team puts its policy in force", "olga", "policy", "apply", "policy.yaml"));
        steps.add(publish("1.0.0"));
        steps.add(promote("1.0.0", "dev", 1, DEV, "1.0.0"));
        steps.add(promote("1.0.0", "staging", 1, STAGING, "1.0.0"));
        steps.add(promote("1.0.0", "prod", 1, null));
        steps.add(approve("orders.prod.1", "alice", "WAITING", null));
        steps.add(approve("orders.prod.1", "carol", "SUCCEEDED", "1.0.0", "1.0.0"));
        steps.add(publish("1.1.0"));
        steps.add(promote("1.1.0", "dev", 2, DEV, "1.0.0", "1.1.0"));
        steps.add(new Step(
                "1.1.0 fails its smoke test in staging and is rolled back there",
                "bob",
                List.of("promote", "orders@1.1.0", "--to", "staging"),
                1,
                "orders.staging.2",
                "ROLLED_BACK",
                false,
                Map.of(STAGING, "1.0.0"),
                List.of("1.0.0", "1.1.0")));
        steps.add(publish("1.2.0"));
        steps.add(promote("1.2.0", "dev", 3, DEV, "1.0.0", "1.1.0", "1.2.0"));
        steps.add(promote("1.2.0", "staging", 3, STAGING, "1.0.0", "1.1.0", "1.2.0"));
        steps.add(promote("1.2.0", "prod", 2, null));
        steps.add(approve("orders.prod.2", "alice", "WAITING", null));
        steps.add(approve("orders.prod.2", "carol", "SUCCEEDED", "1.2.0", "1.0.0", "1.2.0"));
        steps.add(new Step(
                "on call rolls prod back by hand",
                "erin",
                List.of("rollback", "orders", "--in", "prod", "--reason", "checkout is slow"),
                0,
                "orders.prod.3",
                "SUCCEEDED",
                true,
                Map.of(PROD, "1.0.0"),
                List.of("1.0.0", "1.2.0")));
        return steps;
    }

    private static Step plain(String title, String user, String... words) {
        return new Step(title, user, List.of(words), 0, null, null, false, Map.of(), List.of());
    }

    private static Step publish(String version) {
        return plain(
                "the team publishes " + version,
                "bob",
                "publish",
                "orders-" + version + "/release.yaml",
                "--version",
                version,
                "--author",
                "Bob Example <bob@example.com>");
    }

    /** @param account where it is live afterwards; null: people decide first */
    private static Step promote(String version, String to, int number, String account, String... styles) {
        return new Step(
                version + " to " + to + (account == null ? ", where people decide" : ""),
                "bob",
                List.of("promote", "orders@" + version, "--to", to),
                0,
                "orders." + to + "." + number,
                account == null ? "WAITING" : "SUCCEEDED",
                false,
                account == null ? Map.of() : Map.of(account, version),
                List.of(styles));
    }

    /** @param version that is live in production afterwards; null: another approval is needed first */
    private static Step approve(String promotion, String user, String state, String version, String... styles) {
        List<String> words = new ArrayList<>(List.of("approve", promotion, "--plan", PLAN));
        if (user.equals("carol")) {
            words.addAll(List.of("--group", "team-orders"));
        }
        return new Step(
                user + " approves " + promotion,
                user,
                words,
                0,
                promotion,
                state,
                true,
                version == null ? Map.of() : Map.of(PROD, version),
                List.of(styles));
    }
}
