package io.jenkins.plugins.serverlesspromotion.format.importers;

import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.child;
import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.members;
import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.text;

import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.NodeWriter;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The Serverless Framework names the deployment of a REST API after the time of the build, so that every package deploys
 * the API again. Here it is named after everything that the deployment takes a snapshot of: the same API keeps its
 * deployment, a changed one gets a new one, and a rollback that of its own release.
 */
final class DeploymentIds {
    private static final Pattern TIMED = Pattern.compile("(ApiGatewayDeployment)[0-9]{13}");
    private static final int DIGITS = 16;

    /** What decides, together with the API, what a deployment holds. */
    private static final List<String> SECTIONS = List.of("Conditions", "Mappings", "Parameters");

    private final Node tree;
    private final String template;
    private final String values;

    /**
     * @param template the tree as text, with code by its path
     * @param values those of the template's parameters, as far as they are known
     */
    DeploymentIds(Node tree, String template, String values) {
        this.tree = tree;
        this.template = template;
        this.values = values;
    }

    /** The template with ids that do not depend on the time. */
    String stable() {
        var timed = new TreeMap<String, String>();
        for (var resource : members(tree, "Resources")) {
            var name = TIMED.matcher(resource.key());
            if (name.matches()
                    && text(resource.value(), "Type")
                            .filter("AWS::ApiGateway::Deployment"::equals)
                            .isPresent()) {
                timed.put(resource.key(), name.group(1));
            }
        }
        if (timed.isEmpty()) {
            return template;
        }
        String digest = CanonicalDigests.sha256(replaced(snapshot(), timed, "").getBytes(StandardCharsets.UTF_8));
        String id = digest.substring(digest.indexOf(':') + 1).substring(0, DIGITS);
        return replaced(template, timed, id);
    }

    private String snapshot() {
        var text = new StringBuilder(values);
        var writer = new NodeWriter();
        SECTIONS.forEach(section ->
                child(tree, section).ifPresent(node -> text.append(section).append(writer.write(node))));
        for (var resource : members(tree, "Resources")) {
            if (text(resource.value(), "Type")
                    .filter(type -> type.startsWith("AWS::ApiGateway::"))
                    .isPresent()) {
                text.append(resource.key()).append(writer.write(resource.value()));
            }
        }
        return text.toString();
    }

    private static String replaced(String text, Map<String, String> timed, String id) {
        String now = text;
        for (var one : timed.entrySet()) {
            now = now.replace(one.getKey(), one.getValue() + id);
        }
        return now;
    }
}
