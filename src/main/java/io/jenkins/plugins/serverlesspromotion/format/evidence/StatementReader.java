package io.jenkins.plugins.serverlesspromotion.format.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence.Result;
import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import io.jenkins.plugins.serverlesspromotion.engine.release.Statement;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads an in-toto Statement (in-toto/attestation, v1; v0.1 has the same form) into evidence that a gate can evaluate.
 * Only an explicit success counts: a predicate of another type, or with another result, never counts as a passed test.
 */
public final class StatementReader {
    public static final String TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1";
    public static final String VULNERABILITIES = "https://in-toto.io/attestation/vulns/v0.1";
    public static final String VERIFICATION_SUMMARY = "https://slsa.dev/verification_summary/v1";

    private static final List<String> STATEMENTS =
            List.of("https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1");
    private static final int MOST_SUBJECTS = 10_000;

    private StatementReader() {}

    /** @throws IllegalArgumentException when it is not a statement, or not of a supported type */
    public static Statement read(byte[] bytes) {
        JsonNode root = EvidenceJson.object(bytes, "the statement");
        String type = EvidenceJson.text(root.path("_type"), "_type");
        if (!STATEMENTS.contains(type)) {
            throw new IllegalArgumentException("'" + TypedReader.shown(type)
                    + "' is no in-toto statement; its _type would be " + STATEMENTS.get(0));
        }
        Set<String> subjects = subjects(root.path("subject"));
        JsonNode predicate = root.path("predicate");
        String kind = EvidenceJson.text(root.path("predicateType"), "predicateType");
        return switch (kind) {
            case TEST_RESULT -> tests(subjects, predicate);
            case VULNERABILITIES -> scan(subjects, predicate);
            case VERIFICATION_SUMMARY -> verification(subjects, predicate);
            default ->
                throw new IllegalArgumentException("statements of type '" + TypedReader.shown(kind)
                        + "' contain no result that a gate can require; known are " + TEST_RESULT + ", "
                        + VULNERABILITIES
                        + " and " + VERIFICATION_SUMMARY);
        };
    }

    private static Set<String> subjects(JsonNode list) {
        if (!list.isArray() || list.isEmpty() || list.size() > MOST_SUBJECTS) {
            throw new IllegalArgumentException("a statement has 1 to " + MOST_SUBJECTS + " entries in 'subject'");
        }
        Set<String> digests = new HashSet<>();
        for (JsonNode subject : list) {
            String digest = subject.path("digest").path("sha256").textValue();
            if (digest != null && digest.matches("[0-9a-f]{64}")) {
                digests.add(digest);
            }
        }
        return digests;
    }

    private static Statement tests(Set<String> subjects, JsonNode predicate) {
        String result = EvidenceJson.text(predicate.path("result"), "predicate.result");
        int passed = predicate.path("passedTests").size();
        int warned = predicate.path("warnedTests").size();
        int failed = predicate.path("failedTests").size();
        String counts = passed + warned + failed == 0
                ? result
                : result + ": " + passed + " passed, " + warned + " with warnings, " + failed + " failed";
        return new Statement(
                subjects,
                "tests",
                known(result, "PASSED", "WARNED", "FAILED") && failed == 0 ? Result.PASSED : Result.FAILED,
                counts,
                null);
    }

    /** Whether it is the first of these values; any value outside the list is refused. */
    private static boolean known(String result, String good, String... others) {
        if (!result.equals(good) && !List.of(others).contains(result)) {
            throw new IllegalArgumentException("result '" + TypedReader.shown(result) + "' is none that is known: "
                    + good + ", " + String.join(", ", others));
        }
        return result.equals(good);
    }

    private static Statement scan(Set<String> subjects, JsonNode predicate) {
        JsonNode scanner = predicate.path("scanner");
        JsonNode found = scanner.path("result");
        if (!found.isArray()) {
            throw new IllegalArgumentException("'predicate.scanner.result' must be a list");
        }
        return new Statement(
                subjects,
                "scan",
                found.isEmpty() ? Result.PASSED : Result.FAILED,
                found.size() + " vulnerabilities found by "
                        + Shown.recorded(scanner.path("uri").asText("a scanner without a name")),
                time(predicate.path("metadata").path("scanFinishedOn"), "predicate.metadata.scanFinishedOn"));
    }

    private static Statement verification(Set<String> subjects, JsonNode predicate) {
        String result = EvidenceJson.text(predicate.path("verificationResult"), "predicate.verificationResult");
        return new Statement(
                subjects,
                "verification",
                known(result, "PASSED", "FAILED") ? Result.PASSED : Result.FAILED,
                result + " by "
                        + Shown.recorded(predicate.path("verifier").path("id").asText("a verifier without a name")),
                time(predicate.path("timeVerified"), "predicate.timeVerified"));
    }

    private static Instant time(JsonNode node, String key) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(EvidenceJson.text(node, key)).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + key + "' must be a time such as 2026-11-21T12:00:00Z", e);
        }
    }
}
