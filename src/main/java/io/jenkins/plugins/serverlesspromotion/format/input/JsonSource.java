package io.jenkins.plugins.serverlesspromotion.format.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Reads JSON with lines and byte offsets. In theory YAML 1.2 contains JSON, but YAML parsers do not accept its tabs
 * between tokens or its surrogate pairs in escapes.
 */
final class JsonSource {
    private final String file;
    private final byte[] bytes;
    private final int base;
    private final Limits limits;
    private final TreeBuilder tree;

    /**
     * @param bytes without byte order mark, known to be UTF-8
     * @param base bytes of the file before them
     */
    JsonSource(String file, byte[] bytes, int base, Limits limits, Problems problems) {
        this.file = file;
        this.bytes = bytes;
        this.base = base;
        this.limits = limits;
        this.tree = new TreeBuilder(file, limits, problems);
    }

    /** @throws NotJson when the text is not JSON at all; it may still be YAML */
    Node read() throws NotJson {
        refuseZeros();
        var factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.depth() + 1)
                        .maxStringLength(limits.bytes())
                        .maxNumberLength(100)
                        .build())
                .build();
        try (JsonParser parser = factory.createParser(bytes)) {
            int depth = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
                    tree.start(token == JsonToken.START_OBJECT, line(parser), null, null);
                    depth++;
                } else if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
                    tree.end();
                    if (--depth == 0 && parser.nextToken() != null) {
                        throw tree.refuse(line(parser), "continues after the end of the JSON value; remove the rest");
                    }
                } else {
                    scalar(parser, token);
                }
            }
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new NotJson(new InputException(SourceLocation.of(file).at(line), "is not JSON: " + Json.problem(e)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tree.finish();
    }

    /** With zero bytes the parser guesses UTF-16 or UTF-32, and reads another text than the checked one. */
    private void refuseZeros() throws NotJson {
        int line = 1;
        for (byte b : bytes) {
            if (b == 0) {
                throw new NotJson(new InputException(
                        SourceLocation.of(file).at(line), "is not JSON: holds the character U+0000; save it as UTF-8"));
            }
            if (b == '\n') {
                line++;
            }
        }
    }

    private void scalar(JsonParser parser, JsonToken token) throws IOException {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        int line = line(parser);
        String text = parser.getText();
        Node.Type type =
                switch (token) {
                    case VALUE_NUMBER_INT -> Node.Type.INTEGER;
                    case VALUE_NUMBER_FLOAT -> Node.Type.FLOAT;
                    case VALUE_TRUE, VALUE_FALSE -> Node.Type.BOOLEAN;
                    case VALUE_NULL -> Node.Type.NULL;
                    default -> Node.Type.TEXT;
                };
        // The parser reads to the end of a string only after its text was requested.
        int end = (int) parser.currentLocation().getByteOffset();
        Node.Span span = token == JsonToken.VALUE_STRING ? new Node.Span(base + start, base + end) : null;
        tree.scalar(line, null, null, type == Node.Type.NULL ? "" : text, type, span);
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }

    /** Wraps the error to report if the text was meant to be JSON. */
    static final class NotJson extends Exception {
        private static final long serialVersionUID = 1;

        NotJson(InputException reason) {
            super(reason);
        }

        InputException reason() {
            return (InputException) getCause();
        }
    }
}
