package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a stack would become, as DescribeChangeSet tells it. Changes nothing. */
final class StackDiff {
    private final World world;
    private final Stack stack;
    private final Stack.Content next;
    private final Template template;
    private final Template old;
    private final Expressions expressions;
    /** Resources that will be new or replaced: their references are not known yet. */
    private final Set<String> unknown = new TreeSet<>();

    private final Map<String, ChangeSet.Change> changes = new LinkedHashMap<>();
    private final Set<String> secretValues = new TreeSet<>();

    /**
     * Compares.
     *
     * @throws AwsError when an expression cannot be evaluated or a type would change
     */
    StackDiff(World world, Stack stack, Stack.Content next) {
        this.world = world;
        this.stack = stack;
        this.next = next;
        this.template = next.template();
        this.old = stack.content == null ? null : stack.content.template();
        this.expressions = new Expressions(
                template, next.effective, world.region(stack.account, stack.region), stack.name, stack.id, scope());
        template.parameters().forEach((name, declaration) -> {
            if (Template.isNoEcho(declaration)
                    && next.effective.getOrDefault(name, "").length() > 3) {
                secretValues.add(next.effective.get(name));
            }
        });
        compute();
    }

    private Expressions.Scope scope() {
        return new Expressions.Scope() {
            @Override
            public String ref(String logicalId) {
                Stack.Resource resource = stack.resources.get(logicalId);
                return resource == null || unknown.contains(logicalId) ? Expressions.UNKNOWN : resource.physicalId;
            }

            @Override
            public String attribute(String logicalId, String name) {
                Stack.Resource resource = stack.resources.get(logicalId);
                if (resource == null || unknown.contains(logicalId)) {
                    String type =
                            template.resources().get(logicalId).path("Type").asText();
                    return type.isEmpty() ? null : Expressions.UNKNOWN;
                }
                return ResourceTypes.attribute(resource, name);
            }
        };
    }

    List<ChangeSet.Change> changes() {
        return new ArrayList<>(changes.values());
    }

    /** Whether only outputs differ: AWS accepts that as a change. */
    boolean outputsChange() {
        if (old == null) {
            return true;
        }
        Map<String, Stack.Output> after = outputs(template, expressions);
        return !after.equals(stack.outputs);
    }

    static Map<String, Stack.Output> outputs(Template template, Expressions expressions) {
        Map<String, Stack.Output> outputs = new LinkedHashMap<>();
        template.outputs().forEach((name, output) -> {
            if (expressions.included(output)) {
                JsonNode export = output.path("Export").get("Name");
                outputs.put(
                        name,
                        new Stack.Output(
                                name,
                                expressions.text(output.get("Value")),
                                SandboxJson.text(output, "Description"),
                                export == null ? null : expressions.text(export)));
            }
        });
        return outputs;
    }

    private void compute() {
        Map<String, JsonNode> wanted = new LinkedHashMap<>();
        template.resources().forEach((id, definition) -> {
            if (expressions.included(definition)) {
                wanted.put(id, definition);
            }
        });
        List<String> typeChanges = new ArrayList<>();
        wanted.forEach((id, definition) -> {
            Stack.Resource existing = stack.resources.get(id);
            if (existing != null
                    && !existing.type.equals(definition.path("Type").asText())) {
                typeChanges.add(id);
            }
        });
        if (!typeChanges.isEmpty()) {
            throw AwsError.validation("Update of resource type is not permitted. The new template modifies resource "
                    + "type of the following resources: " + typeChanges);
        }
        for (List<String> level : Dependencies.levels(template, wanted.keySet())) {
            for (String id : level) {
                Stack.Resource existing = stack.resources.get(id);
                ObjectNode after = properties(wanted.get(id));
                if (existing == null) {
                    add(id, wanted.get(id), after);
                } else {
                    modify(existing, wanted.get(id), after);
                }
            }
        }
        stack.resources.values().stream()
                .filter(resource -> !wanted.containsKey(resource.logicalId))
                .forEach(this::remove);
        expressions.imports.clear();
        if (stack.resources.isEmpty() || old == null) {
            outputs(template, expressions);
        }
    }

    private ObjectNode properties(JsonNode definition) {
        JsonNode value = expressions.evaluate(definition.get("Properties"));
        return value instanceof ObjectNode object ? object : SandboxJson.object();
    }

    private void add(String id, JsonNode definition, ObjectNode after) {
        unknown.add(id);
        ChangeSet.Change change = new ChangeSet.Change();
        change.action = "Add";
        change.logicalId = id;
        change.type = definition.path("Type").asText();
        change.after = context(after);
        changes.put(id, change);
    }

    private void remove(Stack.Resource resource) {
        ChangeSet.Change change = new ChangeSet.Change();
        change.action = "Remove";
        change.policyAction = resource.retained() ? "Retain" : "Delete";
        change.logicalId = resource.logicalId;
        change.physicalId = resource.physicalId;
        change.type = resource.type;
        change.before = context(resource.properties);
        changes.put(resource.logicalId, change);
    }

    private void modify(Stack.Resource existing, JsonNode definition, ObjectNode after) {
        ChangeSet.Change change = new ChangeSet.Change();
        Set<String> scope = new TreeSet<>();
        String replacement = "False";
        for (String name : changed(existing.properties, after)) {
            JsonNode value = after.get(name);
            boolean dynamic = value != null && SandboxJson.write(value).contains(Expressions.UNKNOWN);
            boolean replaces = ResourceTypes.replaces(existing.type, name);
            String attribute = name.equals("Tags") ? "Tags" : "Properties";
            scope.add(attribute);
            change.details.addAll(details(existing, definition, name, value, attribute, replaces, dynamic));
            if (replaces) {
                boolean perhaps = dynamic || world.is(Variant.NESTED_PATHS);
                replacement = perhaps && !replacement.equals("True") ? "Conditional" : perhaps ? replacement : "True";
            }
        }
        if (world.is(Variant.POSSIBLE_CHANGES) && possible(existing, definition, change, scope)) {
            replacement = replacement.equals("True") ? replacement : "Conditional";
        }
        if (!existing.stackTags.equals(next.tags)
                && ResourceTypes.of(existing.type).tagged()) {
            scope.add("Tags");
            change.details.add(SandboxJson.map(
                    "Target", SandboxJson.map("Attribute", "Tags", "RequiresRecreation", "Never"),
                    "Evaluation", "Static",
                    "ChangeSource", "DirectModification"));
        }
        for (String attribute : List.of("Metadata", "DeletionPolicy", "UpdatePolicy", "UpdateReplacePolicy")) {
            if (!canonical(definition.get(attribute)).equals(canonical(existing.definition.get(attribute)))) {
                scope.add(attribute);
                change.details.add(SandboxJson.map(
                        "Target", SandboxJson.map("Attribute", attribute, "RequiresRecreation", "Never"),
                        "Evaluation", "Static",
                        "ChangeSource", "DirectModification"));
            }
        }
        if (scope.isEmpty()) {
            return;
        }
        if (!replacement.equals("False")) {
            unknown.add(existing.logicalId);
            change.policyAction =
                    definition.path("UpdateReplacePolicy").asText("").startsWith("Retain")
                            ? "ReplaceAndRetain"
                            : "ReplaceAndDelete";
        }
        change.action = "Modify";
        change.logicalId = existing.logicalId;
        change.physicalId = existing.physicalId;
        change.type = existing.type;
        change.replacement = replacement;
        change.scope.addAll(scope);
        change.before = context(existing.properties);
        change.after = context(after);
        changes.put(existing.logicalId, change);
    }

    /**
     * Adds a change to every property that takes an attribute of a modified resource and would stay as it is.
     *
     * @return whether one of them would replace the resource
     */
    private boolean possible(Stack.Resource existing, JsonNode definition, ChangeSet.Change change, Set<String> scope) {
        Set<String> listed = new TreeSet<>(changed(existing.properties, properties(definition)));
        boolean replacing = false;
        for (var property : definition.path("Properties").properties()) {
            String name = property.getKey();
            String source = Dependencies.attributes(property.getValue()).stream()
                    .filter(attribute -> changes.containsKey(attribute.split("\\.")[0])
                            && changes.get(attribute.split("\\.")[0]).action.equals("Modify"))
                    .findFirst()
                    .orElse(null);
            JsonNode before = existing.properties.get(name);
            if (source == null || listed.contains(name) || before == null) {
                continue;
            }
            boolean replaces = ResourceTypes.replaces(existing.type, name);
            String attribute = name.equals("Tags") ? "Tags" : "Properties";
            scope.add(attribute);
            change.details.add(SandboxJson.map(
                    "Target",
                    target(
                            attribute,
                            name,
                            "/Properties/" + name,
                            shown(before),
                            Expressions.UNKNOWN,
                            recreation(replaces)),
                    "Evaluation",
                    "Dynamic",
                    "ChangeSource",
                    "ResourceAttribute",
                    "CausingEntity",
                    source));
            replacing |= replaces;
        }
        return replacing;
    }

    private String recreation(boolean replaces) {
        return !replaces ? "Never" : world.is(Variant.NESTED_PATHS) ? "Conditionally" : "Always";
    }

    private static Map<String, Object> target(
            String attribute, String name, String path, String before, String after, String recreation) {
        return SandboxJson.map(
                "Attribute", attribute,
                "Name", attribute.equals("Tags") ? null : name,
                "RequiresRecreation", recreation,
                "Path", path,
                "BeforeValue", before,
                "AfterValue", after,
                "AttributeChangeType", before == null ? "Add" : after == null ? "Remove" : "Modify");
    }

    /** One for the property, or under {@link Variant#NESTED_PATHS} one for every value in it. */
    private List<Map<String, Object>> details(
            Stack.Resource existing,
            JsonNode definition,
            String name,
            JsonNode value,
            String attribute,
            boolean replaces,
            boolean dynamic) {
        Map<String, Object> whole = detail(existing, definition, name, value, attribute, replaces, dynamic);
        if (!world.is(Variant.NESTED_PATHS)) {
            return List.of(whole);
        }
        List<Map<String, Object>> all = new ArrayList<>();
        leaves("/Properties/" + name, existing.properties.get(name), value, (path, before, after) -> {
            Map<String, Object> leaf = new LinkedHashMap<>(whole);
            leaf.put("Target", target(attribute, name, path, before, after, recreation(replaces)));
            all.add(leaf);
        });
        return all;
    }

    private interface Leaf {
        void differs(String path, String before, String after);
    }

    private void leaves(String path, JsonNode before, JsonNode after, Leaf found) {
        boolean structured = before != null && after != null && before.isObject() && after.isObject();
        if (!structured) {
            if (!canonical(before).equals(canonical(after))) {
                found.differs(path, before == null ? null : shown(before), after == null ? null : shown(after));
            }
            return;
        }
        for (String name : changed((ObjectNode) before, (ObjectNode) after)) {
            leaves(path + "/" + name, before.get(name), after.get(name), found);
        }
    }

    private Map<String, Object> detail(
            Stack.Resource existing,
            JsonNode definition,
            String name,
            JsonNode value,
            String attribute,
            boolean replaces,
            boolean dynamic) {
        JsonNode before = existing.properties.get(name);
        Map<String, Object> target = target(
                attribute,
                name,
                "/Properties/" + name,
                before == null ? null : shown(before),
                value == null ? null : shown(value),
                recreation(replaces));
        String source = "DirectModification";
        String causing = null;
        JsonNode raw = definition.path("Properties").get(name);
        JsonNode rawBefore = existing.definition.path("Properties").get(name);
        if (raw != null) {
            for (String reference : Dependencies.within(raw)) {
                if (dynamic && unknown.contains(reference)) {
                    boolean plain = raw.has("Ref");
                    source = plain ? "ResourceReference" : "ResourceAttribute";
                    causing = plain ? reference : reference + "." + attributeOf(raw, reference);
                } else if (source.equals("DirectModification")
                        && raw.equals(rawBefore)
                        && template.parameters().containsKey(reference)
                        && parameterChanged(reference)) {
                    source = "ParameterReference";
                    causing = reference;
                }
            }
        }
        return SandboxJson.map(
                "Target", target,
                "Evaluation", dynamic ? "Dynamic" : "Static",
                "ChangeSource", source,
                "CausingEntity", causing);
    }

    private static String attributeOf(JsonNode raw, String reference) {
        JsonNode attribute = raw.path("Fn::GetAtt");
        return attribute.path(0).asText().equals(reference) ? attribute.path(1).asText() : "Ref";
    }

    private boolean parameterChanged(String name) {
        return stack.content == null
                || !String.valueOf(next.effective.get(name)).equals(stack.content.effective.get(name));
    }

    /** Names of the top-level properties that differ; numbers and booleans are compared as text, as AWS does. */
    static List<String> changed(ObjectNode before, ObjectNode after) {
        Set<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        return names.stream()
                .filter(name -> !canonical(before.get(name)).equals(canonical(after.get(name))))
                .toList();
    }

    static String canonical(JsonNode node) {
        if (node == null || node.isNull()) {
            return "";
        }
        if (node.isObject()) {
            Map<String, String> fields = new java.util.TreeMap<>();
            node.properties().forEach(field -> fields.put(field.getKey(), canonical(field.getValue())));
            return fields.toString();
        }
        if (node.isArray()) {
            List<String> items = new ArrayList<>();
            node.forEach(item -> items.add(canonical(item)));
            return items.toString();
        }
        return "'" + node.asText() + "'";
    }

    private String shown(JsonNode value) {
        return mask(value.isContainerNode() ? SandboxJson.write(value) : value.asText());
    }

    private String context(ObjectNode properties) {
        return mask(SandboxJson.write(new HashMap<>(Map.of("Properties", properties))));
    }

    private String mask(String text) {
        String masked = text;
        for (String secret : secretValues) {
            masked = masked.replace(secret, "****");
        }
        return masked;
    }
}
