package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What goes back to the client. For HEAD the body is empty and {@code Content-Length} is set as a header. */
final class Reply {
    final int status;
    final Map<String, String> headers = new LinkedHashMap<>();
    byte[] body = new byte[0];
    /** The error code for the request log; null when the call succeeded. */
    String errorCode;

    Reply(int status) {
        this.status = status;
    }

    static Reply xml(int status, String body) {
        return new Reply(status).header("Content-Type", "text/xml").body(body);
    }

    static Reply json(int status, Object tree) {
        return new Reply(status).header("Content-Type", "application/json").body(SandboxJson.write(tree));
    }

    Reply header(String name, Object value) {
        if (value != null) {
            headers.put(name, value.toString());
        }
        return this;
    }

    Reply body(String text) {
        this.body = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    Reply body(byte[] bytes) {
        this.body = bytes;
        return this;
    }

    Reply errorCode(String code) {
        this.errorCode = code;
        return this;
    }
}
