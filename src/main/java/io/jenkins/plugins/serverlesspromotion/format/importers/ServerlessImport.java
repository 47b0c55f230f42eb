package io.jenkins.plugins.serverlesspromotion.format.importers;

import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.input.Limits;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.NodeWriter;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code .serverless}, the output of {@code serverless package} (version 3). Where the template names an object
 * of the deployment bucket, the ZIP of that name in the folder is meant.
 */
final class ServerlessImport {
    private final ToolFiles files;

    ServerlessImport(ToolFiles files) {
        this.files = files;
    }

    /** The service name in {@code serverless-state.json}; empty when there is none. */
    Optional<String> service() throws IOException {
        return text(state(), "service", "service");
    }

    ImportedStack read() throws IOException {
        Path file = files.output().resolve("cloudformation-template-update-stack.json");
        Node tree = files.tree(file, files.bytes(file, Limits.TEMPLATE), Limits.TEMPLATE);
        var writer = new NodeWriter();
        for (Node location : TemplateCode.locations(tree)) {
            if (location instanceof Node.Mapping map
                    && map.get("S3Key").orElse(null) instanceof Node.Scalar key
                    && key.tag() == null) {
                String name = key.text().substring(key.text().lastIndexOf('/') + 1);
                Path zip = files.output().resolve(name);
                if (!Files.isRegularFile(zip)) {
                    throw new InputException(
                            key.where(),
                            "names " + TypedReader.shown(name) + ", which is not in " + files.shown(files.output())
                                    + "; run serverless package, without a bucket that holds the code already");
                }
                writer.replace(location, files.take(zip, files.output(), key.where()));
            }
        }
        return new ImportedStack(
                "app",
                List.of(),
                List.of(),
                stack(),
                "template.json",
                writer.write(tree).getBytes(StandardCharsets.UTF_8),
                Capabilities.of(tree),
                Map.of(),
                Map.of(),
                false,
                files.code());
    }

    /** SERVICE-STAGE unless {@code provider.stackName} overrides it (Serverless Framework, AWS provider reference). */
    private String stack() throws IOException {
        Node state = state();
        return text(state, "service", "provider", "stackName")
                .or(() -> text(state, "service", "service")
                        .flatMap(service ->
                                text(state, "service", "provider", "stage").map(stage -> service + "-" + stage)))
                .orElse(null);
    }

    private Node state() throws IOException {
        Path file = files.output().resolve("serverless-state.json");
        return files.tree(file, files.bytes(file, Limits.STATE), Limits.STATE);
    }

    private static Optional<String> text(Node node, String... path) {
        Node now = node;
        for (String key : path) {
            now = now instanceof Node.Mapping map ? map.get(key).orElse(null) : null;
        }
        return now instanceof Node.Scalar scalar && !scalar.isNull() ? Optional.of(scalar.text()) : Optional.empty();
    }
}
