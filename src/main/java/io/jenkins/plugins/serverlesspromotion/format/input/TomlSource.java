package io.jenkins.plugins.serverlesspromotion.format.input;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.toml.TomlFactory;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads TOML 1.0. The parser knows the lines of errors, but not of values, which have their path alone. */
final class TomlSource {
    private final String file;
    private final String text;
    private final Limits limits;
    private final TreeBuilder tree;

    TomlSource(String file, String text, Limits limits, Problems problems) {
        this.file = file;
        this.text = text;
        this.limits = limits;
        this.tree = new TreeBuilder(file, limits, problems);
    }

    Node read() {
        var factory = TomlFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.depth() + 1)
                        .maxStringLength(limits.bytes())
                        .maxNumberLength(100)
                        .build())
                .build();
        // The parser holds the whole document as a tree, and its events are read without recursion.
        try (JsonParser parser = factory.createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                switch (token) {
                    case START_OBJECT, START_ARRAY -> tree.start(token == JsonToken.START_OBJECT, 0, null, null);
                    case END_OBJECT, END_ARRAY -> tree.end();
                    case VALUE_NUMBER_INT -> scalar(parser, Node.Type.INTEGER);
                    case VALUE_NUMBER_FLOAT -> scalar(parser, Node.Type.FLOAT);
                    case VALUE_TRUE, VALUE_FALSE -> scalar(parser, Node.Type.BOOLEAN);
                    default -> scalar(parser, Node.Type.TEXT);
                }
            }
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getLineNr());
            throw new InputException(SourceLocation.of(file).at(line), "is not TOML: " + Json.problem(e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tree.finish();
    }

    private void scalar(JsonParser parser, Node.Type type) throws IOException {
        tree.scalar(0, null, null, parser.getText(), type, null);
    }
}
