package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Finds resources whose content is deleted, or can be deleted from now on. */
final class DataLossRules {
    /** Properties that keep AWS from deleting a resource. */
    private static final List<String> LOCKS =
            List.of("DeletionProtection", "DeletionProtectionEnabled", "TerminationProtectionEnabled");

    private final ResolvedTemplate before;
    private final ResolvedTemplate after;
    private final Risks risks;

    DataLossRules(ResolvedTemplate before, ResolvedTemplate after, Risks risks) {
        this.before = before;
        this.after = after;
        this.risks = risks;
    }

    void find() {
        for (ResolvedTemplate.Resource old : before.resources().values()) {
            if (!StatefulTypes.isStateful(old.type())) {
                continue;
            }
            ResolvedTemplate.Resource now = after.resources().get(old.id());
            if (now == null) {
                deleted(old, "Resources." + old.id(), null);
            } else if (!now.type().equals(old.type())) {
                deleted(old, "Resources." + old.id() + ".Type", now.type());
            } else {
                if (now.maybe() && !old.maybe()) {
                    conditional(old, now);
                }
                replaced(old, now);
                unprotected(old, now);
            }
        }
        new Backups(before, after, risks).find();
    }

    private void deleted(ResolvedTemplate.Resource old, String path, String then) {
        // Removed logs are a finding of another kind.
        if (old.type().equals("AWS::Logs::LogGroup")) {
            return;
        }
        boolean kept = StatefulTypes.isKept(policy(old, "DeletionPolicy"));
        risks.add(
                Risks.STATEFUL_DELETION,
                old.id(),
                old.named()
                        + (kept ? " leaves the stack; its deletion policy keeps it" : " is deleted with what it holds"),
                path,
                old.type(),
                then);
    }

    private void conditional(ResolvedTemplate.Resource old, ResolvedTemplate.Resource now) {
        risks.add(
                Risks.STATEFUL_DELETION,
                old.id(),
                old.named() + " may be deleted with what it holds: whether its condition holds cannot be told",
                "Resources." + old.id() + ".Condition",
                old.attribute("Condition"),
                now.attribute("Condition"));
    }

    /** RDS takes a snapshot unless the template disables it (CloudFormation, "DeletionPolicy attribute"). */
    private static String policy(ResolvedTemplate.Resource resource, String attribute) {
        String written = resource.attribute(attribute);
        boolean snapshot = resource.type().equals("AWS::RDS::DBCluster")
                || resource.type().equals("AWS::RDS::DBInstance") && resource.property("DBClusterIdentifier") == null;
        return written == null && snapshot && attribute.equals("DeletionPolicy") ? "Snapshot" : written;
    }

    private void replaced(ResolvedTemplate.Resource old, ResolvedTemplate.Resource now) {
        for (String property : StatefulTypes.replacedBy(now.type())) {
            String was = TemplateQuery.key(old.property(property));
            String is = TemplateQuery.key(now.property(property));
            if (Objects.equals(was, is)) {
                continue;
            }
            replaced(old, now, property);
        }
        if (anotherType(old, now)) {
            replaced(old, now, "AttributeDefinitions");
        }
    }

    /**
     * Whether an attribute that both tables define has changed its type. Other definitions are added and removed with
     * indexes ("Update requires: Replacement if you edit an existing AttributeDefinition").
     */
    private static boolean anotherType(ResolvedTemplate.Resource old, ResolvedTemplate.Resource now) {
        if (!StatefulTypes.definesAttributes(now.type())) {
            return false;
        }
        Map<String, String> were = attributes(old);
        return attributes(now).entrySet().stream()
                .anyMatch(a -> !were.getOrDefault(a.getKey(), a.getValue()).equals(a.getValue()));
    }

    private static Map<String, String> attributes(ResolvedTemplate.Resource table) {
        var types = new TreeMap<String, String>();
        TemplateQuery.maps(table.property("AttributeDefinitions"))
                .forEach(a -> types.put(
                        TemplateQuery.key(a.get("AttributeName")), TemplateQuery.key(a.get("AttributeType"))));
        return types;
    }

    private void replaced(ResolvedTemplate.Resource old, ResolvedTemplate.Resource now, String property) {
        boolean kept = StatefulTypes.isKept(old.attribute("UpdateReplacePolicy"))
                && StatefulTypes.isKept(now.attribute("UpdateReplacePolicy"));
        risks.add(
                Risks.STATEFUL_REPLACEMENT,
                now.id(),
                now.named()
                        + (kept
                                ? " is made anew; its replace policy keeps the old one beside it"
                                : " is made anew, and what the old one holds is not moved"),
                now.path(property),
                old.property(property),
                now.property(property));
    }

    /** Cognito uses ACTIVE where other services use true. */
    private static boolean isLocked(Object lock) {
        return TemplateQuery.isTrue(lock) || TemplateQuery.texts(lock).contains("ACTIVE");
    }

    private static boolean isSurelyLocked(Object lock) {
        return !TemplateQuery.mayBeNothing(lock)
                && TemplateQuery.list(lock).stream().allMatch(DataLossRules::isLocked);
    }

    private void unprotected(ResolvedTemplate.Resource old, ResolvedTemplate.Resource now) {
        for (String attribute : List.of("DeletionPolicy", "UpdateReplacePolicy")) {
            if (StatefulTypes.isKept(policy(old, attribute)) && !StatefulTypes.isKept(policy(now, attribute))) {
                risks.add(
                        Risks.STATEFUL_UNPROTECTED,
                        now.id(),
                        now.named() + " can be deleted from now on",
                        "Resources." + now.id() + "." + attribute,
                        old.attribute(attribute),
                        now.attribute(attribute));
            }
        }
        for (String lock : LOCKS) {
            if (isLocked(old.property(lock)) && !isSurelyLocked(now.property(lock))) {
                risks.add(
                        Risks.STATEFUL_UNPROTECTED,
                        now.id(),
                        now.named() + " can be deleted from now on",
                        now.path(lock),
                        old.property(lock),
                        now.property(lock));
            }
        }
    }
}
