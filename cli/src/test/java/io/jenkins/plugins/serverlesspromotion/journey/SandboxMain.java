package io.jenkins.plugins.serverlesspromotion.journey;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxControl;
import io.jenkins.plugins.serverlesspromotion.sandbox.Variant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code ./dev sandbox}: the AWS sandbox by itself, for people. Four accounts with the roles of docs/examples/aws-setup, the
 * example built in two versions, its policy, and the lines that lead the command line and the AWS CLI there. Runs until it
 * is interrupted. Exit codes: 2 for wrong use, 1 when it cannot start.
 */
public final class SandboxMain {
    /** Marks a folder that this made, which it may make again. */
    private static final String MARK = ".sandbox";

    private static final double TIME_SCALE = 0.1;
    private static final List<String> VERSIONS = List.of("1.0.0", "1.1.0");

    /** Profiles of administrators, by name. */
    private static final Map<String, String> ACCOUNTS = new LinkedHashMap<>();

    static {
        ACCOUNTS.put("tools", SetupStacks.TOOLS);
        ACCOUNTS.put("orders-dev", Script.DEV);
        ACCOUNTS.put("orders-staging", Script.STAGING);
        ACCOUNTS.put("orders-prod", Script.PROD);
    }

    private record Options(int port, Path folder, double timeScale, Set<Variant> variants) {}

    private SandboxMain() {}

    public static void main(String[] args) throws InterruptedException, IOException {
        if (List.of(args).contains("--help") || List.of(args).contains("-h")) {
            System.out.print(usage());
            return;
        }
        Path root = Path.of(System.getProperty("promotion.root")).toAbsolutePath().normalize();
        Options options = null;
        try {
            options = options(root, args);
        } catch (IllegalArgumentException e) {
            System.err.println("./dev sandbox: " + e.getMessage());
            System.err.print(usage());
            System.exit(2);
        }
        try {
            start(root, options);
        } catch (IOException | UncheckedIOException e) {
            System.err.println("./dev sandbox: " + e.getMessage());
            System.exit(1);
        }
        Thread.currentThread().join();
    }

    private static String usage() {
        return """
                usage: ./dev sandbox [options]

                Starts the AWS sandbox by itself: the accounts tools, dev, staging and prod on this machine, with the
                roles and buckets of docs/examples/aws-setup. Prints the lines that lead `promotion` and the AWS CLI
                there. It only listens on 127.0.0.1. Ctrl-C stops it; what was in it is gone then.

                  --port N          the port to listen on; default: a free one
                  --folder DIR      where its files are written; default: target/sandbox. The folder is emptied at
                                    every start, and must not hold anything else
                  --time-scale F    how long things take, as a factor: 1 is as slow as AWS; default: %s
                  --variant NAME    AWS behaves otherwise here; may be repeated; `all` for all of them:
                %s
                What it imitates and what it does not: docs/developer/sandbox.md
                """
                .formatted(
                        TIME_SCALE,
                        Arrays.stream(Variant.values())
                                .map(v -> "                    " + v.option() + "\n")
                                .collect(Collectors.joining()));
    }

    private static Options options(Path root, String... args) {
        int port = 0;
        Path folder = root.resolve("target/sandbox");
        double scale = TIME_SCALE;
        var variants = new java.util.TreeSet<Variant>();
        for (int i = 0; i < args.length; i += 2) {
            if (!List.of("--port", "--folder", "--time-scale", "--variant").contains(args[i])) {
                throw new IllegalArgumentException("there is no option '" + args[i] + "'");
            }
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " needs a value");
            }
            String value = args[i + 1];
            try {
                switch (args[i]) {
                    case "--port" -> port = Integer.parseInt(value);
                    case "--folder" -> folder = Path.of(value).toAbsolutePath().normalize();
                    case "--time-scale" -> scale = Double.parseDouble(value);
                    default -> variants.addAll(Variant.parse(value));
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(args[i] + " needs a number, not '" + value + "'", e);
            }
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("--port must be from 0 to 65535, was " + port);
        }
        if (!(scale > 0 && scale <= 100)) {
            throw new IllegalArgumentException("--time-scale must be above 0 and at most 100, was " + scale);
        }
        return new Options(port, folder, scale, variants);
    }

    private static void start(Path root, Options options) throws IOException, InterruptedException {
        fresh(options.folder());
        SandboxConfig config =
                SetupStacks.emptyAccounts().timeScale(options.timeScale()).with(options.variants().toArray(Variant[]::new));
        Sandbox sandbox = sandbox(config, options.port());
        System.err.println("./dev sandbox: making the roles and buckets of four accounts and building the example");
        SandboxControl control = sandbox.control();
        new SetupStacks(control, root)
                .deploy(List.of(Script.DEV, Script.STAGING, Script.PROD), List.of("SiteBuckets", "orders-*"));
        for (String version : VERSIONS) {
            Example.build(root, options.folder(), version);
        }
        Files.copy(
                root.resolve("docs/examples/orders/policy.yaml"),
                options.folder().resolve("policy.yaml"),
                StandardCopyOption.REPLACE_EXISTING);
        String lines = environment(options, control);
        Files.writeString(options.folder().resolve("env.sh"), lines);
        profiles(options.folder(), control);
        announce(root, options, control, lines);
    }

    private static Sandbox sandbox(SandboxConfig config, int port) throws IOException {
        try {
            return Sandbox.start(config, port);
        } catch (UncheckedIOException e) {
            throw new IOException("cannot listen on port " + port + " (" + e.getCause().getMessage()
                    + "); choose another with --port, or leave it out for a free one", e);
        }
    }

    /** Empties the folder when this made it. */
    private static void fresh(Path folder) throws IOException {
        if (Files.exists(folder) && !Files.exists(folder.resolve(MARK))) {
            try (Stream<Path> inside = Files.list(folder)) {
                if (inside.findAny().isPresent()) {
                    throw new IOException("folder " + folder + " holds files that are not of a sandbox (it has no " + MARK
                            + "); move them away, or choose another folder with --folder");
                }
            }
        }
        Journey.freshFolder(folder);
        Files.createFile(folder.resolve(MARK));
    }

    private static String environment(Options options, SandboxControl control) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AWS_ENDPOINT_URL", control.endpoint().toString());
        variables.put("AWS_CONFIG_FILE", options.folder().resolve("aws-config").toString());
        variables.put(
                "AWS_SHARED_CREDENTIALS_FILE", options.folder().resolve("aws-credentials").toString());
        variables.put("AWS_PROFILE", "orders-dev");
        variables.put("AWS_REGION", "eu-west-1");
        variables.put("PROMOTION_ENDPOINT", control.endpoint().toString());
        variables.put("PROMOTION_HOME", options.folder().resolve("home").toString());
        variables.put("PROMOTION_POLL_SCALE", String.valueOf(options.timeScale()));
        return variables.entrySet().stream()
                .map(v -> "export " + v.getKey() + "='" + v.getValue().replace("'", "'\\''") + "'\n")
                .collect(Collectors.joining("", "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN\n", ""));
    }

    /** Profiles for both command lines; {@code release-base} is the credential that the example's policy names. */
    private static void profiles(Path folder, SandboxControl control) throws IOException {
        var config = new StringBuilder();
        var credentials = new StringBuilder();
        for (String name : profileNames()) {
            config.append("[profile ").append(name).append("]\nregion = eu-west-1\n\n");
        }
        JsonNode base = control.session(SetupStacks.BASE);
        credentials
                .append("[release-base]\naws_access_key_id = ")
                .append(base.path("accessKeyId").asText())
                .append("\naws_secret_access_key = ")
                .append(base.path("secretAccessKey").asText())
                .append("\naws_session_token = ")
                .append(base.path("sessionToken").asText())
                .append("\n\n");
        ACCOUNTS.forEach((name, id) -> credentials
                .append("[")
                .append(name)
                .append("]\naws_access_key_id = ")
                .append(SetupStacks.admin(id).accessKeyId())
                .append("\naws_secret_access_key = ")
                .append(SetupStacks.admin(id).secretAccessKey())
                .append("\n\n"));
        Files.writeString(folder.resolve("aws-config"), config.toString());
        Path file = folder.resolve("aws-credentials");
        Files.writeString(file, credentials.toString());
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private static List<String> profileNames() {
        return Stream.concat(Stream.of("release-base"), ACCOUNTS.keySet().stream()).toList();
    }

    private static void announce(Path root, Options options, SandboxControl control, String lines) {
        Path folder = options.folder();
        String shown = folder.startsWith(root) ? root.relativize(folder).toString() : folder.toString();
        System.out.println("AWS sandbox at " + control.endpoint() + " (its requests: /_sandbox/log)");
        options.variants().forEach(v -> System.out.println("variant " + v.option() + ": " + v.behaviour()));
        System.out.println();
        System.out.println("Profiles (in " + shown + "/aws-credentials):");
        System.out.printf(
                "  %-15s the base credential, role promotion-base of account %s%n", "release-base", SetupStacks.TOOLS);
        ACCOUNTS.forEach((name, id) -> System.out.printf(
                "  %-15s administrator of account %s: %s %s%n",
                name, id, SetupStacks.admin(id).accessKeyId(), SetupStacks.admin(id).secretAccessKey()));
        System.out.println();
        System.out.println("Files: " + shown + "/policy.yaml, the policy of the example; "
                + VERSIONS.stream()
                        .map(v -> shown + "/orders-" + v + "/release.yaml")
                        .collect(Collectors.joining(" and "))
                + ", the example built in two versions");
        System.out.println();
        System.out.println("Paste into another terminal, or: source " + shown + "/env.sh");
        System.out.println();
        System.out.print(lines);
        System.out.println();
        System.out.println("Stop with Ctrl-C.");
    }
}
