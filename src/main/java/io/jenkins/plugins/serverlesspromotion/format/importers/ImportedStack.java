package io.jenkins.plugins.serverlesspromotion.format.importers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A stack of a tool's output, before it becomes a target of a manifest.
 *
 * @param target name of the target
 * @param stack name of the stack; null when the tool does not know it
 * @param template name of the new template file
 * @param text the template, which names code by paths below {@code code}
 * @param code folder or file by the path that the template names
 */
record ImportedStack(
        String target,
        List<String> after,
        List<String> regions,
        String stack,
        String template,
        byte[] text,
        List<String> capabilities,
        Map<String, Value> parameters,
        Map<String, String> tags,
        Guards guards,
        Map<String, Path> code) {
    /** @param reference whether {@code ${…}} in it is a reference of the manifest, not literal text of the tool */
    record Value(String text, boolean reference) {}

    /**
     * What guards the stack.
     *
     * @param protect whether it has termination protection
     * @param triggers alarms that roll an update back
     * @param minutes how long they are watched; null for the default
     * @param policy a stack policy as a map; null for none
     */
    record Guards(boolean protect, List<String> triggers, Integer minutes, Map<String, Object> policy) {
        static final Guards NONE = new Guards(false, List.of(), null, null);

        Guards {
            triggers = List.copyOf(triggers);
        }
    }

    ImportedStack {
        after = List.copyOf(after);
        regions = List.copyOf(regions);
        capabilities = List.copyOf(capabilities);
        parameters = Map.copyOf(parameters);
        tags = Map.copyOf(tags);
        code = Map.copyOf(code);
    }

    /** Texts of a tool, which are literal. */
    static Map<String, Value> literal(Map<String, String> texts) {
        var values = new TreeMap<String, Value>();
        texts.forEach((key, text) -> values.put(key, new Value(text, false)));
        return values;
    }
}
