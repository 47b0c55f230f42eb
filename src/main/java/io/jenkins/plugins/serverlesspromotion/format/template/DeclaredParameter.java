package io.jenkins.plugins.serverlesspromotion.format.template;

import io.jenkins.plugins.serverlesspromotion.engine.release.NoEchoParameters;
import io.jenkins.plugins.serverlesspromotion.engine.release.TemplateBoolean;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.Limits;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import io.jenkins.plugins.serverlesspromotion.format.input.Source;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A parameter that a template declares, with its rules ("Parameters", AWS CloudFormation User Guide). A rule that cannot
 * be read is null.
 *
 * @param type such as {@code List<Number>}; empty when it cannot be read
 * @param optional whether a value may be left out
 * @param allowed null: any value
 */
public record DeclaredParameter(
        String name,
        SourceLocation where,
        String type,
        boolean optional,
        boolean noEcho,
        List<AllowedValue> allowed,
        String pattern,
        BigDecimal minLength,
        BigDecimal maxLength,
        BigDecimal minValue,
        BigDecimal maxValue) {

    /** Longer numbers are not compared. */
    private static final int LONGEST_NUMBER = 100;

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?");

    /** A number that every version of YAML reads alike. */
    private static final Pattern PLAIN = Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?");

    /** Texts that YAML 1.1 may read as a number: octal, with bars, with a base of 60. */
    private static final Pattern LIKE_A_NUMBER = Pattern.compile("[+-]?[0-9.][0-9a-fA-FxX_:.+-]*");

    /**
     * The parameters of a template by name, in order.
     *
     * @param file for messages
     * @return empty when a part of the template that is computed later may declare more
     * @throws io.jenkins.plugins.serverlesspromotion.format.InputException when it is no template
     */
    public static Optional<Map<String, DeclaredParameter>> in(String file, byte[] template) {
        Node tree = Source.read(file, template, Limits.TEMPLATE, new Problems());
        Node section = member(tree, "Parameters").orElse(null);
        var all = new LinkedHashMap<String, DeclaredParameter>();
        if (section == null) {
            return Optional.of(all);
        }
        if (!(section instanceof Node.Mapping map) || map.tag() != null) {
            return Optional.empty();
        }
        for (Node.Member one : map.members()) {
            if (one.key().startsWith("Fn::") || one.key().equals("<<")) {
                return Optional.empty();
            }
            all.put(one.key(), of(one));
        }
        return Optional.of(all);
    }

    private static DeclaredParameter of(Node.Member declaration) {
        Node node = declaration.value();
        boolean whole = node instanceof Node.Mapping map && map.member("<<").isEmpty();
        return new DeclaredParameter(
                declaration.key(),
                declaration.where(),
                scalar(node, "Type").map(String::strip).orElse(""),
                !whole || member(node, "Default").isPresent(),
                TemplateTree.of(node) instanceof Map<?, ?> tree && NoEchoParameters.isNoEcho(tree),
                allowed(node),
                scalar(node, "AllowedPattern").orElse(null),
                scalar(node, "MinLength").flatMap(DeclaredParameter::number).orElse(null),
                scalar(node, "MaxLength").flatMap(DeclaredParameter::number).orElse(null),
                scalar(node, "MinValue").flatMap(DeclaredParameter::number).orElse(null),
                scalar(node, "MaxValue").flatMap(DeclaredParameter::number).orElse(null));
    }

    private static Optional<Node> member(Node node, String key) {
        return node instanceof Node.Mapping map ? map.get(key) : Optional.empty();
    }

    private static Optional<String> scalar(Node node, String key) {
        return member(node, key)
                .filter(value -> value instanceof Node.Scalar scalar && scalar.tag() == null && !scalar.isNull())
                .map(value -> ((Node.Scalar) value).text());
    }

    private static List<AllowedValue> allowed(Node node) {
        if (!(member(node, "AllowedValues").orElse(null) instanceof Node.Sequence list) || list.tag() != null) {
            return null;
        }
        var values = new ArrayList<AllowedValue>();
        for (Node item : list.items()) {
            if (!(item instanceof Node.Scalar scalar) || scalar.tag() != null || scalar.isNull()) {
                return null;
            }
            String value = scalar.type() == Node.Type.BOOLEAN
                    ? TemplateBoolean.ofPlain(scalar.text()).orElse(scalar.text())
                    : scalar.text();
            values.add(new AllowedValue(value, scalar.text()));
        }
        return List.copyOf(values);
    }

    /** The number that a text stands for; empty when it stands for none, or for one of too many digits. */
    public static Optional<BigDecimal> number(String value) {
        String stripped = value.strip();
        return stripped.length() <= LONGEST_NUMBER && NUMBER.matcher(stripped).matches()
                ? Optional.of(new BigDecimal(stripped))
                : Optional.empty();
    }

    /** Whether a text may be a number in any notation. */
    public static boolean mayBeNumber(String value) {
        return LIKE_A_NUMBER.matcher(value.strip()).matches();
    }

    /**
     * One of the values that a template allows.
     *
     * @param value as CloudFormation reads it
     * @param written as it stands in the template, without quotes
     */
    public record AllowedValue(String value, String written) {
        /**
         * Whether {@code given} may be this value. Numbers without quotes have more than one form, and so have single
         * letters: there the answer is yes in doubt.
         */
        public boolean accepts(String given) {
            if (value.equals(given)) {
                return true;
            }
            if (value.length() == 1 && TemplateBoolean.isTrue(value)) {
                return TemplateBoolean.isTrue(given);
            }
            if (value.length() == 1 && TemplateBoolean.isFalse(value)) {
                return TemplateBoolean.isFalse(given);
            }
            if (!mayBeNumber(value) || !mayBeNumber(given)) {
                return false;
            }
            Optional<BigDecimal> number = PLAIN.matcher(value).matches() ? number(value) : Optional.empty();
            Optional<BigDecimal> other = number(given);
            return number.isEmpty() || other.isEmpty() || number.get().compareTo(other.get()) == 0;
        }
    }
}
