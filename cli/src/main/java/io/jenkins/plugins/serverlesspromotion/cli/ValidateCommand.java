package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.format.importers.ImportedManifest;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "validate",
        description = {
            "Check a release manifest with everything it names (templates, ZIP files, site folders), or a policy."
                    + " Offline. Writes nothing; with --from it writes .promotion.json and .promotion, of which a release"
                    + " would be made. Reports every error at once, with file, line and key."
        },
        footer = {
            "",
            "Examples:",
            "  promotion validate release.yaml",
            "  promotion validate release.yaml --policy policy.yaml",
            "  promotion validate policy.yaml",
            "  promotion validate --from sam"
        })
final class ValidateCommand extends Action {
    @Parameters(paramLabel = "FILE", arity = "0..1", description = "A release manifest or a policy.")
    private Path file;

    @Mixin
    private ToolOptions tool = new ToolOptions();

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "Also check variables, parameters of templates and names in every environment and place of the"
                    + " service in this policy.")
    private Path policyFile;

    ValidateCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    public Integer call() throws Exception {
        var document = new LinkedHashMap<String, Object>();
        byte[] given = file == null ? null : InputFile.read(file);
        if (given != null && InputKind.of(given) == InputKind.POLICY) {
            return policy(given, document);
        }
        ImportedManifest imported = tool.manifest(file, screen()::note);
        Path manifestFile = imported.manifest();
        document.put("file", manifestFile.toString());
        document.put("valid", true);
        Policy policy = policyFile == null ? null : PolicyReader.read(policyFile.toString(), InputFile.read(policyFile));
        var assembled = imported.validate(policy);
        Manifest manifest = assembled.release().manifest();
        if (policy != null && !policy.services().containsKey(manifest.service())) {
            throw CommandException.no(policyFile + " knows no service " + manifest.service() + "; it knows "
                    + String.join(", ", policy.services().keySet()));
        }
        document.put("kind", "release");
        document.put("service", manifest.service());
        document.put(
                "targets",
                manifest.targets().stream().map(Manifest.Target::name).toList());
        document.put("artifacts", assembled.release().artifacts());
        String what = Wording.count(manifest.targets().size(), "target", "targets") + ", "
                + Wording.count(assembled.release().artifacts().size(), "artifact", "artifacts");
        List<String> notes = assembled.notes(policy);
        if (!notes.isEmpty()) {
            document.put("notes", notes);
        }
        var lines = new ArrayList<String>();
        lines.add(Marks.GOOD + " " + manifestFile + " is a valid release of " + manifest.service() + ": " + what);
        notes.forEach(note -> lines.add(Marks.RISK + " note: " + note));
        screen().result(() -> document, () -> lines);
        return Exit.DONE;
    }

    private Integer policy(byte[] bytes, LinkedHashMap<String, Object> document) {
        document.put("file", file.toString());
        document.put("valid", true);
        if (policyFile != null) {
            throw CommandException.usage(file + " is a policy itself; --policy goes with a release manifest");
        }
        Policy policy = PolicyReader.read(file.toString(), bytes);
        document.put("kind", "policy");
        document.put("environments", policy.environments().keySet());
        document.put("services", policy.services().keySet());
        String what = Wording.count(policy.environments().size(), "environment", "environments") + ", "
                + Wording.count(policy.services().size(), "service", "services");
        screen().result(() -> document, () -> List.of(Marks.GOOD + " " + file + " is a valid policy: " + what));
        return Exit.DONE;
    }
}
