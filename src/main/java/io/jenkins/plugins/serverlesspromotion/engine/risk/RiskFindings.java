package io.jenkins.plugins.serverlesspromotion.engine.risk;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Templates;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Finds what an approver must see first, by comparing the live template with the next one. It uses no other input: the
 * same two templates always give the same findings. docs/reference/risk-findings.md lists every kind and what counts as
 * one.
 */
public final class RiskFindings {
    /** Limit of levels of nested stacks; CloudFormation itself has no limit. */
    private static final int DEEPEST = 10;

    private final Function<String, Object> json;

    /** @param templates reads policies that a template contains as JSON text */
    public RiskFindings(Templates templates) {
        this.json = text -> {
            try {
                return templates.tree("policy.json", text.getBytes(StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                return text;
            }
        };
    }

    /** Sorted by kind and subject; those of nested stacks have {@code Stack/Resource} as subject. */
    public List<Plan.Finding> of(TemplateChange change) {
        var all = new ArrayList<Plan.Finding>();
        add(change, "", 0, all);
        return all;
    }

    private void add(TemplateChange change, String prefix, int depth, List<Plan.Finding> all) {
        var risks = new Risks(prefix);
        if (isUnreadable(change.after())) {
            unreadable(
                    "the release's template cannot be read, so nothing in it was looked at",
                    risks,
                    change.after().unreadable());
            all.addAll(risks.findings());
            return;
        }
        if (isUnreadable(change.before())) {
            unreadable(
                    "what is live cannot be read, so the release was compared with nothing",
                    risks,
                    change.before().unreadable());
        }
        ResolvedTemplate after;
        try {
            after = ResolvedTemplate.of(change.after(), change.pseudo());
        } catch (Growth.TooLargeException e) {
            unreadable("the release's template was not analysed: " + e.getMessage(), risks, null);
            all.addAll(risks.findings());
            return;
        }
        ResolvedTemplate before;
        try {
            before = ResolvedTemplate.of(change.before(), change.pseudo());
        } catch (Growth.TooLargeException e) {
            unreadable("what is live was not analysed: " + e.getMessage(), risks, null);
            before = ResolvedTemplate.of(null, change.pseudo());
        }
        Map<String, PermissionSet> held = PermissionInventory.of(before, change.pseudo(), json);
        Map<String, PermissionSet> holds = PermissionInventory.of(after, change.pseudo(), json);
        new DataLossRules(before, after, risks).find();
        String account = change.pseudo().getOrDefault("AWS::AccountId", "${AWS::AccountId}");
        new Broadening(held, holds, after, account, risks).find();
        new Roles(before, after, risks).find();
        new Exposure(before, after, risks).find(held, holds);
        new MonitoringRules(before, after, risks).find();
        new PinningRules(before, after, change.bucket(), risks).find();
        new UnanalyzableRules(before, after, risks)
                .find(held, holds, depth < DEEPEST ? change.nested().keySet() : Set.of());
        all.addAll(risks.findings());
        if (depth < DEEPEST) {
            change.nested().forEach((id, child) -> add(child, prefix + id + "/", depth + 1, all));
        }
    }

    private static boolean isUnreadable(TemplateChange.Version version) {
        return version != null && version.unreadable() != null;
    }

    /** @param why null where the sentence gives the reason */
    private static void unreadable(String sentence, Risks risks, String why) {
        risks.add(Risks.NOT_ANALYSABLE, "(template)", sentence, "Resources", null, why);
    }

    /** Whether the result of a transform depends on the template alone, so that it can be analysed. */
    public static boolean isForeseeable(String transform) {
        return UnanalyzableRules.isForeseeable(transform);
    }

    /** Logical ids of all resources of the two templates, with whether their definitions differ. */
    public static Map<String, Boolean> written(TemplateChange change) {
        Map<String, String> before = attributes(change.before(), change.pseudo());
        Map<String, String> after = attributes(change.after(), change.pseudo());
        var written = new TreeMap<String, Boolean>();
        before.keySet().forEach(id -> written.put(id, true));
        after.forEach((id, now) -> written.put(id, now.isEmpty() || !now.equals(before.get(id))));
        return written;
    }

    /** The definition of each resource; empty texts where filling it in would be too large. */
    private static Map<String, String> attributes(TemplateChange.Version version, Map<String, String> pseudo) {
        var attributes = new TreeMap<String, String>();
        try {
            ResolvedTemplate.of(version, pseudo)
                    .resources()
                    .forEach((id, resource) -> attributes.put(id, TemplateQuery.key(resource.attributes())));
        } catch (Growth.TooLargeException e) {
            TemplateQuery.map(version.template().get("Resources")).keySet().forEach(id -> attributes.put(id, ""));
        }
        return attributes;
    }
}
