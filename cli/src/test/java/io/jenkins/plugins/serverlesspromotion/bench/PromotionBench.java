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
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.Runtime;

/**
 * Promotions against a sandbox with AWS's durations: over the {@link Floor} of each kind, and against {@code aws
 * cloudformation deploy} and {@code sam deploy} of the same template in the same run. All of them take turns; the medians
 * are compared. The start of the others' processes is left out, because ours run in a process that runs already; with it
 * they are slower still, and the report says so too.
 */
final class PromotionBench {
    private static final int TURNS = 3;
    private static final String CHANGE = Floor.STACK_CHANGE.what();
    private static final String NOTHING = Floor.STACK_UNCHANGED.what();
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
        config.durations.requestLatencyMillis = Floor.CALL_MILLIS;
        config.durations.changeSetMillis = Floor.CHANGE_SET_MILLIS;
        config.durations.lambdaMillis = Floor.FUNCTION_UPDATE_MILLIS;
        // The sandbox divides it among the levels of a template, and a change of code concerns one of them.
        config.durations.stackMillis = Floor.STACK_UPDATE_MILLIS * Application.LEVELS;
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
        var rivals = new ArrayList<ToolContender>();
        rival("AWS_CLI", "aws cloudformation deploy", p -> ToolContender.aws(sandbox, folder, p), rivals);
        rival("SAM_CLI", "sam deploy", p -> ToolContender.sam(sandbox, folder, p), rivals);
        try (var stack = new Promoting(
                        sandbox,
                        folder.resolve("stack"),
                        "promotion of a stack",
                        "{ name: api, cloudformation: { template: api.yaml, stack: orders-dev,"
                                + " capabilities: [CAPABILITY_IAM] } }");
                var function = new Promoting(
                        sandbox,
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
            var rows = new Rows(report);
            rows.overTheFloor(stack.name(), Floor.STACK_CHANGE, all(stack, CHANGE));
            rows.overTheFloor(stack.name(), Floor.FIRST_STACK_CHANGE, List.of(unknown));
            rows.overTheFloor(stack.name(), Floor.STACK_UNCHANGED, all(stack, NOTHING));
            rows.overTheFloor(function.name(), Floor.FUNCTION_CHANGE, all(function, CHANGE));
            rows.overTheFloor(function.name(), Floor.FUNCTION_UNCHANGED, all(function, NOTHING));
            for (ToolContender rival : rivals) {
                boolean aws = rival.name().startsWith("aws");
                against(rows, rival, stack, Floor.STACK_CHANGE, 2, aws ? 2 : 1.15);
                against(rows, rival, function, Floor.FUNCTION_CHANGE, 2, aws ? 7 : 4);
                against(rows, rival, stack, Floor.STACK_UNCHANGED, 5, 5);
                for (String what : List.of(CHANGE, NOTHING)) {
                    rows.readsAgainst(rival.name(), all(rival, what), stack.name(), all(stack, what), what);
                }
            }
        }
        writeTraces();
    }

    private interface Making {
        ToolContender of(String program);
    }

    private void rival(String variable, String name, Making making, List<ToolContender> rivals)
            throws InterruptedException {
        String program = System.getenv(variable);
        if (ToolContender.answers(program)) {
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

    private List<Run> all(Contender who, String what) {
        return runs.get(what).get(who.name());
    }

    /** @param wanted the target, where the floor allows it; {@code least} what was measured, with a margin */
    private void against(Rows rows, Contender rival, Contender ours, Floor floor, double wanted, double least) {
        rows.against(
                rival.name(),
                all(rival, floor.what()),
                ours.name(),
                all(ours, floor.what()),
                floor,
                new Report.AtLeast(wanted),
                new Report.AtLeast(least));
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
