package io.jenkins.plugins.serverlesspromotion.format.importers;

import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.text;

import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
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
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reads {@code .serverless}, the output of {@code serverless package} (version 3, and version 4 of osls). Where the
 * template names an object of the deployment bucket, the ZIP of that name in the folder is meant.
 */
final class ServerlessImport {
    /** The name of the target. */
    static final String TARGET = "app";

    /** Where the service is configured, in the order in which the tool looks for it. */
    static final List<String> FILES = List.of(
            "serverless.yml",
            "serverless.yaml",
            "serverless.json",
            "serverless.js",
            "serverless.ts",
            "serverless.cjs",
            "serverless.mjs");

    private final ToolFiles files;
    private final OwnTarget own;
    private final Node state;

    ServerlessImport(ToolFiles files, OwnTarget own) throws IOException {
        this.files = files;
        this.own = own;
        this.state = tree("serverless-state.json", Limits.STATE);
    }

    /** The service name in {@code serverless-state.json}; empty when there is none. */
    Optional<String> service() {
        return text(state, "service", "service");
    }

    ImportedStack read() throws IOException {
        Node tree = tree("cloudformation-template-update-stack.json", Limits.TEMPLATE);
        var writer = new NodeWriter();
        for (Node location : TemplateCode.locations(tree)) {
            if (location instanceof Node.Mapping map
                    && map.get("S3Key").orElse(null) instanceof Node.Scalar key
                    && key.tag() == null) {
                writer.replace(location, files.take(zip(key), files.output(), key.where()));
            }
        }
        var settings = new ServerlessProvider(
                NodeQuery.child(state, "service", "provider").orElse(null),
                files,
                files.first(FILES).orElse(FILES.get(0)));
        settings.problems().throwIfAny();
        var parameters = settings.parameters();
        var values = new StringBuilder(own.values());
        parameters.forEach(
                (key, value) -> values.append(key).append('=').append(value).append('\n'));
        String template = new DeploymentIds(tree, writer.write(tree), values.toString()).stable();
        return new ImportedStack(
                TARGET,
                List.of(),
                List.of(),
                stack(),
                "template.json",
                template.getBytes(StandardCharsets.UTF_8),
                Capabilities.of(tree),
                ImportedStack.literal(parameters),
                settings.tags(),
                settings.guards(stage()),
                files.code());
    }

    private Path zip(Node.Scalar key) throws IOException {
        int slash = key.text().lastIndexOf('/');
        String name = key.text().substring(slash + 1);
        Path zip = files.output().resolve(name);
        if (!Files.isRegularFile(zip)) {
            throw new InputException(
                    key.where(),
                    "names " + TypedReader.shown(name) + ", which is not in " + files.shown(files.output())
                            + "; run serverless package, without a bucket that holds the code already");
        }
        String folder = text(state, "package", "artifactDirectoryName").orElse(null);
        if (folder != null && slash > 0 && !folder.equals(key.text().substring(0, slash))) {
            throw new InputException(
                    key.where(),
                    "belongs to another package than serverless-state.json, which has " + TypedReader.shown(folder)
                            + ": the folder holds two stages or two builds; remove " + files.shown(files.output())
                            + " and run serverless package again");
        }
        refuseEarlierImport(zip);
        return zip;
    }

    /** By default the tool packs the whole project, so that every package would hold the one before it. */
    private void refuseEarlierImport(Path zip) throws IOException {
        try (var entries = new ZipFile(zip.toFile())) {
            if (entries.stream()
                    .map(ZipEntry::getName)
                    .anyMatch(name -> name.equals(ToolFiles.MANIFEST) || name.startsWith(ToolFiles.FOLDER + "/"))) {
                throw new InputException(
                        SourceLocation.of(files.shown(zip)),
                        "holds " + ToolFiles.MANIFEST + " of an earlier import, so that every package would be another"
                                + " release; add '!" + ToolFiles.FOLDER + "/**' and '!" + ToolFiles.MANIFEST
                                + "' to package.patterns of "
                                + files.first(FILES).orElse(FILES.get(0))
                                + ", and run serverless package again");
            }
        } catch (ZipException e) {
            // What is wrong with it is reported when the release is assembled.
        }
    }

    /** SERVICE-STAGE unless {@code provider.stackName} overrides it (Serverless Framework, AWS provider reference). */
    private String stack() {
        return text(state, "service", "provider", "stackName")
                .or(() -> service().flatMap(service -> stage().map(stage -> service + "-" + stage)))
                .orElse(null);
    }

    private Optional<String> stage() {
        return text(state, "service", "provider", "stage");
    }

    private Node tree(String name, Limits limits) throws IOException {
        Path file = files.output().resolve(name);
        files.require(file, "serverless package");
        return files.tree(file, files.bytes(file, limits), limits);
    }
}
