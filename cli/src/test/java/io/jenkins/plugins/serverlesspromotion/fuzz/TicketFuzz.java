package io.jenkins.plugins.serverlesspromotion.fuzz;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus.GateResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Tickets;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalJson;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A ticket and the pattern that a policy asks it to match: when a promotion is requested, and when gates are overridden. */
public final class TicketFuzz {
    private static final String FILE = "policy.yaml";

    /** In characters. Java tries all ways to match a longer ticket with a pattern that has many. */
    private static final int LONGEST_FOR_JAVA = 6;

    private static final int LONGEST_PATTERN_FOR_JAVA = 24;

    /** The first character behind printable ASCII. */
    private static final char DELETE = 127;

    private static final Policy SAMPLE = PolicyReader.read(FILE, policy("CHG0"));

    private TicketFuzz() {}

    private static byte[] policy(String pattern) {
        String ask = "ticket: " + quoted(pattern);
        return OneLane.policy("{ " + ask + " }", ", " + ask);
    }

    /** As a text of YAML, in which some characters can only be escaped. */
    private static String quoted(String text) {
        var quoted = new StringBuilder();
        CanonicalJson.text(text)
                .chars()
                .forEach(c -> quoted.append(
                        c < DELETE || Character.isSurrogate((char) c)
                                ? String.valueOf((char) c)
                                : String.format("\\u%04x", c)));
        return quoted.toString();
    }

    /** @param data a pattern, a line feed, a ticket */
    public static void fuzzerTestOneInput(byte[] data) {
        Expect.withinMemory(() -> {
            String text = new String(data, StandardCharsets.UTF_8);
            int end = text.indexOf('\n');
            String pattern = end < 0 ? text : text.substring(0, end);
            String ticket = end < 0 ? "" : text.substring(end + 1).strip();
            if (pattern.isBlank()) {
                return;
            }
            Optional<String> problem = OneLane.PATTERNS.problem(pattern);
            problem.ifPresent(Expect::sentence);
            read(pattern, problem.isPresent());
            boolean matches = problem.isEmpty()
                    && !ticket.isEmpty()
                    && Tickets.problem(ticket).isEmpty()
                    && OneLane.PATTERNS.matches(pattern, ticket);
            inForce(pattern, ticket, problem.isPresent(), matches);
            if (problem.isEmpty() && Tickets.problem(ticket).isEmpty()) {
                inJava(pattern, ticket)
                        .ifPresent(expected -> Expect.that(
                                expected == (OneLane.PATTERNS.matches(pattern, ticket)),
                                "'" + ticket + "' matched '" + pattern + "' in earlier versions: " + expected));
            }
        });
    }

    /** A policy with a pattern that cannot be used is refused at the pattern. */
    private static void read(String pattern, boolean unusable) {
        byte[] file = policy(pattern);
        boolean refused = false;
        try {
            PolicyReader.read(FILE, file);
        } catch (InputException e) {
            refused = true;
            Expect.refusal(e, FILE, file);
            Expect.that(
                    e.problems().stream().allMatch(p -> p.where().path().contains("ticket")),
                    "the policy of this target is wrong: " + e.getMessage());
        }
        Expect.that(refused == unusable, "refused: " + refused + ", but the pattern cannot be used: " + unusable);
    }

    /** Earlier versions took patterns that cannot be used now; one of these closes its gate and nothing else. */
    private static void inForce(String pattern, String ticket, boolean unusable, boolean matches) {
        String policy = new String(Json.canonical(SAMPLE), StandardCharsets.UTF_8)
                .replace("\"CHG0\"", CanonicalJson.text(pattern));
        var lane = new OneLane(Json.read(policy.getBytes(StandardCharsets.UTF_8), Policy.class));
        Optional<String> refusal = lane.take(
                new Fact.Requested(OneLane.release("1.0.0"), OneLane.request(null, ticket.isEmpty() ? null : ticket)));
        Expect.that(
                refusal.equals(Tickets.problem(ticket)), "the request with the ticket was answered with " + refusal);
        if (refusal.isPresent()) {
            Expect.sentence(refusal.get());
            lane.take(new Fact.Requested(OneLane.release("1.0.0"), OneLane.request(null, null)));
        }
        GateStatus gate = lane.gate("ticket").orElseThrow(() -> new AssertionError("there is no gate for the ticket"));
        Expect.that(
                gate.result() == (unusable ? GateResult.BLOCKED : matches ? GateResult.PASSED : GateResult.PENDING),
                "the gate is " + gate);
        Expect.that(
                !unusable || gate.sentence().contains("environments[prod].gates[1].ticket"),
                "names no path: " + gate.sentence());
        String id = lane.last().map(Promotion::id).orElseThrow();
        Optional<String> override =
                lane.take(new Fact.Overridden(id, OneLane.ALICE, OneLane.PLAN, "down", ticket));
        Expect.that(override.isEmpty() == matches, "the override was answered with " + override);
    }

    /** What Java's engine says, which matched tickets in earlier versions; empty where it may take too long. */
    private static Optional<Boolean> inJava(String pattern, String ticket) {
        boolean isShort = ticket.length() <= LONGEST_FOR_JAVA && pattern.length() <= LONGEST_PATTERN_FOR_JAVA;
        // The two differ in what they know about the letters of other scripts.
        if (!isShort || !(pattern + ticket).chars().allMatch(c -> c >= ' ' && c < 127)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Pattern.matches(pattern, ticket));
        } catch (PatternSyntaxException e) {
            return Optional.empty();
        }
    }
}
