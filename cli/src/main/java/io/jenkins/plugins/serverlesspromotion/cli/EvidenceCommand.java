package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.policy.EvidenceKey;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.format.evidence.Envelope;
import io.jenkins.plugins.serverlesspromotion.format.json.WireNames;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "record-evidence",
        description = {
            "Record evidence about a release: that its tests passed, that a scan found something.",
            "",
            "The policy decides whether it counts: its gates name the producers. Who you are, and which job"
                    + " you name, is"
                    + " self-declared here; who made the statement in an envelope is proved by its signature."
        },
        footer = {
            "",
            "Examples:",
            "  promotion record-evidence orders@1.4.2 --type tests --result passed \\",
            "      --from job:team-orders/orders/main --run 218 --detail '412 tests'",
            "  promotion record-evidence orders@1.4.2 --type review --result failed --as carol",
            "  promotion record-evidence orders@1.4.2 --envelope tests.dsse.json"
        })
final class EvidenceCommand extends Action {
    private static final Pattern PRODUCER = Pattern.compile("(job|user):[^\\p{Cntrl}]{1,500}");

    @Parameters(
            paramLabel = "SERVICE@VERSION",
            converter = ReleaseId.Converter.class,
            description = "The release, as in orders@1.4.2.")
    private ReleaseId release;

    @Option(
            names = "--envelope",
            paramLabel = "FILE",
            description = "A DSSE envelope with an in-toto statement about the release, signed by one of the"
                    + " evidenceKeys of the policy. It contains the type and the result.")
    private Path envelope;

    @Option(names = "--type", paramLabel = "TYPE", description = "The type of the evidence, as in tests.")
    private String kind;

    @Option(
            names = "--result",
            paramLabel = "RESULT",
            description = "passed or failed.")
    private String result;

    @Option(
            names = "--from",
            paramLabel = "PRODUCER",
            description = "Who produced it: job:FULL/NAME or user:ID. Default: you.")
    private String from;

    @Option(names = "--run", paramLabel = "ID", description = "The build that produced it.")
    private String run;

    @Option(names = "--detail", paramLabel = "TEXT", description = "One sentence, kept in the audit log.")
    private String detail;

    EvidenceCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    public Integer call() throws Exception {
        boolean described = kind != null || result != null || from != null || run != null || detail != null;
        if (envelope != null && described) {
            throw CommandException.usage("--envelope contains the type, the result and the producer; leave the"
                    + " other options out");
        }
        if (envelope == null && (kind == null || result == null)) {
            throw CommandException.usage("name the evidence with --type and --result, or with an --envelope");
        }
        try (Home home = Home.write(invocation)) {
            declareSelf();
            String signed = envelope == null ? null : envelope();
            Evidence evidence = signed == null ? declared() : signed(home, signed);
            home.promotions().record(evidence, signed);
            screen().result(
                            () -> JsonDocuments.of("evidence", evidence),
                            () -> List.of(Marks.GOOD + " recorded: " + evidence.kind() + " of " + release + " "
                                    + Wording.word(evidence.result()) + ", produced by " + evidence.producer()));
            remindOfWork(home);
            return Exit.DONE;
        }
    }

    private Evidence declared() {
        if (!Names.isName(kind)) {
            throw CommandException.usage("--type '" + kind + "' must be 1 to 63 lower-case letters, digits or dashes");
        }
        String producer = from == null ? invocation.options().actor() : from;
        if (!PRODUCER.matcher(producer).matches()) {
            throw CommandException.usage("--from '" + producer
                    + "' must be job:FULL/NAME or user:ID; evidence of a key comes in an --envelope");
        }
        return new Evidence(
                release.toString(),
                kind,
                result(),
                producer,
                text("--run", run),
                text("--detail", detail),
                invocation.now());
    }

    private String envelope() throws IOException {
        if (!Files.isRegularFile(envelope) || Files.size(envelope) > Envelope.LONGEST) {
            throw CommandException.usage(
                    "--envelope " + envelope + " must be a file of at most " + Envelope.LONGEST / 1024 + " KiB");
        }
        return Files.readString(envelope);
    }

    private Evidence signed(Home home, String text) {
        Published published = home.store()
                .release(release.service(), release.version())
                .orElseThrow(() -> CommandException.no(release + " was never published here"));
        Collection<EvidenceKey> keys = home.store()
                .policy()
                .map(p -> p.policy().evidenceKeys().values())
                .orElse(List.of());
        try {
            return Envelope.evidence(
                    text.getBytes(StandardCharsets.UTF_8),
                    published,
                    keys,
                    invocation.options().actor(),
                    invocation.now());
        } catch (IllegalArgumentException e) {
            throw CommandException.no(envelope + ": " + e.getMessage());
        }
    }

    private Evidence.Result result() {
        for (Evidence.Result known : Evidence.Result.values()) {
            if (WireNames.of(known).equals(result.toUpperCase(Locale.ROOT))) {
                return known;
            }
        }
        throw CommandException.usage("--result '" + result + "' must be passed or failed");
    }
}
