package io.jenkins.plugins.serverlesspromotion.format.template;

import io.jenkins.plugins.serverlesspromotion.engine.port.Templates;
import io.jenkins.plugins.serverlesspromotion.engine.release.PackagedProperties.Reference;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.Limits;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import io.jenkins.plugins.serverlesspromotion.format.input.Source;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads and renders CloudFormation and SAM templates, YAML or JSON, of at most 1 MiB. Rendering replaces the scalars
 * that name local files, byte for byte, and nothing else: comments, order, tags and line ends stay as they were.
 */
public final class TemplateReader implements Templates {
    @Override
    public List<String> localCode(String name, byte[] template) {
        var paths = new LinkedHashSet<String>();
        code(name, template).forEach(code -> paths.add(code.path()));
        return List.copyOf(paths);
    }

    @Override
    public List<String> nestedTemplates(String name, byte[] template) {
        return code(name, template).stream()
                .filter(TemplateCode.Named::isTemplate)
                .map(TemplateCode.Named::path)
                .distinct()
                .toList();
    }

    /**
     * The places that name local files, for messages with a line.
     *
     * @throws InputException as {@link #localCode} does
     */
    public static List<TemplateCode.Named> code(String name, byte[] template) {
        var problems = new Problems();
        return TemplateCode.in(Source.read(name, template, Limits.TEMPLATE, problems), problems);
    }

    /**
     * What Lambda does with the code that the template names, by path.
     *
     * @throws InputException when the template cannot be read
     */
    public static Map<String, Set<CodeUse>> uses(String name, byte[] template) {
        return CodeUses.of(Source.read(name, template, Limits.TEMPLATE, new Problems()));
    }

    @Override
    public byte[] render(String name, byte[] template, Map<String, Code> code) {
        var problems = new Problems();
        Node tree = Source.read(name, template, Limits.TEMPLATE, problems);
        List<TemplateCode.Named> places = TemplateCode.in(tree, problems);
        // A scalar that several resources share through an anchored map has only one place in the file.
        var byStart = new TreeMap<Integer, TemplateCode.Named>();
        var expected = new HashMap<String, Object>();
        for (var place : places) {
            Code location = code.get(place.path());
            if (location == null) {
                throw new InputException(place.where(), "nothing is known of where '" + place.path() + "' is stored");
            }
            expected.put(place.where().path(), reference(place, location));
            byStart.put(place.span().start(), place);
        }
        var out = new ByteArrayOutputStream(template.length + 256);
        int at = 0;
        for (var place : byStart.values()) {
            out.write(template, at, place.span().start() - at);
            out.writeBytes(written(expected.get(place.where().path())).getBytes(StandardCharsets.UTF_8));
            at = place.span().end();
        }
        out.write(template, at, template.length - at);
        byte[] rendered = out.toByteArray();
        var again = new Problems();
        Node result = Source.read(name, rendered, Limits.TEMPLATE, again);
        if (!again.isEmpty() || !same(tree, result, byStart.keySet(), expected)) {
            throw new InputException(
                    SourceLocation.of(name),
                    "cannot be rendered without changing something else; write its code paths plainly");
        }
        return rendered;
    }

    @Override
    public Object tree(String name, byte[] template) {
        // CloudFormation refuses a repeated key.
        return TemplateTree.of(Source.read(name, template, Limits.TEMPLATE, new Problems()));
    }

    /** A text, or the members of a map in order. */
    private static Object reference(TemplateCode.Named place, Code location) {
        Reference reference = place.property().reference();
        if (reference == Reference.HTTPS_URL) {
            if (location.url() == null) {
                throw new InputException(place.where(), "nothing is known of the address of '" + place.path() + "'");
            }
            return location.url();
        }
        if (!reference.isMap()) {
            return "s3://" + location.bucket() + "/" + location.key();
        }
        var members = new LinkedHashMap<String, String>();
        members.put(reference.bucket(), location.bucket());
        members.put(reference.key(), location.key());
        if (reference.version() != null) {
            members.put(reference.version(), location.version());
        }
        return members;
    }

    /** A quoted text, or a flow map of quoted texts, which are valid JSON and YAML. */
    private static String written(Object reference) {
        if (reference instanceof String text) {
            return CanonicalJson.text(text);
        }
        var parts = new ArrayList<String>();
        ((Map<?, ?>) reference)
                .forEach((key, value) ->
                        parts.add(CanonicalJson.text((String) key) + ": " + CanonicalJson.text((String) value)));
        return "{" + String.join(", ", parts) + "}";
    }

    /** Whether {@code after} is {@code before} with exactly the expected locations in place of the paths. */
    private static boolean same(Node before, Node after, Set<Integer> starts, Map<String, Object> expected) {
        // The path is built only for possible places: it can be long, and there are many nodes.
        Object location = before instanceof Node.Scalar scalar
                        && scalar.span() != null
                        && starts.contains(scalar.span().start())
                ? expected.get(before.where().path())
                : null;
        if (location instanceof String) {
            return after instanceof Node.Scalar scalar
                    && scalar.tag() == null
                    && scalar.text().equals(location);
        }
        if (location != null) {
            var found = new LinkedHashMap<String, String>();
            if (after instanceof Node.Mapping map && map.tag() == null) {
                map.members().forEach(m -> found.put(m.key(), m.value() instanceof Node.Scalar s ? s.text() : null));
            }
            return found.equals(location);
        }
        if (!java.util.Objects.equals(before.tag(), after.tag())) {
            return false;
        }
        if (before instanceof Node.Scalar a) {
            return after instanceof Node.Scalar b && a.text().equals(b.text()) && a.type() == b.type();
        }
        if (before instanceof Node.Sequence a) {
            if (!(after instanceof Node.Sequence b)
                    || a.items().size() != b.items().size()) {
                return false;
            }
            for (int i = 0; i < a.items().size(); i++) {
                if (!same(a.items().get(i), b.items().get(i), starts, expected)) {
                    return false;
                }
            }
            return true;
        }
        var a = (Node.Mapping) before;
        if (!(after instanceof Node.Mapping b)
                || a.members().size() != b.members().size()) {
            return false;
        }
        for (int i = 0; i < a.members().size(); i++) {
            if (!a.members().get(i).key().equals(b.members().get(i).key())
                    || !same(a.members().get(i).value(), b.members().get(i).value(), starts, expected)) {
                return false;
            }
        }
        return true;
    }
}
