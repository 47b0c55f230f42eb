package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.io.UncheckedIOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/** Asks one check until it holds or has been asked often enough. */
final class Verifier {
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final int QUOTED = 300;

    private final TargetWork job;
    private final HttpProbe http;

    Verifier(TargetWork job, HttpProbe http) {
        this.job = job;
        this.http = http;
    }

    /** @param sentence what was asked and what came; {@code failure} null when the check held */
    record Answer(String sentence, Fact.Failure failure) {}

    Answer ask(Manifest.Check check, Resolution resolution) throws InterruptedException {
        Duration wait = FIRST_WAIT;
        for (int round = 0; ; round++) {
            Answer answer = once(check, resolution);
            if (answer.failure() == null || round >= check.retries()) {
                return answer;
            }
            job.note(answer.sentence() + "; asking again");
            job.pace().sleep(wait);
            wait = wait.multipliedBy(2);
            wait = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
        }
    }

    private Answer once(Manifest.Check check, Resolution resolution) throws InterruptedException {
        return check instanceof Manifest.LambdaCheck lambda
                ? invoke(lambda, resolution)
                : get((Manifest.HttpCheck) check, resolution);
    }

    private Answer invoke(Manifest.LambdaCheck check, Resolution resolution) throws InterruptedException {
        String function = resolution.known("the function of check '" + check.describe() + "'", check.function());
        String asked = "lambda " + function + " in " + job.slot.place();
        String payload = check.payload() == null
                ? "{}"
                : resolution.known("the payload of check '" + check.describe() + "'", check.payload());
        try {
            var answer = job.session(AwsSessions.Purpose.TEST)
                    .lambda(job.region())
                    .invoke(r -> r.functionName(function)
                            .invocationType(InvocationType.REQUEST_RESPONSE)
                            .payload(SdkBytes.fromUtf8String(payload)));
            String text = answer.payload() == null ? "" : answer.payload().asUtf8String();
            if (answer.functionError() != null) {
                return no(asked, "failed (" + answer.functionError() + "): " + quoted(errorMessage(text)));
            }
            Integer wanted = check.expect().statusCode();
            String actual = field(text, "statusCode").orElse("none");
            if (wanted != null && !actual.equals(String.valueOf(wanted))) {
                return no(asked, "answered statusCode " + actual + " instead of " + wanted + ": " + quoted(text));
            }
            String answered = wanted == null ? "answered" : "answered statusCode " + actual;
            return contains(asked, expected(check, resolution), text, answered);
        } catch (ResourceNotFoundException e) {
            return no(asked, "does not exist");
        } catch (RuntimeException e) {
            Fact.Failure failure = Failures.of(e);
            return new Answer(asked + " could not be asked: " + failure.cause(), failure);
        }
    }

    private Answer get(Manifest.HttpCheck check, Resolution resolution) throws InterruptedException {
        String url = resolution.known("the address of check '" + check.describe() + "'", check.url());
        String asked = "GET " + url;
        try {
            HttpProbe.Reply reply = http.get(url);
            Integer wanted = check.expect().status();
            if (wanted != null && reply.status() != wanted) {
                return no(asked, "answered " + reply.status() + " instead of " + wanted);
            }
            return contains(asked, expected(check, resolution), reply.body(), "answered " + reply.status());
        } catch (HttpProbe.RefusedException e) {
            throw DeploymentException.failed(asked + " is not allowed: " + e.getMessage());
        } catch (HttpTimeoutException e) {
            return no(asked, "did not answer in time");
        } catch (java.io.IOException e) {
            return no(
                    asked,
                    "could not be reached ("
                            + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()) + ")");
        }
    }

    /** The text that the answer must contain in this place; null: any will do. */
    private static String expected(Manifest.Check check, Resolution resolution) {
        String text = check.expect().contains();
        return text == null ? null : resolution.known("the expected text of check '" + check.describe() + "'", text);
    }

    private static Answer contains(String asked, String expected, String text, String answered) {
        if (expected != null && !text.contains(expected)) {
            return no(asked, "answered without \"" + quoted(expected) + "\": " + quoted(text));
        }
        return new Answer(asked + " " + answered, null);
    }

    private static Answer no(String asked, String why) {
        return new Answer(asked + " " + why, new Fact.Failure(Fact.Verdict.FAILED, asked + " " + why));
    }

    private static String errorMessage(String payload) {
        return field(payload, "errorMessage").orElse(payload);
    }

    /** A field of a JSON object as text; empty when the text is none or has no such field. */
    static Optional<String> field(String json, String name) {
        try {
            JsonNode node = JsonNode.parser().parse(json);
            return node != null && node.isObject()
                    ? node.field(name).map(n -> n.text() == null ? "" : n.text())
                    : Optional.empty();
        } catch (UncheckedIOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String quoted(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= QUOTED ? line : line.substring(0, QUOTED) + "…";
    }
}
