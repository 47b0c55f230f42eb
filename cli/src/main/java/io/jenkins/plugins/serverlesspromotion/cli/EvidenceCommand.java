package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "record-evidence",
        description = {
            "Record what was found out about a release: that its tests passed, that a scan found something.",
            "",
            "Whether it counts is decided by the policy, whose gates name who must have said so. Who you are, and"
                    + " which job you speak for, is self-declared here."
        },
        footer = {
            "",
            "Examples:",
            "  promotion record-evidence orders@1.4.2 --type tests --result passed \\",
            "      --from job:team-orders/orders/main --run 218 --detail '412 tests'",
            "  promotion record-evidence orders@1.4.2 --type review --result failed --as carol"
        })
final class EvidenceCommand extends Action {
    private static final Pattern PRODUCER = Pattern.compile("(job|user|key):[^\\p{Cntrl}]{1,500}");

    @Parameters(
            paramLabel = "SERVICE@VERSION",
            converter = ReleaseId.Converter.class,
            description = "The release, as in orders@1.4.2.")
    private ReleaseId release;

    @Option(names = "--type", paramLabel = "TYPE", required = true, description = "What was looked at, as in tests.")
    private String kind;

    @Option(
            names = "--result",
            paramLabel = "RESULT",
            required = true,
            description = "passed or failed.")
    private String result;

    @Option(
            names = "--from",
            paramLabel = "PRODUCER",
            description = "Who found it out: job:FULL/NAME, key:NAME or user:ID. Default: you.")
    private String from;

    @Option(names = "--run", paramLabel = "ID", description = "The build that found it out.")
    private String run;

    @Option(names = "--detail", paramLabel = "TEXT", description = "One sentence, kept in the audit log.")
    private String detail;

    EvidenceCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    public Integer call() throws Exception {
        if (!Names.isName(kind)) {
            throw CommandException.usage("--type '" + kind + "' must be 1 to 63 lower-case letters, digits or dashes");
        }
        String producer = from == null ? invocation.options().actor() : from;
        if (!PRODUCER.matcher(producer).matches()) {
            throw CommandException.usage("--from '" + producer + "' must be job:FULL/NAME, key:NAME or user:ID");
        }
        var evidence = new Evidence(
                release.toString(),
                kind,
                result(),
                producer,
                text("--run", run),
                text("--detail", detail),
                invocation.now());
        try (Home home = Home.write(invocation)) {
            declareSelf();
            home.promotions().record(evidence);
            screen().result(
                            () -> Documents.of("evidence", evidence),
                            () -> List.of(Marks.GOOD + " recorded: " + kind + " of " + release + " "
                                    + Texts.word(evidence.result()) + ", says " + producer));
            remindOfWork(home);
            return Exit.DONE;
        }
    }

    private Evidence.Result result() {
        for (Evidence.Result known : Evidence.Result.values()) {
            if (known.name().equals(result.toUpperCase(Locale.ROOT))) {
                return known;
            }
        }
        throw CommandException.usage("--result '" + result + "' must be passed or failed");
    }
}
