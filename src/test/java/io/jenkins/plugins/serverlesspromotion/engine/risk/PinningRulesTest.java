package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Content that can change without another release is a finding in every plan; what is pinned or carried is none. */
public class PinningRulesTest {
    private static final List<String> NONE = List.of();
    private static final List<String> FOUND = List.of("notPinned X");
    private static final List<String> OPEN = List.of("notAnalysable X");
    private static final String HEX = "a".repeat(64);
    private static final String DIGEST = "@sha256:" + HEX;
    private static final String ECR = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/orders";

    private static String of(String type, String properties) {
        return "X: { Type: " + type + ", Properties: { " + properties + " } }";
    }

    private static String nested(List<String> path, String value) {
        String text = value;
        for (int i = path.size() - 1; i >= 0; i--) {
            text = (path.get(i).equals("*") ? "Any" : path.get(i)) + ": " + text;
            text = i == 0 ? text : "{ " + text + " }";
        }
        return text;
    }

    private static List<Plan.Finding> all(String head, String resource) {
        return Pairs.between(Pairs.template(head, ""), Pairs.template(head, resource));
    }

    /** Only findings of these rules: some places have findings of others too. */
    private static List<String> kinds(String head, String resource) {
        return all(head, resource).stream()
                .filter(f -> f.kind().equals("notPinned") || f.sentence().contains("pinned"))
                .map(f -> f.kind() + " " + f.subject())
                .toList();
    }

    private static void expect(List<String> kinds, String type, PinnedPlaces.Place place, String value) {
        String resource = of(type, place.path().isEmpty() ? value : nested(place.path(), value));
        assertEquals(resource, kinds, kinds("", resource));
    }

    @Test
    public void everyPlaceIsFoundWhereItIsOpenAndNotWhereItIsPinned() {
        for (String type : PinnedPlaces.types()) {
            for (PinnedPlaces.Place place : PinnedPlaces.of(type)) {
                switch (place.form()) {
                    case IMAGE -> {
                        expect(FOUND, type, place, ECR + ":v1");
                        expect(FOUND, type, place, ECR);
                        expect(NONE, type, place, ECR + DIGEST);
                        expect(NONE, type, place, ECR + ":v1" + DIGEST);
                    }
                    case URI -> {
                        expect(FOUND, type, place, "s3://elsewhere/job.py");
                        expect(FOUND, type, place, "s3://elsewhere/sha256/aa/" + HEX);
                    }
                    default -> {
                        if (place.form() == PinnedPlaces.Form.URL) {
                            expect(FOUND, type, place, "https://b.s3.amazonaws.com/k");
                            expect(NONE, type, place, "\"https://b.s3.amazonaws.com/k?versionId=v\"");
                        }
                        if (place.key() != null) {
                            String bucket = place.bucket() == null ? "" : place.bucket() + ": b, ";
                            String map = bucket + place.key() + ": k";
                            String version = map + ", " + place.version() + ": v";
                            boolean root = place.path().isEmpty();
                            expect(FOUND, type, place, root ? map : "{ " + map + " }");
                            if (place.version() != null) {
                                expect(NONE, type, place, root ? version : "{ " + version + " }");
                            }
                        }
                    }
                }
                if (place.local()) {
                    expect(NONE, type, place, "dist/file.bin");
                }
            }
        }
    }

    @Test
    public void itIsFoundInEveryPlanWithThePropertyAndTheWayToPinIt() {
        String task = Pairs.template(
                "",
                of("AWS::ECS::TaskDefinition", "ContainerDefinitions: [ { Image: a" + DIGEST + " }, { Image: b:1 } ]"));
        List<Plan.Finding> found = Pairs.between(task, task);
        assertEquals(FOUND, Pairs.kinds(found));
        assertEquals(
                new Plan.Evidence("Resources.X.Properties.ContainerDefinitions[1].Image", "b:1", "b:1"),
                found.get(0).evidence().get(0));
        assertEquals(
                "X (AWS::ECS::TaskDefinition) names the image in ContainerDefinitions.Image by a tag, which can become"
                        + " another image; pin it by its digest: NAME@sha256:…",
                found.get(0).sentence());
        String sentence = all("", of("AWS::Lambda::Function", "Code: { S3Bucket: b, S3Key: k }"))
                .get(0)
                .sentence();
        assertTrue(
                sentence,
                sentence.endsWith("add S3ObjectVersion, or name a local file, which becomes part of the release"));
    }

    @Test
    public void functionsAreEvaluatedAndWhatOnlyAwsKnowsIsNotGuessed() {
        String head = "Parameters: { Tag: { Type: String, Default: v1 }, Digest: { Type: String, Default: '"
                + DIGEST.substring(1) + "' }, Other: { Type: 'AWS::SSM::Parameter::Value<String>' } }\n"
                + "Conditions: { Open: !Equals [ !Ref Other, x ] }\n";
        String image = "AWS::Lambda::Function";
        for (String value :
                List.of("!Sub 'r:${Tag}'", "!Sub '${Other}:latest'", "!If [ Open, 'r:1', 'r" + DIGEST + "' ]")) {
            assertEquals(value, FOUND, kinds(head, of(image, "Code: { ImageUri: " + value + " }")));
        }
        assertEquals(NONE, kinds(head, of(image, "Code: { ImageUri: !Sub 'r@${Digest}' }")));
        assertEquals(NONE, kinds(head, of(image, "Code: { ImageUri: !Sub '${Other}" + DIGEST + "' }")));
        for (String value : List.of("!Ref Other", "!Sub 'r:${Other}'", "!Sub 'r@sha256:${Other}'", "!ImportValue i")) {
            assertEquals(value, OPEN, kinds(head, of(image, "Code: { ImageUri: " + value + " }")));
        }
        assertEquals(FOUND, kinds(head, of(image, "Code: { S3Bucket: !Ref Other, S3Key: !Ref Other }")));
        assertEquals(OPEN, kinds(head, of(image, "Code: { S3Bucket: b, S3Key: k, S3ObjectVersion: !Ref Other }")));
        assertEquals(
                OPEN,
                kinds(
                        head,
                        of(
                                image,
                                "Code: { S3Bucket: b, S3Key: k, S3ObjectVersion: !If [ Open, v, !Ref AWS::NoValue ] }")));
        assertEquals(FOUND, kinds(head, of("AWS::Glue::Job", "Command: { ScriptLocation: !Ref Other }")));
        assertEquals(OPEN, kinds(head, of("AWS::CloudFormation::Stack", "TemplateURL: !Ref Other")));
        String open = of(image, "Code: { ImageUri: !Ref Other }");
        assertEquals(
                "what is not known is reported when it changes",
                NONE,
                Pairs.kinds(Pairs.between(Pairs.template(head, open), Pairs.template(head, open))));
    }

    @Test
    public void stagedFilesAreWhatTheReleaseHolds() {
        for (String value : List.of(
                "GlueX: { Type: AWS::Glue::Job, Properties: { Command: { ScriptLocation: 's3://staging/sha256/aa/" + HEX
                        + "' } } }",
                "BundleX: { Type: AWS::ElasticBeanstalk::ApplicationVersion, Properties: { SourceBundle: { S3Bucket:"
                        + " staging, S3Key: 'sha256/aa/" + HEX + "' } } }")) {
            TemplateChange.Version after = Pairs.version(Pairs.template("", value), Map.of());
            for (var bucket : List.of("staging", "stagin", "other")) {
                var change = new TemplateChange(null, after, Pairs.PSEUDO, Map.of(), bucket);
                assertEquals(
                        bucket + value,
                        bucket.equals("staging") ? 0 : 1,
                        new RiskFindings(new TemplateReader()).of(change).size());
            }
        }
    }

    @Test
    public void imagesThatHaveNoDigestAreNone() {
        assertEquals(
                NONE, kinds("", of("AWS::CodeBuild::Project", "Environment: { Image: 'aws/codebuild/standard:7.0' }")));
        assertEquals(
                NONE,
                kinds(
                        "",
                        of(
                                "AWS::Lightsail::Container",
                                "ContainerServiceDeployment: { Containers: [ { Image: ':orders.web.3' } ] }")));
    }
}
