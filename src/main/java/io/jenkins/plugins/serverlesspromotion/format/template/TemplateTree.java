package io.jenkins.plugins.serverlesspromotion.format.template;

import io.jenkins.plugins.serverlesspromotion.engine.release.NoEchoParameters;
import io.jenkins.plugins.serverlesspromotion.engine.release.TemplateBoolean;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Converts a template to plain maps, lists and texts, with the long form of every function. */
public final class TemplateTree {
    private TemplateTree() {}

    /** @return null for no value */
    public static Object of(Node node) {
        String tag = node.tag();
        if (tag == null) {
            return plain(node);
        }
        // !Ref and !Condition keep their names, every other short form is a function (CloudFormation template
        // reference, "Intrinsic functions").
        String name = tag.startsWith("!") ? tag.substring(1) : tag;
        Object argument = plain(node);
        return Map.of(
                name.equals("Ref") || name.equals("Condition") ? name : "Fn::" + name,
                argument == null ? "" : argument);
    }

    private static Object plain(Node node) {
        if (node instanceof Node.Scalar scalar) {
            return scalar.isNull() ? null : text(scalar);
        }
        if (node instanceof Node.Sequence list) {
            return list.items().stream()
                    .map(TemplateTree::of)
                    .filter(Objects::nonNull)
                    .toList();
        }
        var members = new LinkedHashMap<String, Object>();
        for (var member : ((Node.Mapping) node).members()) {
            Object value = of(member.value());
            if (value != null) {
                members.put(member.key(), value);
            } else if (member.key().equals(NoEchoParameters.KEY)) {
                // An empty value is not false: the parameter counts as secret.
                members.put(member.key(), "");
            }
        }
        return members;
    }

    private static String text(Node.Scalar scalar) {
        return scalar.type() == Node.Type.BOOLEAN
                ? TemplateBoolean.ofPlain(scalar.text()).orElse(scalar.text())
                : scalar.text();
    }
}
