package io.jenkins.plugins.serverlesspromotion.format.manifest;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Text;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Finds checks that will probably fail after the deployment. These are no errors: a function can exist already, and the
 * platform team may have given the test role other permissions than those of the documentation.
 */
public final class CheckNotes {
    /** Resources whose functions are in no template of the release. */
    private static final Set<String> NESTED =
            Set.of("AWS::CloudFormation::Stack", "AWS::Serverless::Application", "AWS::CloudFormation::Macro");

    private static final Set<String> FUNCTIONS = Set.of("AWS::Lambda::Function", "AWS::Serverless::Function");
    private static final String ALLOWED = "smoke";

    /** Names of functions as lists of their literal parts; null when there may be others. */
    private List<List<String>> created = new ArrayList<>();

    private CheckNotes() {}

    /**
     * @param templates by path
     * @param policy null when it is not known
     * @return sentences with their places, for people
     */
    public static List<String> of(MarkedManifest marked, String version, Map<String, byte[]> templates, Policy policy) {
        List<ValueScope> scopes = policy == null
                ? ValueScope.of(marked.manifest())
                : ValueScope.of(policy, marked.manifest().service());
        var found = new ScopedProblems(scopes);
        var notes = new CheckNotes();
        notes.readAll(marked.manifest(), templates);
        List<Manifest.Check> checks = marked.manifest().verify();
        for (int i = 0; i < checks.size(); i++) {
            if (!(checks.get(i) instanceof Manifest.LambdaCheck check) || check.isBeforeTraffic()) {
                continue;
            }
            SourceLocation where = marked.where("verify[" + i + "].lambda.function");
            for (ValueScope scope : scopes) {
                KnownText.of(marked.manifest(), version, scope, check.function())
                        .value()
                        .ifPresent(name -> notes.add(found, where, scope, name, check.function()));
            }
        }
        var problems = new Problems();
        found.addTo(problems);
        return problems.sentences();
    }

    /** @param written the name as the manifest has it, the same in every environment */
    private void add(ScopedProblems found, SourceLocation where, ValueScope scope, String name, String written) {
        String function = name.substring(name.lastIndexOf(":function:") < 0 ? 0 : name.lastIndexOf(":function:") + 10);
        String shown = TypedReader.shown(written);
        if (!function.toLowerCase(Locale.ROOT).contains(ALLOWED)) {
            found.add(
                    where,
                    scope,
                    "the test role of the documentation may invoke only functions with smoke in their names, not "
                            + shown + "; rename it, or ask the platform team for the SmokeTests of the account");
        }
        if (created != null && created.stream().noneMatch(parts -> matches(parts, function))) {
            found.add(
                    where,
                    scope,
                    "no template of the release has a function with FunctionName " + shown
                            + "; the check fails unless that function exists already and belongs to the service");
        }
    }

    private void readAll(Manifest manifest, Map<String, byte[]> templates) {
        for (Manifest.Target target : manifest.targets()) {
            if (target instanceof Manifest.Lambda lambda) {
                add(literals(lambda.function()));
            } else if (target instanceof Manifest.CloudFormation stack) {
                byte[] template = templates.get(stack.template());
                Object tree = template == null ? null : new TemplateReader().tree(stack.template(), template);
                read(tree instanceof Map<?, ?> map ? map : Map.of("Fn::Transform", ""));
            }
        }
    }

    private void read(Map<?, ?> template) {
        Object transform = template.get("Transform");
        boolean known = transform == null || transform.equals("AWS::Serverless-2016-10-31");
        if (!known || !(template.get("Resources") instanceof Map<?, ?> resources)) {
            created = null;
            return;
        }
        resources.forEach((id, value) -> {
            if (String.valueOf(id).startsWith("Fn::")
                    || !(value instanceof Map<?, ?> resource)
                    || NESTED.contains(String.valueOf(resource.get("Type")))) {
                created = null;
            } else if (FUNCTIONS.contains(String.valueOf(resource.get("Type")))
                    && resource.get("Properties") instanceof Map<?, ?> properties) {
                name(properties.get("FunctionName"));
            }
        });
    }

    /** A function without a name gets one that no manifest can contain. */
    private void name(Object name) {
        if (name instanceof String text) {
            add(List.of(text));
        } else if (name instanceof Map<?, ?> map) {
            Object sub = map.get("Fn::Sub");
            Object text = sub instanceof List<?> list && !list.isEmpty() ? list.get(0) : sub;
            add(text instanceof String pattern ? literals(pattern) : List.of("", ""));
        } else if (name instanceof Collection<?>) {
            add(List.of("", ""));
        }
    }

    private void add(List<String> parts) {
        if (created != null) {
            created.add(parts);
        }
    }

    /** The parts between references; with one part the text has none. */
    private static List<String> literals(String text) {
        var parts = new ArrayList<String>();
        var literal = new StringBuilder();
        try {
            for (Text.Part part : Text.of(text).parts()) {
                if (part instanceof Text.Literal fixed) {
                    literal.append(fixed.text());
                } else {
                    parts.add(literal.toString());
                    literal.setLength(0);
                }
            }
        } catch (IllegalArgumentException e) {
            return List.of("", "");
        }
        parts.add(literal.toString());
        return parts;
    }

    private static boolean matches(List<String> parts, String name) {
        String function = name.contains(":") ? name.substring(0, name.indexOf(':')) : name;
        String first = parts.get(0);
        String last = parts.get(parts.size() - 1);
        if (parts.size() == 1) {
            return first.equals(function);
        }
        if (function.length() < first.length() + last.length()
                || !function.startsWith(first)
                || !function.endsWith(last)) {
            return false;
        }
        int at = first.length();
        for (String part : parts.subList(1, parts.size() - 1)) {
            int next = function.indexOf(part, at);
            if (next < 0) {
                return false;
            }
            at = next + part.length();
        }
        return at + last.length() <= function.length();
    }
}
