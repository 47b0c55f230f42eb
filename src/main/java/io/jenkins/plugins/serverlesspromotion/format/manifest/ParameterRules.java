package io.jenkins.plugins.serverlesspromotion.format.manifest;

import io.jenkins.plugins.serverlesspromotion.engine.port.Patterns;
import io.jenkins.plugins.serverlesspromotion.engine.release.TemplateBoolean;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import io.jenkins.plugins.serverlesspromotion.format.policy.Re2Patterns;
import io.jenkins.plugins.serverlesspromotion.format.template.DeclaredParameter;
import io.jenkins.plugins.serverlesspromotion.format.template.DeclaredParameter.AllowedValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Why CloudFormation refuses a value for a parameter ("Parameters" and "Supplied parameter types", AWS CloudFormation
 * User Guide). In doubt it is accepted: CloudFormation decides when the plan is made.
 */
final class ParameterRules {
    /** Characters of one value ("Understand CloudFormation quotas"). */
    private static final int LONGEST = 4096;

    private static final int SHOWN_VALUES = 10;

    /** Longer lists are left to CloudFormation. */
    private static final int MOST_COMPARISONS = 20_000;

    private static final String SSM_VALUE = "AWS::SSM::Parameter::Value<";

    /** What ids begin with. Names, and ids without such a beginning, are left to CloudFormation. */
    private static final Map<String, List<String>> IDS = Map.of(
            "AWS::EC2::Image::Id", List.of("ami-", "aki-", "ari-"),
            "AWS::EC2::Instance::Id", List.of("i-"),
            "AWS::EC2::SecurityGroup::Id", List.of("sg-"),
            "AWS::EC2::Subnet::Id", List.of("subnet-"),
            "AWS::EC2::Volume::Id", List.of("vol-"),
            "AWS::EC2::VPC::Id", List.of("vpc-"));

    private static final Pattern ID = Pattern.compile("[a-z]+-[0-9a-zA-Z]+");

    /** A name, perhaps with a version, or an ARN. */
    private static final Pattern SSM_NAME = Pattern.compile("[A-Za-z0-9_./:-]+");

    /** Only for these texts Java's expressions, which CloudFormation uses, and RE2 mean the same. */
    private static final Pattern COMPARABLE = Pattern.compile("[ -~]*");

    private static final Patterns PATTERNS = new Re2Patterns();

    private final DeclaredParameter parameter;
    private final KnownText given;
    private final List<String> problems = new ArrayList<>();

    private ParameterRules(DeclaredParameter parameter, KnownText given) {
        this.parameter = parameter;
        this.given = given;
    }

    /** Sentences without the place; a value of a parameter with NoEcho is in none of them. */
    static List<String> problems(DeclaredParameter parameter, KnownText given) {
        var rules = new ParameterRules(parameter, given);
        rules.check();
        return rules.problems;
    }

    private void check() {
        if (given.isDynamic() && !takesReferences()) {
            return;
        }
        Optional<String> value = given.value();
        if (given.shortest() > LONGEST) {
            problems.add("has more than " + LONGEST + " characters, the most that CloudFormation takes for " + subject()
                    + "; put it into a file or an SSM parameter that the service reads itself");
        }
        if (value.isPresent() && !value.get().contains(KnownText.DYNAMIC)) {
            type(value.get());
        }
        if (problems.isEmpty()) {
            constraints();
        }
    }

    private String subject() {
        return "parameter " + parameter.name() + " (" + parameter.where().file() + ":"
                + parameter.where().line() + ")";
    }

    private String shown(String value) {
        return parameter.noEcho() ? "the value" : "'" + TypedReader.shown(value) + "'";
    }

    private String inner() {
        String type = parameter.type();
        return type.startsWith("List<") && type.endsWith(">")
                ? type.substring("List<".length(), type.length() - 1)
                : type;
    }

    private boolean isList() {
        return parameter.type().startsWith("List<") || parameter.type().equals("CommaDelimitedList");
    }

    private boolean isText() {
        return parameter.type().equals("String") || parameter.type().equals("CommaDelimitedList");
    }

    /** CloudFormation splits at commas and removes the blanks around each item. */
    private List<String> items(String value) {
        return isList() ? Arrays.stream(value.split(",", -1)).map(String::strip).toList() : List.of(value);
    }

    /** CloudFormation resolves a dynamic reference only after it checked the types of parameters. */
    private boolean takesReferences() {
        String inner = inner();
        String instead;
        if (inner.equals("Number")) {
            instead = "a number. Declare it as String, which a property that takes a number accepts"
                    + orName("AWS::SSM::Parameter::Value<String>");
        } else if (inner.startsWith("AWS::SSM::")) {
            boolean secret = given.variable().map(KnownText.Dynamic::secret).orElse(false);
            instead = "the name of an SSM parameter. "
                    + (secret
                            ? "Declare it as String"
                            : "Set it to the name itself" + name() + ", or declare it as String");
        } else if (inner.startsWith("AWS::")) {
            instead = "something that exists in the account. Declare it as String"
                    + orName(SSM_VALUE + parameter.type() + ">");
        } else {
            return true;
        }
        problems.add(passed() + ", but " + subject() + " has Type " + parameter.type() + " and must be " + instead);
        return false;
    }

    private String passed() {
        return given.variable()
                        .map(one -> "passes ${" + one.variable() + "}, which is "
                                + (one.secret() ? "a secret" : "a parameter of SSM") + ", as ")
                        .orElse("passes ")
                + "the text {{resolve:…}} and not its value";
    }

    private String name() {
        return given.variable()
                .filter(one -> !one.secret())
                .map(one -> ", " + TypedReader.shown(one.written()))
                .orElse("");
    }

    /** CloudFormation reads an SSM parameter itself where the template declares this type. */
    private String orName(String type) {
        return given.variable().filter(one -> one.secret()).isPresent()
                ? ""
                : ", or declare it as " + type + " and set it to the name of the SSM parameter" + name();
    }

    private void type(String value) {
        String inner = inner();
        List<String> items = items(value);
        if (inner.equals("Number")) {
            for (String item : items) {
                if (!isNumber(item) && !(isList() && item.isEmpty())) {
                    problems.add(shown(item) + " is no number, and " + subject() + " has Type " + parameter.type()
                            + "; write " + (isList() ? "numbers with commas between them" : "a number"));
                }
            }
        } else if (IDS.containsKey(inner)) {
            for (String item : items) {
                if (!isId(inner, item) && !(isList() && item.isEmpty())) {
                    problems.add(
                            shown(item) + " is no id as " + subject() + " needs, which has Type " + parameter.type()
                                    + "; write an id that begins with " + String.join(" or ", IDS.get(inner)));
                }
            }
        } else if (inner.startsWith("AWS::SSM::") && !SSM_NAME.matcher(value).matches()) {
            problems.add(shown(value) + " is no name of an SSM parameter, and " + subject() + " has Type "
                    + parameter.type() + "; write the name, such as /orders/dev/db");
        }
    }

    private static boolean isId(String type, String value) {
        return ID.matcher(value).matches() && IDS.get(type).stream().anyMatch(value::startsWith);
    }

    private static boolean isNumber(String value) {
        if (DeclaredParameter.number(value).isPresent() || DeclaredParameter.mayBeNumber(value)) {
            return true;
        }
        try {
            Double.parseDouble(value);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private void constraints() {
        if (inner().equals("Number")) {
            given.value().flatMap(DeclaredParameter::number).ifPresent(this::bounds);
        }
        if (parameter.type().equals("String")) {
            lengths();
        }
        List<String> forms = given.forms();
        if (parameter.allowed() != null && (isText() || inner().equals("Number"))) {
            if (given.isDynamic()) {
                if (parameter.allowed().stream().noneMatch(one -> one.value().contains(KnownText.DYNAMIC))) {
                    problems.add(passed() + ". That text is not among AllowedValues of " + subject()
                            + "; remove AllowedValues" + orName("AWS::SSM::Parameter::Value<String>"));
                }
            } else if (!forms.isEmpty()) {
                allowed(forms.get(0));
            }
        }
        if (parameter.pattern() != null
                && isText()
                && !forms.isEmpty()
                && forms.stream().noneMatch(this::matches)) {
            problems.add(
                    given.isDynamic()
                            ? passed() + ". That text does not match AllowedPattern of " + subject()
                                    + "; let the pattern accept it, as in "
                                    + TypedReader.shown(parameter.pattern() + "|\\{\\{resolve:.*\\}\\}")
                                    + orName("AWS::SSM::Parameter::Value<String>")
                            : shown(forms.get(0)) + " does not match AllowedPattern "
                                    + TypedReader.shown(parameter.pattern()) + " of " + subject()
                                    + "; write a value that matches it as a whole");
        }
    }

    private void allowed(String value) {
        List<AllowedValue> allowed = parameter.allowed();
        List<String> items = items(value);
        if ((long) allowed.size() * items.size() > MOST_COMPARISONS
                || allowed.stream().anyMatch(one -> one.accepts(value))) {
            return;
        }
        for (String item : items) {
            if (allowed.stream().noneMatch(one -> one.accepts(item))) {
                problems.add(shown(item) + " is not among AllowedValues of " + subject() + choices(item));
                return;
            }
        }
    }

    private String choices(String value) {
        List<AllowedValue> allowed = parameter.allowed();
        Optional<AllowedValue> meant = allowed.stream()
                .filter(one -> !one.written().equals(one.value()))
                .filter(one -> one.written().equals(value)
                        || TemplateBoolean.isTrue(one.value()) == TemplateBoolean.isTrue(value)
                                && TemplateBoolean.isFalse(one.value()) == TemplateBoolean.isFalse(value))
                .findFirst();
        if (parameter.noEcho()) {
            return "; use one of them";
        }
        if (meant.isPresent()) {
            return ": CloudFormation reads " + meant.get().written() + " without quotes as "
                    + meant.get().value() + "; write " + meant.get().value()
                    + " here, or put quotes around the values in the template";
        }
        return "; write one of "
                + allowed.stream()
                        .limit(SHOWN_VALUES)
                        .map(one -> TypedReader.shown(one.value()))
                        .collect(Collectors.joining(", "))
                + (allowed.size() > SHOWN_VALUES ? ", … (" + allowed.size() + " values)" : "");
    }

    private boolean matches(String value) {
        if (!COMPARABLE.matcher(value).matches()
                || PATTERNS.problem(parameter.pattern()).isPresent()) {
            return true;
        }
        return PATTERNS.matches(parameter.pattern(), value)
                || isList()
                        && (value.isBlank()
                                || items(value).stream().allMatch(item -> PATTERNS.matches(parameter.pattern(), item)));
    }

    private void bounds(BigDecimal value) {
        if (parameter.minValue() != null && value.compareTo(parameter.minValue()) < 0) {
            problems.add(shown(value.toString()) + " is less than MinValue " + parameter.minValue() + " of " + subject()
                    + "; write a greater number");
        } else if (parameter.maxValue() != null && value.compareTo(parameter.maxValue()) > 0) {
            problems.add(shown(value.toString()) + " is greater than MaxValue " + parameter.maxValue() + " of "
                    + subject() + "; write a smaller number");
        }
    }

    /** A character outside of Unicode's first plane may count once or twice. */
    private void lengths() {
        Optional<String> value = given.value();
        int least = value.map(text -> text.codePointCount(0, text.length())).orElse(given.shortest());
        if (parameter.maxLength() != null && BigDecimal.valueOf(least).compareTo(parameter.maxLength()) > 0) {
            problems.add(
                    given.variable().isPresent()
                            ? passed() + ". That text is longer than MaxLength " + parameter.maxLength() + " of "
                                    + subject() + "; remove MaxLength" + orName("AWS::SSM::Parameter::Value<String>")
                            : "has at least " + least + " characters, more than MaxLength " + parameter.maxLength()
                                    + " of " + subject() + "; write a shorter value");
        } else if (value.isPresent()
                && parameter.minLength() != null
                && BigDecimal.valueOf(value.get().length()).compareTo(parameter.minLength()) < 0) {
            problems.add("has " + value.get().length() + " characters, less than MinLength " + parameter.minLength()
                    + " of " + subject() + "; write a longer value");
        }
    }
}
