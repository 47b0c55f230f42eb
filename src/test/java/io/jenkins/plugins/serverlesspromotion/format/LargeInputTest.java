package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.sun.management.ThreadMXBean;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.format.manifest.ManifestReader;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.Test;

/** What an input that is within the limits may cost, and what a message about it looks like. */
public class LargeInputTest {
    private static InputException refused(String manifest) {
        return assertThrows(
                InputException.class,
                () -> ManifestReader.read("release.yaml", manifest.getBytes(StandardCharsets.UTF_8)));
    }

    private static InputException refusedPolicy(String policy) {
        return assertThrows(
                InputException.class, () -> PolicyReader.read("policy.yaml", policy.getBytes(StandardCharsets.UTF_8)));
    }

    /** The path of each of 90,000 values began with 49,000 letters: 4 GB for a file of 230 KB. */
    @Test
    public void aLongKeyIsNotRepeatedForEveryValueBelowIt() {
        String json = "{\"" + "k".repeat(49_000) + "\":[" + "1,".repeat(90_000) + "1]}";
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        refused(json);
        refusedPolicy(json);
        new TemplateReader().tree("template.json", json.getBytes(StandardCharsets.UTF_8));
        long mebibytes = (threads.getCurrentThreadAllocatedBytes() - before) >> 20;
        assertTrue(mebibytes + " MiB", mebibytes < 512);
    }

    @Test
    public void halfACharacterIsRefusedWithItsLine() {
        assertEquals(
                "release.yaml:2: holds half a character (the escape of U+D800 alone); write the whole character",
                refused("apiVersion: promotion/v1\nservice: \"\\uD800\"\n").getMessage());
        assertTrue(refused("{\"a\":\"\\uDC00\"}").getMessage().contains("U+DC00"));
        assertTrue(refused("{\"\\uD83D\":1}").getMessage().contains("U+D83D"));
        assertTrue(
                "a whole one is none",
                refused("{\"\\uD83D\\uDE00\":1}").getMessage().contains("unknown key '😀'"));
    }

    @Test
    public void aMessageIsOneLineOfReadableLengthWhateverTheInputHolds() {
        for (String key : List.of("a\\nb", "a\\u0085b", "k".repeat(40_000))) {
            for (String text : List.of("{\"%s\":1}", "{\"variables\":{\"%s\":[]}}", "{\"service\":\"%s\"}")) {
                for (var problem : refused(String.format(text, key)).problems()) {
                    String message = problem.toString();
                    assertTrue(message, message.length() < 1_000);
                    assertEquals(
                            message,
                            0,
                            message.chars().filter(Character::isISOControl).count());
                }
            }
        }
    }

    /** Java's regular expressions call themselves for each repetition of a group. */
    @Test
    public void aLongTextOverflowsNoStack() {
        String policy = "accounts: [ { name: a, id: \"111111111111\", planRole: \"%s\", checkHosts: [ \"%1$s\" ] } ]\n"
                + "environments: [ { name: dev, gates: [ { soak: { environment: dev, for: \"%1$s\" } } ] } ]\n"
                + "services: [ { name: s, jobs: [ { job: \"%1$s\", may: [ publish ] } ] } ]\n"
                + "people: { domains: [ \"%1$s\" ] }\n";
        for (String part : List.of("1h", "a/", "a.", "-a", "/a")) {
            refusedPolicy(String.format(policy, part.repeat(100_000)));
            assertTrue(!Names.isRegion("eu" + part.repeat(100_000) + "-1"));
        }
    }

    @Test
    public void aServiceThatIsRequiredTwiceIsFoundAmongMany() {
        var manifest = new StringBuilder("apiVersion: promotion/v1\nservice: orders\nrequires:\n");
        for (int i = 0; i < 20_000; i++) {
            manifest.append("- { service: s").append(i).append(", version: '1' }\n");
        }
        manifest.append("- { service: s7, version: '2' }\n");
        assertTrue(refused(manifest.toString()).getMessage().contains("'s7' is required twice"));
    }
}
