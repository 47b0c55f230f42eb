package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance.Author;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.format.importers.ImportedManifest;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "publish",
        description = {
            "Publish a release: check the manifest and everything it names, put the artifacts into the artifact"
                    + " store, and record it.",
            "",
            "A release never changes: the same bytes again are the same release, the same version with other bytes is"
                    + " refused."
        },
        footer = {
            "",
            "Examples:",
            "  promotion publish release.yaml --version 1.4.2",
            "  promotion publish --from sam --version 1.4.2",
            "  promotion publish release.yaml --version 1.4.2 --revision a1b2c3d \\",
            "      --branch main --repository https://git.acme.net/orders \\",
            "      --commit a1b2c3d --author 'Bob <bob@acme.net>'"
        })
final class PublishCommand extends Action {
    private static final Pattern AUTHOR = Pattern.compile("([^<>]{1,200}?)\\s*<([^<>\\s]{1,200})>");

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "The release manifest, usually release.yaml.")
    private Path file;

    @Mixin
    private ToolOptions tool = new ToolOptions();

    @Option(
            names = "--version",
            paramLabel = "V",
            required = true,
            description = "The version: 1 to 64 of A-Z a-z 0-9 . + _ -, beginning with a letter or digit.")
    private String version;

    @Option(names = "--revision", paramLabel = "ID", description = "The commit it was built from.")
    private String revision;

    @Option(names = "--repository", paramLabel = "URL", description = "Where the source is.")
    private String repository;

    @Option(names = "--branch", paramLabel = "NAME", description = "The branch it was built from.")
    private String branch;

    @Option(
            names = "--commit",
            paramLabel = "ID",
            description = "A commit that this release has and its predecessor had not; newest first. May be repeated.")
    private List<String> commits = new ArrayList<>();

    @Option(
            names = "--author",
            paramLabel = "'NAME <MAIL>'",
            description = "An author of those commits, as the commits state them. May be repeated.")
    private List<String> authors = new ArrayList<>();

    PublishCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    public Integer call() throws Exception {
        if (!Names.isVersion(version)) {
            throw CommandException.usage("--version '" + version
                    + "' must be 1 to 64 letters, digits or . + _ - and start with a letter or digit");
        }
        String by = invocation.options().actor();
        var provenance = new Provenance(
                repository,
                revision,
                branch,
                commits,
                authors.stream().map(PublishCommand::author).toList(),
                List.of(by));
        ImportedManifest imported = tool.manifest(file, screen()::note);
        var assembled = imported.assemble(version);
        Release release = assembled.release();
        // The upload may take minutes: it reads the home but must not lock it.
        Policy.Store store;
        Policy.Account account;
        Optional<Published> known;
        try (Home home = Home.read(invocation)) {
            Policy policy = home.policy();
            if (!policy.services().containsKey(release.service())) {
                throw CommandException.no("policy knows no service " + release.service()
                        + "; the platform team adds it under 'services', and 'promotion policy apply' puts"
                        + " that in force");
            }
            imported.check(() -> assembled.check(policy));
            known = home.store().release(release.service(), release.version());
            store = policy.stores().values().stream()
                    .findFirst()
                    .orElseThrow(() ->
                            CommandException.no("policy names no artifact store; add one under 'artifactStores'"));
            account = policy.accounts().get(store.account());
        }
        Map<String, String> versions;
        if (known.isPresent()) {
            // The version exists, so that nothing is uploaded.
            versions = known.get().versions();
        } else {
            versions = new Uploads(invocation).put(store, account, assembled.uploads());
        }
        try (Home home = Home.write(invocation)) {
            Published published = home.promotions()
                    .publish(release, assembled.noEcho(), provenance, store.name(), versions, by);
            boolean again = known.isPresent();
            screen().result(() -> JsonDocuments.published(published, again), () -> lines(published, again));
            return Exit.DONE;
        }
    }

    private static Author author(String text) {
        Matcher form = AUTHOR.matcher(text.strip());
        if (!form.matches()) {
            throw CommandException.usage(
                    "--author '" + text + "' must be 'NAME <MAIL>', as in 'Bob Ross <bob@acme.net>'");
        }
        return new Author(form.group(1), form.group(2));
    }

    private static List<String> lines(Published published, boolean again) {
        var lines = new ArrayList<String>();
        lines.add(Marks.GOOD + " " + published.ref().id()
                + (again ? " was published already, with exactly these bytes" : " is published") + ", release number "
                + published.ref().number());
        lines.add("digest " + published.ref().digest());
        var rows = new ArrayList<List<String>>();
        published
                .release()
                .artifacts()
                .forEach(a -> rows.add(List.of("  " + a.path(), a.size() + " bytes", Wording.digest(a.sha256()))));
        lines.addAll(TextFormat.columns(rows));
        return lines;
    }
}
