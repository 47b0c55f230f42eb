package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** One request as a service sees it: who, where, what, with the body already decoded and its hash checked. */
final class Call {
    final Sandbox sandbox;
    final String method;
    final String rawPath;
    final String rawQuery;
    /** By name without regard to case. */
    final Map<String, List<String>> headers;

    final Map<String, String> query = new LinkedHashMap<>();
    final Instant received = Instant.now();

    long seq;
    String requestId = UUID.randomUUID().toString();
    String service;
    String region;
    String operation;
    /** What the request is about, for the log, the faults and the crash points; stable between runs. */
    String resource = "";

    SigV4 signature;
    Principal principal = Principal.ANONYMOUS;
    byte[] body;
    /** Trailing headers of an aws-chunked body, lower case. */
    final Map<String, String> trailers = new TreeMap<>();

    /** Inputs worth showing in the request log; never secrets or bodies. */
    final Map<String, String> noted = new LinkedHashMap<>();

    private Map<String, String> form;
    private JsonNode json;

    Call(
            Sandbox sandbox,
            String method,
            String rawPath,
            String rawQuery,
            Map<String, List<String>> headers,
            byte[] body) {
        this.sandbox = sandbox;
        this.method = method;
        this.rawPath = rawPath.isEmpty() ? "/" : rawPath;
        this.rawQuery = rawQuery;
        this.headers = headers;
        this.body = body;
        query.putAll(parse(this.rawQuery));
    }

    World world() {
        return sandbox.world();
    }

    String account() {
        return principal.account();
    }

    Region here() {
        return world().region(account(), region);
    }

    Actor actor() {
        return new Actor(principal, seq);
    }

    /** First value of a header, or null. Names are compared without case. */
    String header(String name) {
        List<String> values = headers.get(name);
        return values == null ? null : values.get(0);
    }

    static Map<String, String> parse(String encoded) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : encoded.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                values.put(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return values;
    }

    static String decode(String encoded) {
        return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    }

    /** Path segments keep a plus sign, unlike query values. */
    static String decodePath(String encoded) {
        return decode(encoded.replace("+", "%2B"));
    }

    /** The parameters of a query-protocol call, from the body or from the URL. */
    Map<String, String> form() {
        if (form == null) {
            form = new LinkedHashMap<>(query);
            form.putAll(parse(new String(body, StandardCharsets.UTF_8)));
        }
        return form;
    }

    String param(String name) {
        return form().get(name);
    }

    /**
     * A required parameter of a query-protocol call.
     *
     * @throws AwsError ValidationError when it is absent
     */
    String require(String name) {
        String value = param(name);
        if (value == null || value.isEmpty()) {
            throw AwsError.validation("1 validation error detected: Value null at '"
                    + Character.toLowerCase(name.charAt(0)) + name.substring(1)
                    + "' failed to satisfy constraint: Member must not be null");
        }
        return value;
    }

    boolean flag(String name) {
        return "true".equalsIgnoreCase(param(name));
    }

    /** A list of scalars of a query-protocol call: {@code Name.member.1}. */
    List<String> list(String name) {
        List<String> values = new ArrayList<>();
        for (int i = 1; param(name + ".member." + i) != null; i++) {
            values.add(param(name + ".member." + i));
        }
        return values;
    }

    /** A list of structures of a query-protocol call: {@code Name.member.1.Key}. */
    List<Map<String, String>> structures(String name) {
        TreeMap<Integer, Map<String, String>> found = new TreeMap<>();
        String prefix = name + ".member.";
        form().forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                String rest = key.substring(prefix.length());
                int dot = rest.indexOf('.');
                if (dot > 0) {
                    found.computeIfAbsent(Integer.valueOf(rest.substring(0, dot)), n -> new LinkedHashMap<>())
                            .put(rest.substring(dot + 1), value);
                }
            }
        });
        return new ArrayList<>(found.values());
    }

    /** Keys and values of a list of tags, in order. */
    Map<String, String> tags(String name) {
        Map<String, String> tags = new LinkedHashMap<>();
        structures(name).forEach(tag -> tags.put(tag.get("Key"), tag.getOrDefault("Value", "")));
        return tags;
    }

    JsonNode json() {
        if (json == null) {
            try {
                json = SandboxJson.read(body);
            } catch (IllegalArgumentException e) {
                throw new AwsError(400, "SerializationException", "The body is not JSON: " + e.getMessage());
            }
        }
        return json;
    }

    /** Replaces the JSON body, for a protocol that is decoded elsewhere. */
    void json(JsonNode decoded) {
        this.json = decoded;
    }

    /** The answer of a query-protocol operation. */
    Reply queryReply(String namespace, Object result) {
        Xml xml = new Xml().open(operation + "Response", namespace);
        if (result != null) {
            xml.tree(operation + "Result", result);
        }
        xml.open("ResponseMetadata").text("RequestId", requestId).close("ResponseMetadata");
        return Reply.xml(200, xml.close(operation + "Response").toString());
    }

    Reply queryError(String namespace, AwsError error) {
        Xml xml = new Xml()
                .open("ErrorResponse", namespace)
                .open("Error")
                .text("Type", error.status < 500 ? "Sender" : "Receiver")
                .text("Code", error.code)
                .text("Message", error.getMessage())
                .close("Error")
                .text("RequestId", requestId)
                .close("ErrorResponse");
        return Reply.xml(error.status, xml.toString());
    }

    /**
     * Checks that the caller's own policies allow an action.
     *
     * @throws AwsError AccessDenied in the words of AWS
     */
    void authorize(String code, String action, String arn) {
        world().authorize(principal, code, action, arn);
    }
}
