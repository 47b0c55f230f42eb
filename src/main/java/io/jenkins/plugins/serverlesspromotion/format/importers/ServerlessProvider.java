package io.jenkins.plugins.serverlesspromotion.format.importers;

import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.child;
import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.items;
import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.strings;
import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.text;
import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.texts;

import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The settings of the stack in {@code provider} of a service: every setting of it that the tool passes to CloudFormation
 * (lib/plugins/aws/lib/get-shared-stack-action-params.js and its neighbours in Serverless Framework 3 and osls 4).
 */
final class ServerlessProvider {
    private final Node provider;
    private final String file;
    private final Problems problems = new Problems();
    private final Map<String, String> parameters = new TreeMap<>();
    private final List<String> triggers = new ArrayList<>();
    private Integer minutes;

    /** @param file where people configure it */
    ServerlessProvider(Node provider, ToolFiles files, String file) {
        this.provider = provider;
        this.file = file;
        refuse(
                "notificationArns",
                "sends the events of the stack to topics, which a promotion does not; remove it, and"
                        + " let the policy notify");
        refuse("disableRollback", "leaves a failed stack as it is, and a promotion rolls it back; remove it");
        for (String role : List.of("cfnRole", "iam.deploymentRole")) {
            if (child(provider, role.split("\\.")).isPresent()) {
                files.note(file + ": provider." + role + " is left out: the execution role of the account in the policy"
                        + " deploys the stack");
            }
        }
        for (Node parameter : items(provider, "stackParameters")) {
            Optional<String> key = text(parameter, "ParameterKey");
            Optional<String> value = text(parameter, "ParameterValue");
            if (key.isPresent() && value.isPresent()) {
                parameters.put(key.get(), value.get());
            } else if (key.isPresent()) {
                problems.add(
                        at("stackParameters"),
                        "takes the previous value of " + key.get()
                                + ", which differs from stack to stack; give a value");
            }
        }
        for (Node trigger : items(provider, "rollbackConfiguration", "RollbackTriggers")) {
            text(trigger, "Arn").ifPresent(triggers::add);
        }
        text(provider, "rollbackConfiguration", "MonitoringTimeInMinutes").ifPresent(time -> {
            if (!triggers.isEmpty()) {
                minutes = Integer.valueOf(time);
            } else if (!time.equals("0")) {
                files.note(file + ": provider.rollbackConfiguration.MonitoringTimeInMinutes is left out: it watches no"
                        + " alarm without RollbackTriggers");
            }
        });
    }

    Problems problems() {
        return problems;
    }

    Map<String, String> parameters() {
        return parameters;
    }

    /** The tag STAGE that the tool adds is not taken: the stage of a build is no environment. */
    Map<String, String> tags() {
        return texts(provider, "stackTags");
    }

    /** @param stage for which it was packaged; {@code deletionProtection} of osls may depend on it */
    ImportedStack.Guards guards(Optional<String> stage) {
        List<Node> statements = items(provider, "stackPolicy");
        boolean protect =
                text(provider, "deletionProtection").filter("true"::equals).isPresent()
                        || stage.filter(strings(provider, "deletionProtection", "stages")::contains)
                                .isPresent();
        return new ImportedStack.Guards(
                protect,
                triggers,
                minutes,
                statements.isEmpty()
                        ? null
                        : Map.of(
                                "Statement",
                                statements.stream().map(NodeQuery::plain).toList()));
    }

    private void refuse(String key, String why) {
        boolean empty = child(provider, key)
                .map(node -> node instanceof Node.Scalar scalar
                                && !scalar.text().equals("true")
                        || node instanceof Node.Sequence list && list.items().isEmpty())
                .orElse(true);
        if (!empty) {
            problems.add(at(key), why);
        }
    }

    private SourceLocation at(String key) {
        return SourceLocation.of(file).member(0, "provider").member(0, key);
    }
}
