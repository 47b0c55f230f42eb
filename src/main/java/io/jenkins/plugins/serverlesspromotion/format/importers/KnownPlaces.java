package io.jenkins.plugins.serverlesspromotion.format.importers;

import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.ToolOutput;
import io.jenkins.plugins.serverlesspromotion.format.input.Limits;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Finds the place that a person wrote, instead of one in a file that an import wrote. */
final class KnownPlaces implements UnaryOperator<SourceLocation> {
    private static final List<String> SAM_TEMPLATES = List.of("template.yaml", "template.yml", "template.json");

    /** Where the settings of a stack stand, by the key of the manifest. */
    private static final Map<ToolOutput, Map<String, String>> SETTINGS = Map.of(
            ToolOutput.SAM,
            Map.of("cloudformation.stack", "stack_name", "parameters", "parameter_overrides", "tags", "tags"),
            ToolOutput.SERVERLESS,
            Map.of(
                    "cloudformation.stackPolicy", "provider.stackPolicy",
                    "cloudformation.stack", "provider.stackName",
                    "cloudformation.rollbackTriggers", "provider.rollbackConfiguration",
                    "cloudformation.monitoringMinutes", "provider.rollbackConfiguration",
                    "parameters", "provider.stackParameters",
                    "tags", "provider.stackTags"),
            ToolOutput.CDK,
            Map.of());

    private final ToolFiles files;
    private final ToolOutput tool;
    private final Node own;
    private final Map<String, Node> trees = new LinkedHashMap<>();

    /** @param own the manifest that a person wrote; null for none */
    KnownPlaces(ToolFiles files, ToolOutput tool, Node own) {
        this.files = files;
        this.tool = tool;
        this.own = own;
    }

    @Override
    public SourceLocation apply(SourceLocation where) {
        if (where.file() == null) {
            return where;
        }
        String file = where.file().replace('\\', '/');
        int folder = file.lastIndexOf(ToolFiles.FOLDER + "/");
        if (folder >= 0) {
            return template(file.substring(folder), where);
        }
        return file.endsWith(ToolFiles.MANIFEST) ? manifest(where.path()) : where;
    }

    private SourceLocation manifest(String path) {
        Optional<SourceLocation> written = NodeQuery.place(own, path);
        if (written.isPresent()) {
            return written.get();
        }
        int target = path.indexOf("].");
        String key = target < 0 ? path : path.substring(target + 2);
        for (var setting : SETTINGS.get(tool).entrySet()) {
            if (key.equals(setting.getKey()) || key.startsWith(setting.getKey() + ".")) {
                String file =
                        tool == ToolOutput.SAM ? files.first(SamConfig.FILES).orElse(source()) : source();
                return new SourceLocation(
                        file,
                        0,
                        setting.getValue() + key.substring(setting.getKey().length()));
            }
        }
        return new SourceLocation(source(), 0, path);
    }

    private String source() {
        return switch (tool) {
            case SAM -> files.first(SAM_TEMPLATES).orElse(files.shown(files.output()));
            case SERVERLESS -> files.first(ServerlessImport.FILES).orElse(ServerlessImport.FILES.get(0));
            case CDK -> files.first(List.of("cdk.json")).orElse(files.shown(files.output()));
        };
    }

    /** @param made the template that an import wrote, relative to the project */
    private SourceLocation template(String made, SourceLocation where) {
        String path = where.path();
        String source = source();
        return switch (tool) {
            case SAM -> NodeQuery.place(tree(source), path).orElse(new SourceLocation(built(), where.line(), path));
            case SERVERLESS ->
                NodeQuery.place(tree(source), "resources." + path).orElse(new SourceLocation(source, 0, path));
            case CDK -> new SourceLocation(source, 0, construct(tree(made), path) + path);
        };
    }

    /** Its lines are those of the template that was made of it. */
    private String built() {
        Path output = files.output();
        return files.shown(Files.isDirectory(output) ? output.resolve("template.yaml") : output);
    }

    /** The construct of the app that a resource comes from, as the tool recorded it. */
    private static String construct(Node template, String path) {
        return NodeQuery.members(template, "Resources").stream()
                .filter(resource -> path.startsWith(resource.where().path() + ".")
                        || path.equals(resource.where().path()))
                .flatMap(resource -> NodeQuery.text(resource.value(), "Metadata", "aws:cdk:path").stream())
                .findFirst()
                .map(construct -> construct + ": ")
                .orElse("");
    }

    /** Null for what is no tree: a place in it cannot be found, and the error must still be shown. */
    private Node tree(String name) {
        return trees.computeIfAbsent(name, key -> {
            try {
                Path file = files.root().resolve(key);
                return files.isThere(file)
                        ? files.tree(file, files.bytes(file, Limits.TEMPLATE), Limits.TEMPLATE)
                        : null;
            } catch (IOException | InputException e) {
                return null;
            }
        });
    }
}
