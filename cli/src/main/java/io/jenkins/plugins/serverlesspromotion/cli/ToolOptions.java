package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.format.importers.ImportedManifest;
import io.jenkins.plugins.serverlesspromotion.format.importers.ToolImport;
import io.jenkins.plugins.serverlesspromotion.format.ToolOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The options for the source of a release: a manifest, the output of a tool, or both. */
final class ToolOptions {
    @Option(
            names = "--from",
            paramLabel = "TOOL",
            description = "Release the output of this tool: sam, serverless or cdk. FILE may then be left out, or"
                    + " add to it.")
    private String from;

    @Option(
            names = "--output",
            paramLabel = "PATH",
            description = "Folder or template that the tool wrote, relative to the folder of FILE. Otherwise"
                    + " .aws-sam/build, .serverless, cdk.out.")
    private String output;

    @Option(
            names = "--service",
            paramLabel = "NAME",
            description = "The service, where neither FILE nor the tool names it.")
    private String service;

    @Option(
            names = "--stack",
            paramLabel = "NAME",
            description = "The stack, instead of the tool's name for it; may hold $${environment}.")
    private String stack;

    /**
     * The manifest to release; that of a tool is written beside {@code file}, or into the current folder, and reported.
     *
     * @param file null when none is given
     * @param report takes a sentence about what was written, left out or chosen
     * @throws CommandException when the options do not fit together
     */
    ImportedManifest manifest(Path file, Consumer<String> report) throws IOException {
        if (from == null) {
            if (output != null || service != null || stack != null) {
                throw CommandException.usage("--output, --service and --stack go with --from TOOL");
            }
            if (file == null) {
                throw CommandException.usage("name a FILE, usually release.yaml, or --from one of "
                        + ToolOutput.words());
            }
            InputFile.read(file);
            return ImportedManifest.written(file);
        }
        ToolOutput tool = ToolOutput.named(from)
                .orElseThrow(() -> CommandException.usage(
                        "--from '" + from + "' is not known; it is one of " + ToolOutput.words()));
        if (file != null) {
            InputFile.read(file);
        }
        Path folder = file == null ? Path.of("") : file.toAbsolutePath().getParent();
        ImportedManifest imported = ToolImport.run(new ToolImport.Request(
                tool, folder, output, file == null ? null : file.getFileName().toString(), service, stack));
        report.accept("wrote " + folder.resolve(ToolImport.MANIFEST) + " and " + folder.resolve(ToolImport.FOLDER)
                + ", made of the output of " + tool.word());
        imported.notes().forEach(report);
        return imported;
    }
}
