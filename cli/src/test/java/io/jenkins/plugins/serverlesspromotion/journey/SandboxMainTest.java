package io.jenkins.plugins.serverlesspromotion.journey;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.InstalledTools;
import io.jenkins.plugins.serverlesspromotion.MayBeSkipped;
import io.jenkins.plugins.serverlesspromotion.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.AfterClass;
import org.junit.Assert;
import org.junit.Assume;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * {@code ./dev sandbox} in a JVM of its own, and the lines of the tutorial on the command line, read from its page and
 * given to a shell one after the other.
 */
public class SandboxMainTest {
    private static final Path ROOT = Path.of(System.getProperty("promotion.root")).toAbsolutePath().normalize();
    private static final String PAGE = "docs/start/command-line.md";
    private static final String MAIN = "io.jenkins.plugins.serverlesspromotion.journey.SandboxMain";

    @ClassRule
    public static final TemporaryFolder TEMPORARY = new TemporaryFolder();

    private static Process sandbox;
    /** What stands where the tutorial takes the project's folder to be. */
    private static Path folder;
    /** What the sandbox printed until it was ready. */
    private static final List<String> printed = new ArrayList<>();

    private static ProcessBuilder sandbox(String... options) {
        var command = new ArrayList<>(List.of(
                Java.program(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Java.classPath(),
                "-Dpromotion.root=" + ROOT,
                MAIN));
        command.addAll(List.of(options));
        return new ProcessBuilder(command);
    }

    @BeforeClass
    public static void start() throws IOException {
        folder = TEMPORARY.getRoot().toPath();
        sandbox = sandbox("--folder", folder.resolve("target/sandbox").toString(), "--time-scale", "0.01")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out = sandbox.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            printed.add(line);
            if (line.startsWith("Stop with")) {
                return;
            }
        }
        throw new AssertionError("it ended:\n" + String.join("\n", printed));
    }

    @AfterClass
    public static void stop() {
        if (sandbox != null) {
            sandbox.destroyForcibly();
        }
    }

    /** The shell lines of the tutorial, block by block, without what stands behind {@code #}. */
    private static List<List<String>> blocks() throws IOException {
        Matcher fence =
                Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(ROOT.resolve(PAGE)));
        var blocks = new ArrayList<List<String>>();
        while (fence.find()) {
            blocks.add(fence.group(1)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .map(line -> line.replaceAll("\\s+#.*$", ""))
                    .map(SandboxMainTest::withPlan)
                    .toList());
        }
        return blocks;
    }

    /** At a terminal an approval asks; here no one can be asked, so that the plan is named. */
    private static String withPlan(String line) {
        Matcher approval = Pattern.compile("promotion approve (\\S+)").matcher(line);
        return !approval.find() || line.contains("--plan")
                ? line
                : line + " --plan \"$(promotion show " + approval.group(1)
                        + " --json | grep planDigest | head -1 | cut -d '\"' -f 4)\"";
    }

    /** The lines that the sandbox printed to be pasted. */
    private static List<String> pasted() {
        return printed.stream()
                .filter(line -> line.startsWith("export ") || line.startsWith("unset "))
                .toList();
    }

    private static String shell(List<String> before, List<String> lines) throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        // The command line is packaged after the tests: the same program from its classes.
        executable(bin.resolve("java"), """
                #!/bin/sh
                [ "$1 $2" = "-jar cli/target/promotion.jar" ] || { echo "unexpected: java $*" >&2; exit 9; }
                shift 2
                exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' io.jenkins.plugins.serverlesspromotion.cli.Main "$@"
                """.formatted(Java.program(), Java.classPath()));
        executable(folder.resolve("dev"), """
                #!/bin/sh
                [ "$*" = jar ] || { echo "unexpected: ./dev $*" >&2; exit 9; }
                """);
        var script = new StringBuilder("PATH='" + bin + "':$PATH\n");
        before.forEach(line -> script.append(line).append('\n'));
        for (String line : lines) {
            script.append(line).append("\nstatus=$?; [ $status = 0 ] || { echo \"this line answered $status: \"'")
                    .append(line.replace("'", "'\\''"))
                    .append("' >&2; exit 1; }\n");
        }
        var builder = new ProcessBuilder("bash", "--norc", "-s").directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("PROMOTION_"));
        Path input = Files.writeString(Files.createTempFile(folder, "lines", ".sh"), script);
        Process process = builder.redirectInput(input.toFile()).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(said, 0, process.waitFor());
        return said;
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    public void theLinesOfTheTutorialWorkOneAfterTheOther() throws Exception {
        List<List<String>> blocks = blocks();
        assertEquals("one to start it, one to paste, one for the AWS CLI", 3, blocks.size());
        assertEquals(List.of("./dev sandbox"), blocks.get(0));
        List<String> lines = blocks.get(1);
        for (String command : List.of("policy apply", "publish", "promote", "approve", "status", "rollback", "audit verify")) {
            assertTrue(command, lines.stream().anyMatch(line -> line.contains("promotion " + command)));
        }
        String said = shell(List.of(), lines);
        assertTrue(said, said.contains("every AWS call goes to " + endpoint()));
        assertTrue(said, Pattern.compile("orders\\.prod\\.1\\b").matcher(said).find());
        assertTrue(said, said.contains("verified") || said.contains("proved"));
    }

    @Test
    public void thePrintedLinesAreThoseOfTheFile() throws Exception {
        assertEquals(Files.readAllLines(folder.resolve("target/sandbox/env.sh")), pasted());
        assertTrue(pasted().toString(), pasted().contains("export PROMOTION_ENDPOINT='" + endpoint() + "'"));
        assertTrue(pasted().toString(), pasted().contains("export AWS_ENDPOINT_URL='" + endpoint() + "'"));
    }

    /** Skipped without an AWS CLI, as AwsCliTest is. */
    @Test
    @MayBeSkipped("the AWS CLI")
    public void theAwsCommandLineWorksWithThePrintedLines() throws Exception {
        String cli = InstalledTools.program("aws")
                .map(Object::toString)
                .orElse(System.getenv().getOrDefault("AWS_CLI", ""));
        Assume.assumeTrue("The AWS CLI is installed" + InstalledTools.HOW, !cli.isBlank());
        var before = new ArrayList<>(pasted());
        before.add("aws() { '" + cli + "' \"$@\"; }");
        String said = shell(before, blocks().get(2));
        assertTrue(said, said.contains("promotion-target-account"));
        assertTrue(said, said.contains("acme-releases"));
    }

    @Test
    public void helpNamesEveryOption() throws Exception {
        Process help = sandbox("--help").start();
        String said = new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, help.waitFor());
        for (String option : List.of("--port", "--folder", "--time-scale", "--variant", "events-lag", "docs/developer/sandbox.md")) {
            assertTrue(option, said.contains(option));
        }
    }

    @Test
    public void aFolderWithOtherFilesIsRefusedAndLeftAsItIs() throws Exception {
        Path mine = Files.createDirectories(folder.resolve("mine"));
        Files.writeString(mine.resolve("thesis.txt"), "all my work");
        Process refused = sandbox("--folder", mine.toString()).start();
        String said = new String(refused.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(1, refused.waitFor());
        assertTrue(said, said.contains("holds files that are not of a sandbox"));
        assertEquals("all my work", Files.readString(mine.resolve("thesis.txt")));
    }

    private static URI endpoint() {
        return URI.create(printed.get(0).replaceAll("^AWS sandbox at (\\S+).*$", "$1"));
    }

    /** By SIGTERM: Java treats an interrupt alike, and what a shell has started in the background ignores interrupts. */
    @Test
    public void aSignalStopsIt() throws Exception {
        Process other = sandbox("--folder", folder.resolve("other").toString()).start();
        BufferedReader out = other.inputReader(StandardCharsets.UTF_8);
        URI address = URI.create(out.readLine().replaceAll("^AWS sandbox at (\\S+).*$", "$1"));
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getHost(), address.getPort()));
            assertTrue(socket.isConnected());
        }
        other.destroy();
        assertTrue("it ends", other.waitFor(Patience.SECONDS, TimeUnit.SECONDS));
        assertFalse(other.isAlive());
        try (var socket = new Socket()) {
            Assert.assertThrows(
                    ConnectException.class,
                    () -> socket.connect(new InetSocketAddress(address.getHost(), address.getPort())));
        }
    }
}
