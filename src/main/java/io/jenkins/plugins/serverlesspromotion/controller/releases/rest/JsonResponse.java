package io.jenkins.plugins.serverlesspromotion.controller.releases.rest;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.springframework.security.access.AccessDeniedException;

/** Responses of REST: one JSON document, also for a failure: then {@code {"error":…}}. */
public final class JsonResponse {
    private JsonResponse() {}

    /** Creates the document. */
    @FunctionalInterface
    public interface Question {
        Object ask() throws DecisionException;
    }

    public static void json(StaplerResponse2 response, Question question) throws IOException {
        int status = HttpServletResponse.SC_OK;
        Object document;
        try {
            document = question.ask();
        } catch (DecisionException e) {
            status = e.kind().status();
            if (e.retryAfter() > 0) {
                response.setHeader("Retry-After", Long.toString(e.retryAfter()));
            }
            document = error(e.getMessage());
        } catch (AccessDeniedException e) {
            status = HttpServletResponse.SC_FORBIDDEN;
            document = error(e.getMessage());
        }
        send(response, status, document);
    }

    /**
     * Answers a GET of an address that ends with an object itself. Stapler would send the client to the same address
     * with a slash, which a page needs for its relative links and a document does not.
     */
    static void answerWithoutSlash(Question question) {
        StaplerRequest2 request = Stapler.getCurrentRequest2();
        if (request.getMethod().equals("GET") && request.getRestOfPath().isEmpty()) {
            throw new Answer(question);
        }
    }

    @SuppressFBWarnings(value = "SE_BAD_FIELD", justification = "it lives within one request and is never stored")
    private static final class Answer extends HttpResponses.HttpResponseException {
        private static final long serialVersionUID = 1L;
        private final Question question;

        private Answer(Question question) {
            this.question = question;
        }

        @Override
        public void generateResponse(StaplerRequest2 request, StaplerResponse2 response, Object node)
                throws IOException {
            json(response, question);
        }
    }

    static void error(StaplerResponse2 response, int status, String sentence) throws IOException {
        send(response, status, error(sentence));
    }

    private static Map<String, String> error(String sentence) {
        return Map.of("error", sentence);
    }

    private static void send(StaplerResponse2 response, int status, Object document) throws IOException {
        byte[] bytes = Json.pretty(document).getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType("application/json;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(bytes.length);
        try (OutputStream out = response.getOutputStream()) {
            out.write(bytes);
        }
    }

    /** As {@code @RequirePOST}, but answered in JSON. Jenkins has checked the crumb before, unless a token was used. */
    static void change(StaplerRequest2 request, StaplerResponse2 response, Question question) throws IOException {
        if (!request.getMethod().equals("POST")) {
            response.setHeader("Allow", "POST");
            error(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "this changes something; use POST");
            return;
        }
        json(response, question);
    }

    /** Marks an address as deprecated as RFC 9745 describes, and links to the new one. */
    static void renamed(StaplerResponse2 response, String name) {
        response.setHeader("Deprecation", "@1796083200");
        response.setHeader("Link", "<" + name + ">; rel=\"successor-version\"");
    }

    /** The responses of pages that are not the page. */
    public static HttpResponses.HttpResponseException page(DecisionException e) {
        return HttpResponses.errorWithoutStack(e.kind().status(), e.getMessage());
    }
}
