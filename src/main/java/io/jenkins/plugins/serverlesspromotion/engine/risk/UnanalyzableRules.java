package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.Map;
import java.util.Set;

/** Finds what a template leaves to others to decide, so that the release alone does not determine it. */
final class UnanalyzableRules {
    /** Transforms of AWS whose result depends on the template alone. */
    private static final Set<String> FORESEEABLE =
            Set.of("AWS::Serverless-2016-10-31", "AWS::LanguageExtensions", "AWS::CodeDeployBlueGreen");

    /** Properties by which a template names a document outside of it. */
    private static final Map<String, Set<String>> ELSEWHERE = Map.of(
            "AWS::Serverless::Api", Set.of("DefinitionUri"),
            "AWS::Serverless::HttpApi", Set.of("DefinitionUri"),
            "AWS::ApiGateway::RestApi", Set.of("BodyS3Location"),
            "AWS::ApiGatewayV2::Api", Set.of("BodyS3Location"));

    private final ResolvedTemplate before;
    private final ResolvedTemplate after;
    private final Risks risks;

    UnanalyzableRules(ResolvedTemplate before, ResolvedTemplate after, Risks risks) {
        this.before = before;
        this.after = after;
        this.risks = risks;
    }

    /** Whether the result of a transform depends on the template alone. */
    static boolean isForeseeable(String transform) {
        return FORESEEABLE.contains(transform);
    }

    void find(Map<String, PermissionSet> held, Map<String, PermissionSet> holds, Set<String> nested) {
        for (String transform : after.transforms()) {
            if (!isForeseeable(transform)) {
                risks.add(
                        Risks.NOT_ANALYSABLE,
                        transform,
                        "the template is rewritten by " + transform
                                + ", so what is deployed is decided outside the release",
                        "Transform",
                        before.transforms().contains(transform) ? transform : null,
                        transform);
            }
        }
        for (String loop : after.loops()) {
            risks.add(
                    Risks.NOT_ANALYSABLE,
                    Loops.PREFIX + loop,
                    "the loop " + loop + " is over values that are not known, so what it makes was not looked at",
                    "Resources." + Loops.PREFIX + loop,
                    null,
                    null);
        }
        after.resources().values().forEach(now -> resource(now, nested));
        before.resources().values().stream()
                .filter(old -> TemplateChange.isNested(old.type())
                        && !after.resources().containsKey(old.id())
                        && !nested.contains(old.id()))
                .forEach(old -> risks.add(
                        Risks.NOT_ANALYSABLE,
                        old.id(),
                        old.named() + " is a stack of its own that is deleted, and what it holds was not looked at",
                        "Resources." + old.id(),
                        old.properties(),
                        null));
        holds.forEach((key, permissionSet) -> policies(held.get(key), permissionSet));
    }

    private void resource(ResolvedTemplate.Resource now, Set<String> nested) {
        ResolvedTemplate.Resource old = before.resources().get(now.id());
        boolean same = old != null && TemplateQuery.key(old.attributes()).equals(TemplateQuery.key(now.attributes()));
        boolean transformed = holdsTransform(now.attributes());
        if (transformed) {
            risks.add(
                    Risks.NOT_ANALYSABLE,
                    now.id(),
                    now.named() + " is filled in by a transform, so what it becomes is decided outside the release",
                    "Resources." + now.id(),
                    old != null && holdsTransform(old.attributes()) ? "Fn::Transform" : null,
                    "Fn::Transform");
        }
        if (same) {
            return;
        }
        String was = old == null ? null : TemplateQuery.shown(old.properties());
        if (isCustom(now.type())) {
            risks.add(
                    Risks.NOT_ANALYSABLE,
                    now.id(),
                    now.named() + " decides itself what it does",
                    "Resources." + now.id(),
                    was,
                    now.properties());
        } else if (TemplateChange.isNested(now.type()) && !nested.contains(now.id())) {
            risks.add(
                    Risks.NOT_ANALYSABLE,
                    now.id(),
                    now.named() + " is a stack of its own whose template was not looked at",
                    "Resources." + now.id(),
                    was,
                    now.properties());
        } else if (now.type().equals("AWS::CloudFormation::Macro")) {
            risks.add(
                    Risks.NOT_ANALYSABLE,
                    now.id(),
                    now.named() + " rewrites templates of this account",
                    "Resources." + now.id(),
                    was,
                    now.properties());
        }
        for (String property : ELSEWHERE.getOrDefault(now.type(), Set.of())) {
            Object is = now.property(property);
            if (is != null) {
                risks.add(
                        Risks.NOT_ANALYSABLE,
                        now.id(),
                        now.named() + " takes its routes from a document that was not looked at",
                        now.path(property),
                        old == null ? null : old.property(property),
                        is);
            }
        }
    }

    private static boolean isCustom(String type) {
        return type.startsWith("Custom::") || type.equals("AWS::CloudFormation::CustomResource");
    }

    private static boolean holdsTransform(Object node) {
        if (node instanceof Map<?, ?>) {
            Map<String, Object> map = TemplateQuery.map(node);
            return map.containsKey("Fn::Transform")
                    || map.values().stream().anyMatch(UnanalyzableRules::holdsTransform);
        }
        return (node instanceof java.util.List<?> || node instanceof TemplateQuery.Choice)
                && TemplateQuery.list(node).stream().anyMatch(UnanalyzableRules::holdsTransform);
    }

    private void policies(PermissionSet old, PermissionSet now) {
        now.opaque.forEach((key, path) -> {
            if (old == null || !old.opaque.containsKey(key)) {
                risks.add(
                        Risks.NOT_ANALYSABLE,
                        now.subject,
                        now.named + " has a policy whose content cannot be told",
                        path,
                        null,
                        key);
            }
        });
    }
}
