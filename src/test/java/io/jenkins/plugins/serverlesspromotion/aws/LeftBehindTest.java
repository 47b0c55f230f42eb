package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.DriftResult;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Inspections;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.LeftResource;
import io.jenkins.plugins.serverlesspromotion.format.artifact.MediaTypeTable;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import io.jenkins.plugins.serverlesspromotion.view.ReleaseBoard;
import io.jenkins.plugins.serverlesspromotion.view.StoreReader;
import io.jenkins.plugins.serverlesspromotion.view.ViewDocuments;
import io.jenkins.plugins.serverlesspromotion.view.Viewer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;

/** What a release no longer names stays live, and stays visible until it is removed or taken up again. */
public class LeftBehindTest {
    private static final LaneId DEV = new LaneId("shop", "dev");
    private static final String QUEUE = "Resources: { Q: { Type: AWS::SQS::Queue } }\n";
    private static final String POLICY = """
            environments: [ { name: dev }, { name: prod, after: dev } ]
            services:
              - name: shop
                placements:
                  - { environment: dev, waves: [ [ shared/eu-west-1 ] ] }
                  - { environment: prod, waves: [ [ shared/eu-west-1 ] ] }
                paths: [ { name: default, environments: [ dev, prod ] } ]
            """;

    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private OwnershipLab lab;
    private int versions;

    @Before
    public void open() throws Exception {
        lab = new OwnershipLab(sandbox, folder.getRoot().toPath(), POLICY);
    }

    @After
    public void close() throws Exception {
        lab.close();
    }

    /** @param targets names of targets and their stacks */
    private Promotion promoted(String... targets) throws Exception {
        var manifest = new StringBuilder("service: shop\ntargets:\n");
        for (int i = 0; i < targets.length; i += 2) {
            manifest.append("  - { name: ")
                    .append(targets[i])
                    .append(", cloudformation: { template: t.yaml, stack: \"")
                    .append(targets[i + 1])
                    .append("\" } }\n");
        }
        Published release = lab.publish("1." + ++versions + ".0", manifest.toString(), Map.of("t.yaml", QUEUE));
        Promotion ended = lab.promote(release, "dev");
        assertEquals(String.valueOf(ended.why()), Promotion.State.SUCCEEDED, ended.state());
        return ended;
    }

    private List<String> found(Promotion promotion) {
        return lab.plan(promotion).targets().stream()
                .flatMap(t -> t.content().findings().stream())
                .filter(f -> f.kind().equals("targetLeftBehind"))
                .map(Plan.Finding::sentence)
                .toList();
    }

    private ReleaseBoard board() {
        return ReleaseBoard.of(
                new StoreReader(lab.store), null, Viewer.ofEverything(null), service -> true, Instant.now());
    }

    private List<String> onBoard() {
        return board().cells().get("shop").get("dev").leftBehind().stream()
                .map(LeftResource::toString)
                .toList();
    }

    private Inspections.Report drift() throws Exception {
        try (var deployer = new AwsDeployer(lab.sessions(), new TemplateReader(), new MediaTypeTable())) {
            return new Inspections(lab.store, deployer).inspect(DEV, Deployer.Progress.of((step, line) -> {}));
        }
    }

    private List<String> owned() {
        return lab.store.lane(DEV).owns().stream().map(OwnershipClaim::id).toList();
    }

    private void remove(String stack) {
        try (CloudFormationClient admin = lab.admin()) {
            admin.deleteStack(r -> r.stackName(stack));
            sandbox.control().settle();
        }
    }

    @Test
    public void aStackThatAReleaseNoLongerNamesIsFoundUntilItIsRemoved() throws Exception {
        assertEquals(List.of(), found(promoted("app", "old-${environment}", "more", "more-${environment}")));
        assertEquals(List.of(), onBoard());
        String old = "stack old-dev in 222222222222/eu-west-1";
        Promotion renamed = promoted("app", "new-${environment}", "more", "more-${environment}");
        assertEquals(
                List.of(old + " is left behind: shop@1.2.0 does not name it, and it stays live until it is removed"),
                found(renamed));
        assertEquals(List.of(old), onBoard());
        String json = new ViewDocuments(id -> null).board(board(), null).toString();
        assertTrue(json, json.contains("leftBehind"));
        Inspections.Report report = drift();
        assertEquals(DriftResult.SAME, report.driftResult());
        assertEquals(old, report.leftBehind().get(0).toString());
        // It stays so with every release that does not name it.
        assertEquals(
                1,
                found(promoted("app", "new-${environment}", "more", "more-${environment}"))
                        .size());
        assertEquals(List.of(old), onBoard());

        remove("old-dev");
        assertEquals(List.of(), drift().leftBehind());
        assertEquals("only AWS knows it", List.of(old), onBoard());
        assertEquals(List.of("more-dev", "new-dev", "old-dev"), owned());
        assertEquals(List.of(), found(promoted("app", "new-${environment}", "more", "more-${environment}")));
        assertEquals(List.of(), onBoard());
        assertEquals("it is forgotten", List.of("more-dev", "new-dev"), owned());
    }

    @Test
    public void whatAReleaseTakesUpAgainIsNotLeftBehind() throws Exception {
        promoted("app", "a-${environment}", "extra", "b-${environment}");
        promoted("app", "a-${environment}");
        assertEquals(List.of("stack b-dev in 222222222222/eu-west-1"), onBoard());
        assertEquals(List.of(), found(promoted("app", "a-${environment}", "other", "b-${environment}")));
        assertEquals(List.of(), onBoard());
        assertEquals(List.of(), drift().leftBehind());
    }

    @Test
    public void theBucketOfASiteIsFoundAndAPartOfTheOwnStackIsNot() throws Exception {
        lab.apply("""
                adopt: { mode: warn, until: "2999-12-31" }
                environments: [ { name: dev } ]
                services:
                  - name: shop
                    placements: [ { environment: dev, waves: [ [ shared/eu-west-1 ] ] } ]
                    paths: [ { name: default, environments: [ dev ] } ]
                """);
        String bucket = "  B: { Type: AWS::S3::Bucket, Properties: { BucketName: shop-own-222222222222 } }\n";
        String stack = "service: shop\ntargets:\n"
                + "  - { name: app, cloudformation: { template: t.yaml, stack: shop-dev } }\n";
        Published both = lab.publish(
                "1.0.0",
                stack + "  - { name: own, after: [ app ], site: { directory: d, bucket: shop-own-222222222222 } }\n"
                        + "  - { name: web, site: { directory: d, bucket: " + SandboxLab.SITE + " } }\n",
                Map.of("t.yaml", "Resources:\n" + bucket, "d/index.html", "hello"));
        Promotion first = lab.promote(both, "dev");
        assertEquals(String.valueOf(first.why()), Promotion.State.SUCCEEDED, first.state());
        assertEquals(List.of(), onBoard());
        Published one = lab.publish("2.0.0", stack, Map.of("t.yaml", "Resources:\n" + bucket));
        Promotion second = lab.promote(one, "dev");
        assertEquals(String.valueOf(second.why()), Promotion.State.SUCCEEDED, second.state());
        String web = "bucket " + SandboxLab.SITE + " in 222222222222";
        assertEquals(List.of(web), onBoard());
        assertEquals(1, found(second).size());
        assertTrue(found(second).get(0), found(second).get(0).startsWith(web + " is left behind"));
        assertEquals(
                List.of(web),
                drift().leftBehind().stream().map(LeftResource::toString).toList());
    }

    @Test
    public void whatThePolicyGivesToAnotherIsNotLeftBehind() throws Exception {
        promoted("app", "a-${environment}", "extra", "b-${environment}");
        lab.apply(POLICY + "    owns: [ { environment: prod, stacks: [ b-dev ] } ]\n");
        assertEquals(List.of(), found(promoted("app", "a-${environment}")));
        assertEquals(List.of(), onBoard());
    }
}
