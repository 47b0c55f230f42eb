package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A template, JSON or YAML with the short forms of intrinsic functions spelt out. */
final class Template {
    private static final Set<String> SECTIONS = Set.of(
            "AWSTemplateFormatVersion",
            "Description",
            "Metadata",
            "Parameters",
            "Rules",
            "Mappings",
            "Conditions",
            "Transform",
            "Resources",
            "Outputs",
            "Globals");
    private static final Set<String> NAMED_IAM =
            Set.of("RoleName", "ManagedPolicyName", "UserName", "GroupName", "InstanceProfileName");
    private static final Set<String> IAM = Set.of(
            "AWS::IAM::Role",
            "AWS::IAM::Policy",
            "AWS::IAM::ManagedPolicy",
            "AWS::IAM::User",
            "AWS::IAM::Group",
            "AWS::IAM::InstanceProfile",
            "AWS::IAM::AccessKey",
            "AWS::IAM::UserToGroupAddition");

    /** The template itself, after the SAM transform when it asks for it. */
    final ObjectNode root;

    final String body;
    private final Map<String, Map<String, JsonNode>> sections = new ConcurrentHashMap<>();

    private Template(String body, ObjectNode root) {
        this.body = body;
        this.root = root;
    }

    /**
     * Reads and checks a template.
     *
     * @throws AwsError ValidationError with the words of CloudFormation
     */
    static Template parse(String body) {
        JsonNode tree;
        try {
            tree = body.stripLeading().startsWith("{") ? SandboxJson.read(body) : yaml(body);
        } catch (IllegalArgumentException | YamlEngineException e) {
            throw format((body.stripLeading().startsWith("{") ? "JSON" : "YAML") + " not well-formed. ("
                    + e.getMessage() + ")");
        }
        if (!(tree instanceof ObjectNode root)) {
            throw format("unsupported structure.");
        }
        Template template = new Template(body, root);
        template.checkSections();
        if (template.hasTransform()) {
            new SamTransform(root).apply();
        }
        template.checkResources();
        return template;
    }

    static AwsError format(String message) {
        return AwsError.validation("Template format error: " + message);
    }

    private static JsonNode yaml(String body) {
        LoadSettings settings =
                LoadSettings.builder().setMaxAliasesForCollections(1000).build();
        return new Compose(settings)
                .composeString(body)
                .map(Template::convert)
                .orElseThrow(() -> new IllegalArgumentException("empty"));
    }

    private static JsonNode convert(Node node) {
        String tag = node.getTag().getValue();
        if (tag.startsWith("!") && tag.length() > 1) {
            return function(tag.substring(1), node);
        }
        return plain(node);
    }

    private static JsonNode function(String name, Node node) {
        JsonNode value = plain(node);
        ObjectNode call = SandboxJson.object();
        if (name.equals("Ref") || name.equals("Condition")) {
            call.set(name, value);
        } else if (name.equals("GetAtt") && value.isTextual()) {
            int dot = value.asText().indexOf('.');
            ArrayNode parts = call.putArray("Fn::GetAtt");
            parts.add(dot < 0 ? value.asText() : value.asText().substring(0, dot));
            parts.add(dot < 0 ? "" : value.asText().substring(dot + 1));
        } else {
            call.set("Fn::" + name, value);
        }
        return call;
    }

    private static JsonNode plain(Node node) {
        if (node instanceof MappingNode mapping) {
            ObjectNode object = SandboxJson.object();
            for (NodeTuple tuple : mapping.getValue()) {
                String key = ((ScalarNode) tuple.getKeyNode()).getValue();
                if (object.has(key)) {
                    throw new IllegalArgumentException("duplicate key " + key);
                }
                object.set(key, convert(tuple.getValueNode()));
            }
            return object;
        }
        if (node instanceof SequenceNode sequence) {
            ArrayNode array = SandboxJson.array();
            sequence.getValue().forEach(item -> array.add(convert(item)));
            return array;
        }
        ScalarNode scalar = (ScalarNode) node;
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return SandboxJson.tree(null);
        }
        if (tag.equals(Tag.BOOL)) {
            return SandboxJson.tree(Boolean.valueOf(text));
        }
        if (tag.equals(Tag.INT) && text.matches("-?[0-9]{1,18}")) {
            return SandboxJson.tree(Long.valueOf(text));
        }
        if (tag.equals(Tag.FLOAT) && text.matches("-?[0-9.]+([eE][-+]?[0-9]+)?")) {
            return SandboxJson.tree(Double.valueOf(text));
        }
        return SandboxJson.tree(text);
    }

    /** CloudFormation reads booleans as YAML 1.1 does, quoted or not. */
    static boolean isNoEcho(JsonNode declaration) {
        String text = declaration.path("NoEcho").asText().toLowerCase(java.util.Locale.ROOT);
        return text.equals("true") || text.equals("yes") || text.equals("on");
    }

    private void checkSections() {
        List<String> unknown = new ArrayList<>();
        root.fieldNames().forEachRemaining(name -> {
            if (!SECTIONS.contains(name)) {
                unknown.add(name);
            }
        });
        if (!unknown.isEmpty()) {
            throw AwsError.validation("Invalid template property or properties " + unknown);
        }
        if (!root.path("Resources").isObject() || root.path("Resources").isEmpty()) {
            throw format("At least one Resources member must be defined.");
        }
    }

    private void checkResources() {
        for (Map.Entry<String, JsonNode> resource : resources().entrySet()) {
            String id = resource.getKey();
            if (!id.matches("[A-Za-z0-9]{1,255}")) {
                throw format("Resource name " + id + " is non alphanumeric.");
            }
            String type = resource.getValue().path("Type").asText();
            if (type.isEmpty()) {
                throw format("[/Resources/" + id + "] Every Resources object must contain a Type member.");
            }
            if (!type.matches("(AWS|Alexa)::[A-Za-z0-9]+::[A-Za-z0-9]+|Custom::[A-Za-z0-9_@-]+")) {
                throw format("Unrecognized resource types: [" + type + "]");
            }
            for (String needed : List.of("Condition")) {
                String condition = SandboxJson.text(resource.getValue(), needed);
                if (condition != null && !root.path("Conditions").has(condition)) {
                    throw format(
                            "Unresolved condition dependency " + condition + " in the Resources block of the template");
                }
            }
        }
        List<String> unresolved = new ArrayList<>();
        Set<String> known = new TreeSet<>(resources().keySet());
        root.path("Parameters").fieldNames().forEachRemaining(known::add);
        resources()
                .values()
                .forEach(resource -> Dependencies.references(resource).stream()
                        .filter(name -> !name.startsWith("AWS::") && !known.contains(name))
                        .forEach(unresolved::add));
        if (!unresolved.isEmpty()) {
            throw format("Unresolved resource dependencies " + unresolved + " in the Resources block of the template");
        }
        Dependencies.levels(this, resources().keySet());
    }

    Map<String, JsonNode> resources() {
        return section("Resources");
    }

    Map<String, JsonNode> parameters() {
        return section("Parameters");
    }

    Map<String, JsonNode> outputs() {
        return section("Outputs");
    }

    private Map<String, JsonNode> section(String name) {
        return sections.computeIfAbsent(name, this::members);
    }

    private Map<String, JsonNode> members(String name) {
        Map<String, JsonNode> members = new LinkedHashMap<>();
        root.path(name).properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        return members;
    }

    String description() {
        return SandboxJson.text(root, "Description");
    }

    boolean hasTransform() {
        return root.has("Transform");
    }

    List<String> transforms() {
        return IamPolicy.strings(root.get("Transform"));
    }

    /** What the caller must acknowledge, with the resources that are the reason. */
    Map<String, List<String>> capabilities() {
        Map<String, List<String>> needed = new TreeMap<>();
        List<String> iam = new ArrayList<>();
        boolean named = false;
        for (Map.Entry<String, JsonNode> resource : resources().entrySet()) {
            if (IAM.contains(resource.getValue().path("Type").asText())) {
                iam.add(resource.getKey());
                for (String name : NAMED_IAM) {
                    named |= resource.getValue().path("Properties").has(name);
                }
            }
        }
        if (!iam.isEmpty()) {
            needed.put(named ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM", iam);
        }
        if (hasTransform()) {
            needed.put("CAPABILITY_AUTO_EXPAND", transforms());
        }
        return needed;
    }

    /**
     * Refuses when the caller has not acknowledged what the template does. AWS asks for CAPABILITY_AUTO_EXPAND only
     * where no change set shows the outcome; here it is always asked for, so that a manifest which lacks it is found.
     *
     * @throws AwsError InsufficientCapabilitiesException
     */
    void checkCapabilities(List<String> given) {
        for (String capability : capabilities().keySet()) {
            boolean covered = given.contains(capability)
                    || capability.equals("CAPABILITY_IAM") && given.contains("CAPABILITY_NAMED_IAM");
            if (!covered) {
                throw new AwsError(
                        400, "InsufficientCapabilitiesException", "Requires capabilities : [" + capability + "]");
            }
        }
    }
}
