package io.jenkins.plugins.serverlesspromotion.engine.risk;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reads templates for tests, and finds what is risky between two of them. */
final class Pairs {
    static final Map<String, String> PSEUDO = Map.of(
            "AWS::AccountId", "111111111111",
            "AWS::Partition", "aws",
            "AWS::Region", "eu-west-1",
            "AWS::StackName", "orders-prod",
            "AWS::URLSuffix", "amazonaws.com");

    private static final TemplateReader READER = new TemplateReader();

    private Pairs() {}

    /**
     * A change with the findings that a person expects of it.
     *
     * @param data {@code about}, {@code before}, {@code after}, {@code expected} ("kind subject" each); may have
     *     {@code parameters}, {@code source} and {@code sentence}, a part of the sentence of one finding
     */
    record Pair(Path file, Map<String, Object> data) {
        List<Plan.Finding> found() {
            return between(side("before"), side("after"));
        }

        TemplateChange.Version side(String which) {
            var parameters = new HashMap<String, String>();
            TemplateQuery.map(TemplateQuery.at(data, "parameters", which))
                    .forEach((k, v) -> parameters.put(k, v.toString()));
            return new TemplateChange.Version(TemplateQuery.map(data.get(which)), parameters, null);
        }

        TreeSet<String> expected() {
            return new TreeSet<>(TemplateQuery.texts(data.get("expected")));
        }

        String name() {
            return file.toString().replace(".yaml", "");
        }
    }

    /** The pairs of a folder of the test resources, sorted by file name. */
    static List<Pair> in(String folder) throws IOException {
        Path root = Path.of(System.getProperty("promotion.root", "."), "src/test/resources", folder);
        var pairs = new ArrayList<Pair>();
        try (Stream<Path> files = Files.list(root)) {
            for (Path file : files.sorted().toList()) {
                pairs.add(new Pair(file.getFileName(), tree(Files.readAllBytes(file))));
            }
        }
        return pairs;
    }

    /** Kind and subject of each finding. */
    static TreeSet<String> named(List<Plan.Finding> found) {
        var names = new TreeSet<String>();
        found.forEach(f -> names.add(f.kind() + " " + f.subject()));
        return names;
    }

    static List<Plan.Finding> between(String before, String after) {
        return between(version(before, Map.of()), version(after, Map.of()));
    }

    /**
     * Kind and subject of each finding between two sets of resources, in the order found.
     *
     * @param before members of {@code Resources}, in YAML's flow style without the outer braces
     */
    static List<String> of(String before, String after) {
        return kinds(between(template("", before), template("", after)));
    }

    /** The same for templates of SAM. */
    static List<String> ofSam(String before, String after) {
        String sam = "Transform: AWS::Serverless-2016-10-31\n";
        return kinds(between(template(sam, before), template(sam, after)));
    }

    /** A template with a topic beside what is given, so that it is never empty. */
    static String template(String head, String resources) {
        String comma = resources.isEmpty() ? "" : ", ";
        return head + "Resources: { Beside: { Type: AWS::SNS::Topic }" + comma + resources + " }";
    }

    static List<String> kinds(List<Plan.Finding> found) {
        return found.stream().map(f -> f.kind() + " " + f.subject()).toList();
    }

    /** @param before null for nothing */
    static List<Plan.Finding> between(TemplateChange.Version before, TemplateChange.Version after) {
        return new RiskFindings(READER).of(new TemplateChange(before, after, PSEUDO, Map.of()));
    }

    static TemplateChange.Version version(String text, Map<String, String> parameters) {
        return TemplateChange.Version.read(READER, "t.yaml", text.getBytes(StandardCharsets.UTF_8), parameters);
    }

    /** The text of a fixture as maps, lists and texts. */
    static Map<String, Object> tree(byte[] text) {
        return TemplateQuery.map(READER.tree("fixture", text));
    }
}
