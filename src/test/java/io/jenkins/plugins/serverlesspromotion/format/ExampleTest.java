package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.format.artifact.ReleaseAssembler;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.manifest.ManifestReader;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What the documentation and the example say is what the readers take. */
public class ExampleTest {
    private static final Path ROOT = Path.of(System.getProperty("promotion.root", ""));
    private static final Path ORDERS = ROOT.resolve("docs/examples/orders");

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Release build(String... options) throws IOException, InterruptedException {
        Path to = folder.newFolder().toPath();
        try (Stream<Path> files = Files.walk(ORDERS)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = ORDERS.relativize(file).toString();
                if (!name.startsWith("build") && !name.startsWith("dist")) {
                    Files.createDirectories(to.resolve(name).getParent());
                    Files.copy(file, to.resolve(name));
                }
            }
        }
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "Build.java"));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .directory(to.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(said, 0, process.waitFor());
        var assembly = ReleaseAssembler.assemble(to.resolve("release.yaml"), "1.0.0");
        var policy = PolicyReader.read(to.resolve("policy.yaml"));
        assertEquals(List.of("dev", "staging", "prod"), policy.environmentsOf("orders"));
        assembly.check(policy);
        return assembly.release();
    }

    @Test
    public void theExampleBuildsTheSameReleaseEveryTimeAndAnotherForAnotherVersion() throws Exception {
        var digests = new CanonicalDigests();
        Release first = build("--version", "1.0.0");
        assertEquals(digests.release(first), digests.release(build("--version", "1.0.0")));
        assertFalse(digests.release(first).equals(digests.release(build("--version", "1.0.1"))));
        Release broken = build("--version", "1.0.0", "--broken");
        List<Artifact> changed = first.artifacts().stream()
                .filter(a -> !broken.artifacts().contains(a))
                .toList();
        assertEquals(
                List.of("build/api.zip"), changed.stream().map(Artifact::path).toList());
    }

    @Test
    public void everyManifestInItsDocumentationCanBeRead() throws IOException {
        assertTrue(blocks("docs/user/manifest.md", "apiVersion:").size() >= 2);
        assertEquals(1, blocks("README.md", "apiVersion:").size());
        var blocks = new ArrayList<>(blocks("docs/user/manifest.md", "apiVersion:"));
        blocks.addAll(blocks("README.md", "apiVersion:"));
        for (String block : blocks) {
            ManifestReader.read("manifest.md", block.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    public void everyPolicyInItsDocumentationCanBeRead() throws IOException {
        assertTrue(blocks("docs/admin/policy.md", "accounts:").size() >= 2);
        var blocks = new ArrayList<>(blocks("docs/admin/policy.md", "accounts:"));
        blocks.addAll(blocks("docs/admin/configuration-as-code.md", "accounts:"));
        blocks.addAll(blocks("docs/admin/aws-one-account.md", "accounts:"));
        blocks.addAll(blocks("README.md", "accounts:"));
        assertEquals(
                "one on each of these three pages",
                3,
                blocks.size() - blocks("docs/admin/policy.md", "accounts:").size());
        for (String block : blocks) {
            PolicyReader.read("policy.md", block.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The YAML blocks of a page that hold a whole input. */
    private static List<String> blocks(String page, String holds) throws IOException {
        Matcher block =
                Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(ROOT.resolve(page)));
        var blocks = new ArrayList<String>();
        while (block.find()) {
            if (block.group(1).contains(holds)) {
                blocks.add(block.group(1));
            }
        }
        return blocks;
    }
}
