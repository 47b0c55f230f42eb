package io.jenkins.plugins.serverlesspromotion.aws.stack;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.risk.TemplateAttributes;
import io.jenkins.plugins.serverlesspromotion.engine.risk.TemplateChange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Completes the changes of a change set. CloudFormation gives attributes of resources, such as {@code DeletionPolicy},
 * without their values, and does not name changes of the stack itself, such as outputs and tags. Both follow from the
 * two templates.
 */
final class UnnamedChanges {
    private static final String TAGS = "/Tags";

    private final TemplateChange root;
    private final Map<String, String> tagsBefore;
    private final Map<String, String> tagsAfter;
    private final UnaryOperator<String> shown;

    /** By path of the nested stack, empty for the outermost one. */
    private final Map<String, Attributes> read = new HashMap<>();

    private record Attributes(TemplateAttributes before, TemplateAttributes after) {
        private static final Attributes NONE = new Attributes(TemplateAttributes.NONE, TemplateAttributes.NONE);
    }

    /** @param shown a value in the form that people may see */
    UnnamedChanges(
            TemplateChange root,
            Map<String, String> tagsBefore,
            Map<String, String> tagsAfter,
            UnaryOperator<String> shown) {
        this.root = root;
        this.tagsBefore = tagsBefore;
        this.tagsAfter = tagsAfter;
        this.shown = shown;
        read("", root);
    }

    private void read(String path, TemplateChange change) {
        TemplateAttributes before = TemplateAttributes.of(change.before(), change.pseudo());
        TemplateAttributes after = TemplateAttributes.of(change.after(), change.pseudo());
        if (before != null && after != null) {
            read.put(path, new Attributes(before, after));
        }
        change.nested().forEach((id, child) -> read(path + id + "/", child));
    }

    /**
     * @param named as {@link ChangeSetContent#normalise} gives them
     * @param fallback a change of the template as a whole, where nothing else shows what changes
     */
    List<Plan.Change> completed(List<Plan.Change> named, Plan.PropertyChange fallback) {
        var all = new ArrayList<Plan.Change>();
        boolean unnamed = false;
        for (Plan.Change change : named) {
            if (ChangeSetContent.isStack(change)) {
                unnamed = true;
            } else {
                all.add(completed(change));
            }
        }
        if (root.before() != null) {
            read.putIfAbsent("", Attributes.NONE);
        }
        for (var nested : new TreeMap<>(read).entrySet()) {
            List<Plan.PropertyChange> properties = stack(nested.getKey(), nested.getValue());
            if (!properties.isEmpty()) {
                all.add(ChangeSetContent.ofStack(nested.getKey(), properties));
            }
        }
        if (unnamed && all.isEmpty()) {
            all.add(ChangeSetContent.ofStack("", root.before() == null ? List.of() : List.of(fallback)));
        }
        all.sort(Comparator.comparing(Plan.Change::subject).thenComparing(Plan.Change::type));
        return all;
    }

    private List<Plan.PropertyChange> stack(String path, Attributes attributes) {
        var properties = new ArrayList<>(
                differences(attributes.before().stack(), attributes.after().stack()));
        if (path.isEmpty()) {
            properties.addAll(differences(tags(tagsBefore, TAGS + "/"), tags(tagsAfter, TAGS + "/")));
        }
        properties.sort(Comparator.comparing(Plan.PropertyChange::path));
        return properties;
    }

    private static Map<String, String> tags(Map<String, String> tags, String prefix) {
        var named = new TreeMap<String, String>();
        tags.forEach((key, value) -> named.put(prefix + key, value));
        return named;
    }

    private List<Plan.PropertyChange> differences(Map<String, String> before, Map<String, String> after) {
        Set<String> paths = new TreeSet<>(before.keySet());
        paths.addAll(after.keySet());
        return paths.stream()
                .filter(path -> !Objects.equals(before.get(path), after.get(path)))
                .map(path -> changed(path, before.get(path), after.get(path)))
                .toList();
    }

    private Plan.PropertyChange changed(String path, String before, String after) {
        return new Plan.PropertyChange(path, shown.apply(before), shown.apply(after), Plan.Replacement.NO);
    }

    private Plan.Change completed(Plan.Change change) {
        int slash = change.subject().lastIndexOf('/') + 1;
        Attributes in = read.getOrDefault(change.subject().substring(0, slash), Attributes.NONE);
        String id = change.subject().substring(slash);
        Map<String, String> before = in.before().resources().get(id);
        Map<String, String> after = in.after().resources().get(id);
        var properties = new TreeMap<String, Plan.PropertyChange>();
        change.properties().forEach(p -> properties.put(p.path(), completed(p, before, after)));
        if (change.action() == Plan.Action.MODIFY && before != null && after != null) {
            differences(before, after).forEach(p -> properties.putIfAbsent(p.path(), p));
        }
        return new Plan.Change(
                change.subject(),
                change.type(),
                change.action(),
                change.replacement(),
                List.copyOf(properties.values()));
    }

    private Plan.PropertyChange completed(
            Plan.PropertyChange property, Map<String, String> before, Map<String, String> after) {
        if (property.before() != null || property.after() != null) {
            return property;
        }
        String then = before == null ? null : before.get(property.path());
        String now = after == null ? null : after.get(property.path());
        if (property.path().equals(TAGS)) {
            then = differing(tagsBefore, tagsAfter);
            now = differing(tagsAfter, tagsBefore);
        }
        return new Plan.PropertyChange(property.path(), shown.apply(then), shown.apply(now), property.replacement());
    }

    /** The tags of the stack that CloudFormation applies to its resources, as far as {@code others} differ. */
    private static String differing(Map<String, String> tags, Map<String, String> others) {
        var differing = new TreeMap<>(tags);
        differing.entrySet().removeIf(tag -> tag.getValue().equals(others.get(tag.getKey())));
        return differing.isEmpty() ? null : differing.toString();
    }
}
