package io.jenkins.plugins.serverlesspromotion.format.input;

import io.jenkins.plugins.serverlesspromotion.engine.release.TemplateBoolean;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Reads YAML 1.2 with the core schema as events: no tag ever creates an object. */
final class YamlSource {
    private static final ScalarResolver CORE = new CoreSchema().getScalarResolver();
    private static final Pattern INDENTED = Pattern.compile(" *\\t\\s*\\S");
    private static final String CORE_PREFIX = "tag:yaml.org,2002:";

    private final String file;
    private final String text;
    private final Limits limits;
    private final TreeBuilder tree;
    private final int[] offsets;

    /** @param base bytes of the file before {@code text}: its byte order mark */
    YamlSource(String file, String text, int base, Limits limits, Problems problems) {
        this.file = file;
        this.text = text;
        this.limits = limits;
        this.tree = new TreeBuilder(file, limits, problems);
        this.offsets = offsets(text, base);
    }

    Node read() {
        var settings = LoadSettings.builder()
                .setLabel(file == null ? "input" : file)
                .setCodePointLimit(limits.bytes())
                .setSchema(new CoreSchema())
                .build();
        int documents = 0;
        int last = 1;
        try {
            for (Event event : new Parse(settings).parseString(text)) {
                if (event.getEventId() == Event.ID.DocumentStart && ++documents > 1) {
                    throw tree.refuse(line(event), "holds a second YAML document; write one document per file");
                }
                take(event);
                last = Math.max(last, line(event));
            }
        } catch (ReaderException e) {
            throw new InputException(
                    SourceLocation.of(file).at(lineOf(e.getPosition())),
                    String.format(
                            "holds the character U+%04X, which YAML does not allow; remove it", e.getCodePoint()));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark()
                    .or(e::getContextMark)
                    .map(m -> m.getLine() + 1)
                    .orElse(0);
            throw tabs(line)
                    .orElseGet(
                            () -> new InputException(SourceLocation.of(file).at(line), "is not YAML: " + sentence(e)));
        } catch (YamlEngineException e) {
            throw new InputException(SourceLocation.of(file).at(last), "is not YAML: " + e.getMessage());
        } catch (InputException e) {
            throw e;
        } catch (RuntimeException e) {
            // The parser throws a NumberFormatException for an escape without digits, and may throw others.
            throw new InputException(
                    SourceLocation.of(file).at(last),
                    "is not YAML: something in or after this line is malformed; look at escapes");
        }
        return tree.finish();
    }

    /** The parser names the line of the tab, or one beside it. */
    private Optional<InputException> tabs(int line) {
        String[] lines = text.split("\n", -1);
        for (int at : new int[] {line, line + 1, line - 1}) {
            if (at > 0 && at <= lines.length && INDENTED.matcher(lines[at - 1]).lookingAt()) {
                return Optional.of(new InputException(
                        SourceLocation.of(file).at(at),
                        "is not YAML: the line is indented with a tab; indent it with spaces"));
            }
        }
        return Optional.empty();
    }

    private static String sentence(MarkedYamlEngineException e) {
        String problem = String.valueOf(e.getProblem());
        return e.getContext() == null ? problem : e.getContext() + ", " + problem;
    }

    private void take(Event event) {
        switch (event.getEventId()) {
            case Scalar -> scalar((ScalarEvent) event);
            case Alias ->
                tree.alias(line(event), ((AliasEvent) event).getAlias().getValue());
            case MappingStart, SequenceStart -> {
                var start = (CollectionStartEvent) event;
                boolean mapping = event instanceof MappingStartEvent;
                String tag = tag(start.getTag(), line(event), mapping ? "map" : "seq");
                tree.start(mapping, line(event), tag, anchor(start.getAnchor()));
            }
            case MappingEnd, SequenceEnd -> tree.end();
            default -> {}
        }
    }

    private void scalar(ScalarEvent event) {
        int line = line(event);
        String tag = event.getTag().orElse(null);
        Node.Type type;
        if (tag == null) {
            type = event.isPlain() ? plain(event.getValue()) : Node.Type.TEXT;
        } else if (tag.startsWith(CORE_PREFIX)) {
            type = switch (tag.substring(CORE_PREFIX.length())) {
                case "str" -> Node.Type.TEXT;
                case "int" -> Node.Type.INTEGER;
                case "float" -> Node.Type.FLOAT;
                case "bool" -> Node.Type.BOOLEAN;
                case "null" -> Node.Type.NULL;
                default -> Node.Type.TEXT;
            };
        } else {
            type = Node.Type.TEXT;
        }
        tree.scalar(
                line,
                tag(event.getTag(), line, "str", "int", "float", "bool", "null"),
                anchor(event.getAnchor()),
                event.getValue(),
                type,
                span(event));
    }

    /** CloudFormation reads the booleans of a template as YAML 1.1 does. */
    private Node.Type plain(String text) {
        return limits.localTags() && TemplateBoolean.ofPlain(text).isPresent()
                ? Node.Type.BOOLEAN
                : type(CORE.resolve(text, true));
    }

    private static Node.Type type(Tag tag) {
        if (tag.equals(Tag.NULL)) {
            return Node.Type.NULL;
        } else if (tag.equals(Tag.BOOL)) {
            return Node.Type.BOOLEAN;
        } else if (tag.equals(Tag.INT)) {
            return Node.Type.INTEGER;
        } else if (tag.equals(Tag.FLOAT)) {
            return Node.Type.FLOAT;
        }
        return Node.Type.TEXT;
    }

    /** Null for a matching tag of the core schema; {@code !} alone means text as written. */
    private String tag(Optional<String> written, int line, String... core) {
        if (written.isEmpty() || written.get().equals("!")) {
            return null;
        }
        String tag = written.get();
        for (String name : core) {
            if (tag.equals(CORE_PREFIX + name)) {
                return null;
            }
        }
        if (!limits.localTags() || tag.startsWith(CORE_PREFIX)) {
            String shown = tag.startsWith(CORE_PREFIX) ? "!!" + tag.substring(CORE_PREFIX.length()) : tag;
            throw tree.refuse(line, "the YAML tag " + shown + " is not taken here; write a plain value");
        }
        return tag;
    }

    private static String anchor(Optional<Anchor> anchor) {
        return anchor.map(Anchor::getValue).orElse(null);
    }

    private static int line(Event event) {
        return event.getStartMark().map(m -> m.getLine() + 1).orElse(0);
    }

    private Node.Span span(ScalarEvent event) {
        Mark start = event.getStartMark().orElse(null);
        Mark end = event.getEndMark().orElse(null);
        if (start == null || end == null) {
            return null;
        }
        int from = offsets[start.getIndex()];
        int to = offsets[end.getIndex()];
        if (event.isLiteral() || event.isFolded()) {
            // The line feeds after a block scalar belong to the file, not to the value.
            int last = end.getIndex();
            while (last > start.getIndex() && isBlank(last - 1)) {
                last--;
            }
            to = offsets[last];
        }
        return new Node.Span(from, to);
    }

    private boolean isBlank(int codePoint) {
        int at = text.offsetByCodePoints(0, codePoint);
        return Character.isWhitespace(text.charAt(at));
    }

    private int lineOf(int codePoint) {
        int end = Math.min(text.length(), Math.max(0, codePoint));
        return 1 + (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
    }

    /** The parser counts code points, a file has bytes: the offsets of every code point and of the end. */
    private static int[] offsets(String text, int base) {
        int[] table = new int[text.codePointCount(0, text.length()) + 1];
        int at = base;
        int index = 0;
        for (int i = 0; i < text.length(); index++) {
            table[index] = at;
            int point = text.codePointAt(i);
            at += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            i += Character.charCount(point);
        }
        table[index] = at;
        return table;
    }
}
