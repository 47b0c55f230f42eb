package io.jenkins.plugins.serverlesspromotion.journey;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.InstalledTools;
import io.jenkins.plugins.serverlesspromotion.MayBeSkipped;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.AssumptionViolatedException;
import org.junit.Test;

/** cfn-lint finds nothing in the templates that administrators are told to deploy, and nothing in the example. */
@MayBeSkipped("cfn-lint")
public class CfnLintTest {
    private static final Path ROOT = Path.of(System.getProperty("promotion.root"));

    /** The example names code by the path of a ZIP, which this program replaces before CloudFormation sees it. */
    private static final List<String> LOCAL_CODE = List.of("--ignore-checks", "W3002");

    private static List<Path> templates(String folder) throws Exception {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
            return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
        }
    }

    private static String findings(List<String> options, List<Path> templates) throws Exception {
        Path program = InstalledTools.program("cfn-lint")
                .orElseThrow(() -> new AssumptionViolatedException("no cfn-lint" + InstalledTools.HOW));
        var command = new ArrayList<>(List.of(program.toString(), "--format", "parseable"));
        command.addAll(options);
        command.add("--template");
        templates.forEach(file -> command.add(file.toString()));
        Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    @Test
    public void nothingIsFoundInTheTemplatesOfTheSetup() throws Exception {
        List<Path> templates = templates("docs/examples/aws-setup");
        assertEquals(3, templates.size());
        assertEquals("", findings(List.of(), templates));
    }

    @Test
    public void nothingIsFoundInTheTemplatesOfTheExample() throws Exception {
        Path orders = ROOT.resolve("docs/examples/orders");
        assertEquals("", findings(LOCAL_CODE, List.of(orders.resolve("api.yaml"), orders.resolve("edge.yaml"))));
    }

    @Test
    public void somethingIsFoundInATemplateThatIsWrong() throws Exception {
        Path wrong = Files.createTempFile("wrong", ".yaml");
        try {
            Files.writeString(wrong, "Resources: { Queue: { Type: AWS::SQS::Queue, Properties: { Nothing: 1 } } }");
            String said = findings(List.of(), List.of(wrong));
            assertTrue(said, said.contains("E3002"));
        } finally {
            Files.delete(wrong);
        }
    }
}
