package io.jenkins.plugins.serverlesspromotion.engine.risk;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.format.TemplateReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

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

    static List<Plan.Finding> between(String before, String after) {
        return between(version(before, Map.of()), version(after, Map.of()));
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
        return Tree.map(READER.tree("fixture", text));
    }
}
