package io.jenkins.plugins.serverlesspromotion.aws.check;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.Failures;
import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import io.jenkins.plugins.serverlesspromotion.aws.context.OwnerCheck;
import io.jenkins.plugins.serverlesspromotion.aws.context.Resolution;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.OwnershipProof;
import io.jenkins.plugins.serverlesspromotion.engine.lane.CheckResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/** Runs one check until it passes or its tries are used up. */
public final class Verifier {
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final int QUOTED = 300;

    private final TargetContext job;
    private final HttpProbe http;
    private final String version;
    private final OwnerCheck owner;

    Verifier(TargetContext job, HttpProbe http) {
        this(job, http, null);
    }

    /** @param version of the function that is invoked; null: the one that the manifest names, or the default one */
    public Verifier(TargetContext job, HttpProbe http, String version) {
        this.job = job;
        this.http = http;
        this.version = version;
        this.owner = new OwnerCheck(job);
    }

    /** @param sentence the call and its response; {@code failure} null when the check passed */
    public record Answer(String sentence, Fact.Failure failure, CheckResult result) {}

    /** The result of one try. @param detail the rest of a sentence; {@code body} null when there was no response */
    private record Reply(String answer, String detail, byte[] body, long millis, Fact.Failure failure) {}

    public Answer ask(Manifest.Check check, Resolution resolution) throws InterruptedException {
        Duration wait = FIRST_WAIT;
        String request = check instanceof Manifest.LambdaCheck lambda
                ? "lambda "
                        + resolution.known("the function of check '" + check.describe() + "'", lambda.function())
                        + (version == null ? "" : " version " + version)
                : "GET "
                        + resolution.known(
                                "the address of check '" + check.describe() + "'", ((Manifest.HttpCheck) check).url());
        // An address is the same from everywhere, a function is not.
        String where = check instanceof Manifest.LambdaCheck ? request + " in " + job.targetInstance.place() : request;
        for (int round = 0; ; round++) {
            Reply reply = check instanceof Manifest.LambdaCheck lambda
                    ? invoke(where, lambda, resolution)
                    : get(where, (Manifest.HttpCheck) check, resolution);
            var answer = new Answer(
                    where + " " + reply.detail(),
                    reply.failure(),
                    new CheckResult(
                            request,
                            job.targetInstance.place().toString(),
                            reply.failure() == null,
                            round + 1,
                            reply.millis(),
                            reply.answer(),
                            reply.body() == null ? null : "sha256:" + Sha256.hex(reply.body()),
                            reply.failure() == null ? null : reply.detail()));
            if (answer.failure() == null || round >= check.retries()) {
                return answer;
            }
            job.note(answer.sentence() + "; trying again");
            job.pace().sleep(wait);
            wait = wait.multipliedBy(2);
            wait = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
        }
    }

    private Reply invoke(String request, Manifest.LambdaCheck check, Resolution resolution)
            throws InterruptedException {
        String function = resolution.known("the function of check '" + check.describe() + "'", check.function());
        String payload = check.payload() == null
                ? "{}"
                : resolution.known("the payload of check '" + check.describe() + "'", check.payload());
        long begun = System.nanoTime();
        try {
            OwnershipProof owned = owner.invoke(function);
            if (owned == null) {
                return no(request, "does not exist", "does not exist", null, millis(begun));
            }
            begun = System.nanoTime();
            var answer = job.session(AwsSessions.Purpose.TEST)
                    .lambda(job.region())
                    .invoke(r -> r.overrideConfiguration(owned::allow)
                            .functionName(function)
                            .qualifier(version)
                            .invocationType(InvocationType.REQUEST_RESPONSE)
                            .payload(SdkBytes.fromUtf8String(payload)));
            long millis = millis(begun);
            byte[] body =
                    answer.payload() == null ? new byte[0] : answer.payload().asByteArray();
            String text = new String(body, StandardCharsets.UTF_8);
            if (answer.functionError() != null) {
                return no(
                        request,
                        answer.functionError(),
                        "failed (" + answer.functionError() + "): " + quoted(errorMessage(text)),
                        body,
                        millis);
            }
            Integer wanted = check.expect().statusCode();
            String actual = field(text, "statusCode").orElse("none");
            if (wanted != null && !actual.equals(String.valueOf(wanted))) {
                return no(
                        request,
                        actual,
                        "answered statusCode " + actual + " instead of " + wanted + ": " + quoted(text),
                        body,
                        millis);
            }
            String answered = wanted == null ? "answered" : "answered statusCode " + actual;
            return judge(
                    request, check, resolution, actual.equals("none") ? "answered" : actual, answered, body, millis);
        } catch (ResourceNotFoundException e) {
            return no(request, "does not exist", "does not exist", null, millis(begun));
        } catch (RuntimeException e) {
            Fact.Failure failure = Failures.of(e);
            return new Reply(
                    "could not be asked", "could not be asked: " + failure.cause(), null, millis(begun), failure);
        }
    }

    private Reply get(String request, Manifest.HttpCheck check, Resolution resolution) {
        String url = resolution.known("the address of check '" + check.describe() + "'", check.url());
        Integer wanted = check.expect().status();
        long begun = System.nanoTime();
        try {
            // A check that expects a redirect must see it.
            boolean follow = wanted == null || wanted < 300 || wanted >= 400;
            HttpProbe.Reply reply = http.get(url, new CheckRules(job.sessions.settings(), job.account), follow);
            String status = String.valueOf(reply.status());
            if (wanted != null && reply.status() != wanted) {
                return no(
                        request, status, "answered " + status + " instead of " + wanted, reply.body(), reply.millis());
            }
            return judge(request, check, resolution, status, "answered " + status, reply.body(), reply.millis());
        } catch (HttpProbe.RefusedException e) {
            throw DeploymentException.failed(request + " is not allowed: " + e.getMessage());
        } catch (SocketTimeoutException e) {
            return no(request, "no answer in time", "did not answer in time", null, millis(begun));
        } catch (java.io.IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            return no(request, "no answer", "could not be reached (" + why + ")", null, millis(begun));
        }
    }

    private static long millis(long begun) {
        return (System.nanoTime() - begun) / 1_000_000;
    }

    /** Checks content and time of a response with the expected status. */
    private static Reply judge(
            String request,
            Manifest.Check check,
            Resolution resolution,
            String answer,
            String answered,
            byte[] body,
            long millis) {
        String text = new String(body, StandardCharsets.UTF_8);
        Manifest.Expectation expect = check.expect();
        String what = "the expected text of check '" + check.describe() + "'";
        String contained = expect.contains() == null ? null : resolution.known(what, expect.contains());
        if (contained != null && !text.contains(contained)) {
            return no(request, answer, "answered without \"" + quoted(contained) + "\": " + quoted(text), body, millis);
        }
        if (expect.json() != null) {
            var missing = new JsonSubset(t -> resolution.known(what, t)).missing(expect.json(), text);
            if (missing.isPresent()) {
                return no(request, answer, "answered " + missing.get() + ": " + quoted(text), body, millis);
            }
        }
        if (expect.latency() != null && millis > expect.latency()) {
            return no(
                    request,
                    answer,
                    answered + " after " + millis + " ms, which is more than " + expect.latency(),
                    body,
                    millis);
        }
        return new Reply(answer, answered, body, millis, null);
    }

    private static Reply no(String request, String answer, String why, byte[] body, long millis) {
        return new Reply(answer, why, body, millis, new Fact.Failure(Fact.FailureKind.FAILED, request + " " + why));
    }

    private static String errorMessage(String payload) {
        return field(payload, "errorMessage").orElse(payload);
    }

    /** A field of a JSON object as text; empty when the text is not an object or has no such field. */
    static Optional<String> field(String json, String name) {
        return JsonSubset.parse(json)
                .filter(JsonNode::isObject)
                .flatMap(node -> node.field(name))
                .map(n -> n.text() == null ? "" : n.text());
    }

    private static String quoted(String text) {
        return Shown.cut(text.replaceAll("\\s+", " ").strip(), QUOTED);
    }
}
