package io.jenkins.plugins.serverlesspromotion.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.Runtime;

/**
 * Promotions against a sandbox with AWS's durations: over the time that AWS itself needs, as the sandbox's request log
 * tells it, and against {@code aws cloudformation deploy} and {@code sam deploy} of the same template in the same run.
 * Everybody takes turns; the runs in the middle are compared. The start of the others' processes is left out, because
 * ours run in a process that is there already; with it, they are slower still, and that is told too.
 */
final class PromotionBench {
    private static final int TURNS = 3;
    private static final double LATENCY = 50;
    private static final String CHANGE = "one-function change";
    private static final String NOTHING = "no change";
    private static final String FUNCTION = "orders-worker-dev";

    private final Path folder;
    private final Report report;
    private final Path traces;
    private final Sandbox sandbox;
    /** By what was done, then by who did it. */
    private final Map<String, Map<String, List<Run>>> runs = new LinkedHashMap<>();

    private PromotionBench(Path folder, Report report, Path traces) {
        this.folder = folder;
        this.report = report;
        this.traces = traces;
        SandboxConfig config = SandboxConfig.threeAccounts();
        config.durations.requestLatencyMillis = (long) LATENCY;
        config.durations.changeSetMillis = 3_000;
        // The sandbox divides it among the levels of a template, and a change of code concerns one of them.
        config.durations.stackMillis = 12_000 * Application.LEVELS;
        config.accounts.stream()
                .filter(account -> account.id.equals(Application.ACCOUNT))
                .forEach(account -> account.roles.add(functionRole()));
        this.sandbox = Sandbox.start(config);
    }

    private static SandboxConfig.RoleConfig functionRole() {
        var role = new SandboxConfig.RoleConfig();
        role.name = FUNCTION;
        role.trust = new ObjectMapper()
                .valueToTree(Map.of(
                        "Statement",
                        Map.of(
                                "Effect", "Allow",
                                "Action", "sts:AssumeRole",
                                "Principal", Map.of("Service", "lambda.amazonaws.com"))));
        return role;
    }

    /** @param traces file to be written: every request of the runs that are compared, with its time */
    static void run(Path folder, Report report, Path traces) throws Exception {
        var bench = new PromotionBench(folder, report, traces);
        try {
            bench.measure();
        } finally {
            bench.sandbox.close();
        }
    }

    private void measure() throws Exception {
        var rivals = new ArrayList<CommandLine>();
        rival("AWS_CLI", "aws cloudformation deploy", p -> CommandLine.aws(sandbox, LATENCY, folder, p), rivals);
        rival("SAM_CLI", "sam deploy", p -> CommandLine.sam(sandbox, LATENCY, folder, p), rivals);
        try (var stack = new Promoting(
                        sandbox,
                        LATENCY,
                        folder.resolve("stack"),
                        "promotion of a stack",
                        "{ name: api, cloudformation: { template: api.yaml, stack: orders-dev,"
                                + " capabilities: [CAPABILITY_IAM] } }");
                var function = new Promoting(
                        sandbox,
                        LATENCY,
                        folder.resolve("function"),
                        "promotion of a function",
                        "{ name: api, lambda: { function: " + FUNCTION + ", package: api.zip, alias: live } }")) {
            createFunction();
            var all = new ArrayList<Contender>(List.of(stack, function));
            all.addAll(rivals);
            Run unknown = null;
            for (String warm : List.of("first", "second")) {
                for (Contender one : all) {
                    Run run = one.deploy(warm);
                    unknown = one == stack ? run : unknown;
                }
            }
            for (int turn = 1; turn <= TURNS; turn++) {
                for (String what : List.of(CHANGE, NOTHING)) {
                    for (Contender one : all) {
                        runs.computeIfAbsent(what, w -> new LinkedHashMap<>())
                                .computeIfAbsent(one.name(), n -> new ArrayList<>())
                                .add(one.deploy("turn " + turn));
                    }
                }
            }
            overThePath(stack, CHANGE, overThePath(stack, CHANGE), new Report.AtMost(1.10));
            overThePath(stack, NOTHING, overThePath(stack, NOTHING), null);
            overThePath(stack, "the first change ever", unknown, null);
            overThePath(function, CHANGE, overThePath(function, CHANGE), null);
            for (CommandLine rival : rivals) {
                against(rival, stack, CHANGE, new Report.AtLeast(2));
                against(rival, function, CHANGE, new Report.AtLeast(2));
                against(rival, stack, NOTHING, new Report.AtLeast(5));
                reads(rival, stack, CHANGE);
                reads(rival, stack, NOTHING);
            }
        }
        writeTraces();
    }

    private interface Making {
        CommandLine of(String program);
    }

    private void rival(String variable, String name, Making making, List<CommandLine> rivals)
            throws InterruptedException {
        String program = System.getenv(variable);
        if (CommandLine.answers(program)) {
            rivals.add(making.of(program));
        } else {
            report.notMeasured(name + ", over our promotion", "it could not be installed, or does not start");
        }
    }

    /** Ours brings code into it; nobody but CloudFormation creates functions. */
    private void createFunction() throws Exception {
        var admin =
                StaticCredentialsProvider.create(AwsBasicCredentials.create(Application.KEY, Application.SECRET));
        Region region = Region.of(Application.REGION);
        try (var lambda = LambdaClient.builder()
                .endpointOverride(sandbox.endpoint())
                .region(region)
                .credentialsProvider(admin)
                .build()) {
            byte[] zip = Application.zip("none");
            lambda.createFunction(r -> r.functionName(FUNCTION)
                    .runtime(Runtime.PYTHON3_11)
                    .handler("index.handler")
                    .role("arn:aws:iam::" + Application.ACCOUNT + ":role/" + FUNCTION)
                    .code(c -> c.zipFile(SdkBytes.fromByteArray(zip))));
        }
    }

    private Run middle(Contender who, String what) {
        ToDoubleFunction<Run> time = Run::wall;
        return Run.median(runs.get(what).get(who.name()), time);
    }

    private Run overThePath(Contender ours, String what) {
        return Run.median(runs.get(what).get(ours.name()), r -> r.wall() / r.path());
    }

    private void overThePath(Contender ours, String what, Run run, Report.Target target) {
        report.row(
                ours.name() + ", " + what + ", over its critical path",
                run.wall() / run.path(),
                target,
                String.format(
                        Locale.ROOT,
                        "%.2f s over %.2f s, %d calls, %d of them reads of CloudFormation",
                        run.wall(),
                        run.path(),
                        run.calls(),
                        run.reads()),
                Map.of(
                        "seconds", Report.hundredths(run.wall()),
                        "criticalPathSeconds", Report.hundredths(run.path()),
                        "calls", run.calls(),
                        "cloudFormationReads", run.reads()));
    }

    /** @param wanted of whoever does not spend nearly all of the time on waiting for AWS: nobody can save that */
    private void against(Contender rival, Contender ours, String what, Report.AtLeast wanted) {
        Run theirs = middle(rival, what);
        Run run = middle(ours, what);
        double possible = theirs.wall() / run.path();
        report.row(
                rival.name() + ", " + what + ", over " + ours.name(),
                theirs.wall() / run.wall(),
                wanted.isMet(possible) ? wanted : null,
                String.format(
                        Locale.ROOT,
                        "%.2f s over %.2f s, their start left out; with it %.2f%s",
                        theirs.wall(),
                        run.wall(),
                        theirs.withStart() / run.wall(),
                        wanted.isMet(possible)
                                ? ""
                                : String.format(
                                        Locale.ROOT,
                                        "  (%s is out of reach: AWS itself needs %.2f s, so no more than %.2f is)",
                                        wanted,
                                        run.path(),
                                        possible)),
                Map.of(
                        "seconds", Report.hundredths(theirs.wall()),
                        "startSeconds", Report.hundredths(theirs.start()),
                        "ourSeconds", Report.hundredths(run.wall()),
                        "possible", Report.hundredths(possible),
                        "withStart", Report.hundredths(theirs.withStart() / run.wall())));
    }

    private void reads(Contender rival, Contender ours, String what) {
        long theirs = Run.median(runs.get(what).get(rival.name()), Run::reads).reads();
        long mine = Run.median(runs.get(what).get(ours.name()), Run::reads).reads();
        report.row(
                "reads of the stack, " + ours.name() + " over " + rival.name() + ", " + what,
                (double) mine / theirs,
                new Report.AtMost(1),
                mine + " over " + theirs,
                Map.of("ours", mine, "theirs", theirs));
    }

    private void writeTraces() throws Exception {
        var text = new StringBuilder("Milliseconds since the start of each run, and how long each request took.\n");
        runs.forEach((what, byWho) -> byWho.forEach((who, all) -> {
            for (int i = 0; i < all.size(); i++) {
                text.append('\n').append(who).append(", ").append(what).append(", turn ").append(i + 1);
                text.append(String.format(Locale.ROOT, " (%.2f s)%n", all.get(i).withStart()));
                all.get(i).trace().forEach(line -> text.append(line).append('\n'));
            }
        }));
        Files.writeString(traces, text);
    }
}
