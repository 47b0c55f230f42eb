package io.jenkins.plugins.serverlesspromotion.engine.risk;

import io.jenkins.plugins.serverlesspromotion.engine.risk.PermissionSet.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Collects who may do what from all policies in a template, in whatever resource they are. */
final class PermissionInventory {
    private static final Set<String> WITH_OWN_ROLE =
            Set.of("AWS::Serverless::Function", "AWS::Serverless::StateMachine");

    /** Properties that name the resource which a separate policy protects. */
    private static final List<String> PROTECTED = List.of(
            "Bucket",
            "Queues",
            "Queue",
            "Topics",
            "TopicArn",
            "SecretId",
            "EventBusName",
            "ResourceArn",
            "FileSystemId",
            "ClusterArn",
            "KeyId");

    private static final List<String> ATTACHED =
            List.of("Roles", "Users", "Groups", "RoleName", "UserName", "GroupName");

    private final ResolvedTemplate resolvedTemplate;
    private final Map<String, String> pseudo;
    private final Function<String, Object> json;
    private final Map<String, PermissionSet> all = new LinkedHashMap<>();

    private PermissionInventory(
            ResolvedTemplate resolvedTemplate, Map<String, String> pseudo, Function<String, Object> json) {
        this.resolvedTemplate = resolvedTemplate;
        this.pseudo = pseudo;
        this.json = json;
    }

    /**
     * @param json reads a policy that is written as text; null when it is not a policy
     * @return the permissions by a key that stays the same when a policy moves to another place of the template
     */
    static Map<String, PermissionSet> of(
            ResolvedTemplate resolvedTemplate, Map<String, String> pseudo, Function<String, Object> json) {
        var permissionInventory = new PermissionInventory(resolvedTemplate, pseudo, json);
        resolvedTemplate.resources().values().forEach(permissionInventory::resource);
        return permissionInventory.all;
    }

    private void resource(ResolvedTemplate.Resource resource) {
        switch (resource.type()) {
            case "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group", "AWS::SSO::PermissionSet" -> identity(resource);
            case "AWS::IAM::Policy",
                    "AWS::IAM::ManagedPolicy",
                    "AWS::IAM::RolePolicy",
                    "AWS::IAM::UserPolicy",
                    "AWS::IAM::GroupPolicy" -> attached(resource);
            case "AWS::IAM::UserToGroupAddition" ->
                TemplateQuery.texts(resource.property("Users"))
                        .forEach(user -> identity(user, resource)
                                .others
                                .put(
                                        "group " + TemplateQuery.shown(resource.property("GroupName")),
                                        resource.path("Users")));
            case "AWS::IAM::AccessKey" ->
                holding(Kind.IDENTITY, resource)
                        .others
                        .put(
                                "access key of " + TemplateQuery.shown(resource.property("UserName")),
                                resource.path("UserName"));
            case "AWS::SSO::Assignment" ->
                granted(
                        resource,
                        "PermissionSetArn",
                        "PrincipalId",
                        "permission set %s in account " + TemplateQuery.shown(resource.property("TargetId"))
                                + " for %s");
            case "AWS::RAM::ResourceShare" -> granted(resource, "ResourceArns", "Principals", "share of %s with %s");
            case "AWS::EC2::VPCEndpointServicePermissions" ->
                granted(resource, "ServiceId", "AllowedPrincipals", "use of endpoint service %s for %s");
            case "AWS::Lambda::Permission", "AWS::Lambda::LayerVersionPermission" -> permission(resource);
            case "AWS::Events::EventBusPolicy" -> busPolicy(resource);
            case "AWS::Serverless::Connector" -> connector(resource, resource.properties(), "");
            default -> {
                if (WITH_OWN_ROLE.contains(resource.type())) {
                    identity(resource);
                    samPolicies(resource);
                }
                documents(resource, "", resource.properties());
            }
        }
        TemplateQuery.map(resource.attributes().get("Connectors"))
                .forEach((name, connector) ->
                        connector(resource, TemplateQuery.map(TemplateQuery.at(connector, "Properties")), "." + name));
    }

    /** A role, a user, a group, or a resource that creates its own role. */
    private void identity(ResolvedTemplate.Resource resource) {
        PermissionSet permissionSet = holding(Kind.IDENTITY, resource);
        boolean sam = WITH_OWN_ROLE.contains(resource.type());
        if (!sam) {
            int index = 0;
            for (Object policy : TemplateQuery.list(resource.property("Policies"))) {
                String path = resource.path("Policies[" + index++ + "]");
                Object document = policy instanceof Map ? TemplateQuery.at(policy, "PolicyDocument") : policy;
                document(permissionSet, path + ".PolicyDocument", document);
            }
            if (resource.property("InlinePolicy") != null) {
                document(permissionSet, resource.path("InlinePolicy"), resource.property("InlinePolicy"));
            }
        }
        for (String list : List.of("ManagedPolicyArns", "ManagedPolicies", "Groups")) {
            TemplateQuery.texts(resource.property(list))
                    .forEach(name -> managed(permissionSet, name, resource.path(list)));
        }
        Object boundary = resource.property("PermissionsBoundary");
        permissionSet.boundary = boundary == null ? null : TemplateQuery.shown(boundary);
        Object trust = resource.property("AssumeRolePolicyDocument");
        if (trust != null) {
            document(holding(Kind.TRUST, resource), resource.path("AssumeRolePolicyDocument"), trust);
        }
    }

    /**
     * The permissions that a resource gives to each of some principals by its own properties; the template contains no
     * policy for them.
     */
    private void granted(ResolvedTemplate.Resource resource, String what, String to, String sentence) {
        for (String principal : TemplateQuery.texts(resource.property(to))) {
            for (String given : TemplateQuery.texts(resource.property(what))) {
                holding(Kind.IDENTITY, resource).others.put(sentence.formatted(given, principal), resource.path(to));
            }
        }
    }

    private void managed(PermissionSet permissionSet, String name, String path) {
        String local = localId(name);
        ResolvedTemplate.Resource policy =
                local == null ? null : resolvedTemplate.resources().get(local);
        if (policy != null && policy.property("PolicyDocument") != null) {
            // The statements belong to this identity, so moving them between places is not a change.
            document(permissionSet, policy.path("PolicyDocument"), policy.property("PolicyDocument"));
        } else {
            permissionSet.others.put(name.replaceFirst("^arn:[^:]+:iam::aws:policy/(service-role/)?", ""), path);
        }
    }

    /** A policy that is a separate resource. */
    private void attached(ResolvedTemplate.Resource resource) {
        boolean any = false;
        for (String property : ATTACHED) {
            for (String name : TemplateQuery.texts(resource.property(property))) {
                document(
                        identity(name, resource), resource.path("PolicyDocument"), resource.property("PolicyDocument"));
                any = true;
            }
        }
        if (!any && resource.type().equals("AWS::IAM::ManagedPolicy") && !isUsed(resource.id())) {
            document(
                    holding(Kind.IDENTITY, resource),
                    resource.path("PolicyDocument"),
                    resource.property("PolicyDocument"));
        }
    }

    private boolean isUsed(String policy) {
        return resolvedTemplate.resources().values().stream()
                .anyMatch(r ->
                        TemplateQuery.texts(r.property("ManagedPolicyArns")).contains("${" + policy + "}"));
    }

    /** The identity that a policy is attached to, in this template or outside it. */
    private PermissionSet identity(String name, ResolvedTemplate.Resource resource) {
        String local = localId(name);
        ResolvedTemplate.Resource there =
                local == null ? null : resolvedTemplate.resources().get(local);
        return there != null
                ? holding(Kind.IDENTITY, there)
                : all.computeIfAbsent(
                        "identity " + name, k -> new PermissionSet(Kind.IDENTITY, resource.id(), resource.named()));
    }

    /** Logical id that a reference to a resource of the template names, null for anything else. */
    static String localId(String reference) {
        return reference.matches("\\$\\{[A-Za-z0-9]+(\\.Arn)?}")
                ? reference.substring(2, reference.length() - 1).replaceFirst("\\.Arn$", "")
                : null;
    }

    private void samPolicies(ResolvedTemplate.Resource resource) {
        PermissionSet permissionSet = holding(Kind.IDENTITY, resource);
        int index = 0;
        for (Object policy : TemplateQuery.list(resource.property("Policies"))) {
            String path = resource.path("Policies[" + index++ + "]");
            if (policy instanceof String name) {
                managed(permissionSet, name, path);
                continue;
            }
            Map<String, Object> map = TemplateQuery.map(policy);
            if (map.containsKey("Statement") || map.size() != 1) {
                document(permissionSet, path, policy);
                continue;
            }
            var template = map.entrySet().iterator().next();
            String name = template.getKey();
            var known = SamPolicyTemplates.statement(name, TemplateQuery.map(template.getValue()), pseudo, path);
            known.ifPresentOrElse(
                    permissionSet.statements::add,
                    () -> permissionSet.others.put(name + " " + TemplateQuery.key(template.getValue()), path));
        }
    }

    private void connector(ResolvedTemplate.Resource resource, Map<String, Object> properties, String name) {
        var places = new LinkedHashMap<String, Object>(properties);
        places.remove("Permissions");
        for (String permission : TemplateQuery.texts(properties.get("Permissions"))) {
            holding(Kind.IDENTITY, resource)
                    .others
                    .put(
                            "connector " + permission + " " + TemplateQuery.key(places),
                            "Resources." + resource.id() + ".Connectors" + name);
        }
    }

    private void permission(ResolvedTemplate.Resource resource) {
        var principal = String.valueOf(TemplateQuery.shown(resource.property("Principal")));
        String kind = principal.endsWith(".amazonaws.com") ? "Service" : "AWS";
        var conditions = new LinkedHashMap<String, Object>();
        condition(conditions, resource, "SourceArn", "ArnLike", "aws:SourceArn");
        condition(conditions, resource, "SourceAccount", "StringEquals", "aws:SourceAccount");
        condition(conditions, resource, "PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID");
        condition(conditions, resource, "OrganizationId", "StringEquals", "aws:PrincipalOrgID");
        condition(conditions, resource, "EventSourceToken", "StringEquals", "lambda:EventSourceToken");
        condition(conditions, resource, "FunctionUrlAuthType", "StringEquals", "lambda:FunctionUrlAuthType");
        Object what = resource.property("FunctionName");
        Object target = what == null ? resource.property("LayerVersionArn") : what;
        shared(resource, target)
                .statements
                .add(IamStatement.of(
                        "Resources." + resource.id() + ".Properties",
                        Map.of(
                                "Effect",
                                "Allow",
                                "Action",
                                resource.properties().getOrDefault("Action", "*"),
                                "Principal",
                                Map.of(kind, principal),
                                "Condition",
                                conditions)));
    }

    private static void condition(
            Map<String, Object> into,
            ResolvedTemplate.Resource resource,
            String property,
            String operator,
            String key) {
        Object value = resource.property(property);
        if (value != null) {
            into.merge(operator, Map.of(key, value), (a, b) -> {
                var both = new LinkedHashMap<>(TemplateQuery.map(a));
                both.putAll(TemplateQuery.map(b));
                return both;
            });
        }
    }

    private void busPolicy(ResolvedTemplate.Resource resource) {
        if (resource.property("Statement") != null) {
            document(
                    shared(resource, resource.property("EventBusName")),
                    resource.path("Statement"),
                    Map.of("Statement", resource.property("Statement")));
            return;
        }
        var statement = new LinkedHashMap<String, Object>(Map.of("Effect", "Allow"));
        statement.put("Action", resource.property("Action"));
        statement.put("Principal", Map.of("AWS", String.valueOf(TemplateQuery.shown(resource.property("Principal")))));
        Object key = resource.property("Condition", "Key");
        if (key != null) {
            statement.put(
                    "Condition",
                    Map.of(
                            String.valueOf(resource.property("Condition", "Type")),
                            Map.of(key.toString(), String.valueOf(resource.property("Condition", "Value")))));
        }
        shared(resource, resource.property("EventBusName"))
                .statements
                .add(IamStatement.of("Resources." + resource.id() + ".Properties", statement));
    }

    /** Policies in any place: every object with statements that have an effect. */
    private void documents(ResolvedTemplate.Resource resource, String path, Object node) {
        if (path.startsWith("Policies") && WITH_OWN_ROLE.contains(resource.type())
                || path.equals("AssumeRolePolicyDocument")) {
            return;
        }
        if (node instanceof String text) {
            if (path.toLowerCase(Locale.ROOT).contains("policy")
                    && text.stripLeading().startsWith("{")) {
                document(sharedBy(resource), resource.path(path), text);
            }
        } else if (node instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                documents(resource, path + "[" + i + "]", list.get(i));
            }
        } else if (node instanceof TemplateQuery.Choice choice) {
            choice.options().forEach(option -> documents(resource, path, option));
        } else if (TemplateQuery.maps(TemplateQuery.at(node, "Statement")).stream()
                .anyMatch(s -> s.containsKey("Effect"))) {
            document(sharedBy(resource), resource.path(path), node);
        } else if (path.endsWith("ResourcePolicy") && TemplateQuery.at(node, "CustomStatements") != null) {
            document(
                    sharedBy(resource),
                    resource.path(path + ".CustomStatements"),
                    Map.of("Statement", TemplateQuery.at(node, "CustomStatements")));
        } else {
            TemplateQuery.map(node)
                    .forEach((key, value) -> documents(resource, path.isEmpty() ? key : path + "." + key, value));
            if (path.endsWith("PolicyDocument") && TemplateQuery.map(node).containsKey("Fn::Transform")) {
                document(sharedBy(resource), resource.path(path), node);
            }
        }
    }

    private PermissionSet sharedBy(ResolvedTemplate.Resource resource) {
        for (String property : PROTECTED) {
            if (resource.type().endsWith("Policy") && resource.property(property) != null) {
                return shared(resource, resource.property(property));
            }
        }
        return holding(Kind.RESOURCE, resource);
    }

    /** The permissions of others on {@code target}, whichever resource defines them. */
    private PermissionSet shared(ResolvedTemplate.Resource resource, Object target) {
        String name = TemplateQuery.key(target).replaceAll("\\.Arn}", "}");
        return all.computeIfAbsent(
                "resource " + name, k -> new PermissionSet(Kind.RESOURCE, resource.id(), resource.named()));
    }

    private PermissionSet holding(Kind kind, ResolvedTemplate.Resource resource) {
        String key = kind == Kind.RESOURCE
                ? "resource \"${" + resource.id() + "}\""
                : (kind == Kind.TRUST ? "trust " : "identity ") + resource.id();
        return all.computeIfAbsent(key, k -> new PermissionSet(kind, resource.id(), resource.named()));
    }

    private void document(PermissionSet permissionSet, String path, Object document) {
        if (document instanceof TemplateQuery.Choice choice) {
            choice.options().forEach(option -> document(permissionSet, path, option));
            return;
        }
        Object tree =
                document instanceof String text && text.stripLeading().startsWith("{") ? json.apply(text) : document;
        Map<String, Object> map = TemplateQuery.map(tree);
        if (!map.containsKey("Statement")) {
            if (document != null) {
                permissionSet.opaque.put(TemplateQuery.key(document), path);
            }
            return;
        }
        int index = 0;
        for (Object statement : TemplateQuery.list(map.get("Statement"))) {
            String place = path + ".Statement[" + index++ + "]";
            if (statement instanceof Map<?, ?> members && members.containsKey("Effect")) {
                permissionSet.statements.add(IamStatement.of(place, TemplateQuery.map(statement)));
            } else {
                permissionSet.opaque.put(TemplateQuery.key(statement), place);
            }
        }
    }
}
