package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.aws.call.Pace;
import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Observation;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Owners;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipAnswer;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipRules;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.PolicyOwners;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Adoption;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.format.artifact.MediaTypeTable;
import io.jenkins.plugins.serverlesspromotion.format.artifact.ReleaseAssembler;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Accounts at an endpoint, and a release in them.
 */
final class Lab implements AutoCloseable {
    static final String REGION = "eu-west-1";
    static final String DEV = "orders-dev";
    static final String PROD = "orders-prod";
    static final ResourceOwner LANE = new ResourceOwner("orders", "dev");

    final Policy.Store store;
    final Policy.Account tools;
    final Map<String, Policy.Account> accounts = new TreeMap<>();
    /** For whom the lab deploys. */
    ResourceOwner lane = LANE;

    /** Who owns what; a test that is about owners sets its own. */
    Owners owners = new Owners() {
        @Override
        public OwnershipAnswer ask(ResourceId resource, Observation seen, Use use) {
            return anything(resource, seen, use);
        }

        @Override
        public Set<String> regions(String accountId) {
            return Set.of(REGION);
        }
    };

    final List<String> notes = Collections.synchronizedList(new ArrayList<>());
    /** Whether somebody asked to stop what is being deployed. */
    volatile boolean abort;

    final Deployer.Progress progress = new Deployer.Progress() {
        @Override
        public void note(String step, String line) {
            notes.add(step + ": " + line);
        }

        @Override
        public boolean abortRequested() {
            return abort;
        }
    };

    private final AwsSettings settings;
    private final Path folder;
    private final Supplier<AwsSessions> login;
    private final Supplier<AwsSessions> loginByHand;
    /** Of people who write to the accounts beside this product. */
    private AwsSessions byHand;

    private AwsSessions sessions;
    private AwsDeployer deployer;
    private long published;

    /**
     * @param ids of the accounts {@code tools}, {@code orders-dev} and {@code orders-prod}
     * @param keys access key and secret that may assume the roles
     */
    Lab(URI endpoint, AwsSettings settings, Map<String, String> ids, String[] keys, Path folder) {
        this(settings.at(endpoint), ids, keys, folder);
    }

    /** @param settings with an endpoint, and how it is reached */
    Lab(AwsSettings settings, Map<String, String> ids, String[] keys, Path folder) {
        this.settings = settings;
        this.folder = folder;
        var base = StaticCredentialsProvider.create(AwsBasicCredentials.create(keys[0], keys[1]));
        this.login = () -> new AwsSessions(settings, id -> base);
        this.loginByHand = () -> new AwsSessions(
                settings, id -> base, Pace.scaledBy(settings.pollScale()), new ExecutionInterceptor() {});
        this.tools = new Policy.Account(
                "tools", ids.get("tools"), null, null, null, null, null, null, Policy.Account.DEFAULT_BUCKET);
        this.store = new Policy.Store("main", "acme-releases", REGION, "tools");
        for (String name : List.of(DEV, PROD)) {
            accounts.put(name, account(name, ids.get(name)));
        }
        start();
    }

    private void start() {
        sessions = login.get();
        byHand = loginByHand.get();
        deployer = new AwsDeployer(sessions, new TemplateReader(), new MediaTypeTable());
    }

    AwsSettings settings() {
        return settings;
    }

    static Policy.Account account(String name, String id) {
        return new Policy.Account(
                name,
                id,
                null,
                "acme",
                "promotion-plan",
                "promotion-deploy",
                "promotion-cfn",
                "promotion-test",
                Policy.Account.DEFAULT_BUCKET);
    }

    AwsSessions sessions() {
        return sessions;
    }

    AwsDeployer deployer() {
        return deployer;
    }

    /** As after a crash: nothing in memory survives but what the journal would have kept. */
    void restart() {
        close();
        start();
    }

    /** Publishes a release. A value that ends up in a {@code .zip} is source code. */
    Published publish(String version, Manifest manifest, Map<String, String> files) throws Exception {
        var artifacts = new ArrayList<Artifact>();
        var versions = new HashMap<String, String>();
        for (var file : files.entrySet()) {
            byte[] bytes = file.getKey().endsWith(".zip")
                    ? OrdersSamples.zip(file.getValue())
                    : file.getValue().getBytes(StandardCharsets.UTF_8);
            Path path = folder.resolve(Sha256.hex(bytes));
            Files.write(path, bytes);
            var artifact = new Artifact(file.getKey(), Sha256.hex(bytes), bytes.length);
            artifacts.add(artifact);
            versions.put(artifact.digest(), new S3ArtifactStore(sessions).put(store, tools, artifact, path));
        }
        var release = new Release("orders", version, manifest, artifacts);
        var ref = new ReleaseRef("orders", version, Sha256.of(version + files), ++published);
        return new Published(
                ref, release, Provenance.publishedBy("user:bob"), "main", versions, Instant.EPOCH, "user:bob");
    }

    /** Publishes what was assembled from files. */
    Published publish(ReleaseAssembler.Assembly assembly) throws Exception {
        var versions = new HashMap<String, String>();
        for (var upload : assembly.uploads()) {
            versions.put(
                    upload.artifact().digest(),
                    new S3ArtifactStore(sessions).put(store, tools, upload.artifact(), upload.file()));
        }
        Release release = assembly.release();
        var ref = new ReleaseRef(
                release.service(), release.version(), new CanonicalDigests().release(release), ++published);
        return new Published(
                ref, release, Provenance.publishedBy("user:bob"), "main", versions, Instant.EPOCH, "user:bob");
    }

    Published publish(String version, int memory, String code) throws Exception {
        return publish(version, OrdersSamples.api(memory), OrdersSamples.files(code, OrdersSamples.api("")));
    }

    /** A promotion of {@code release} to dev, one account in one region. */
    Deployer.Work work(String promotion, Published release) {
        return work(promotion, release, List.of(List.of(new Place(DEV, REGION))));
    }

    Deployer.Work work(String promotion, Published release, List<List<Place>> waves) {
        var rules = new LaneRules(
                "orders",
                new Policy.Environment("dev", null, List.of(), null),
                new Policy.Placement(waves, Duration.ZERO),
                Map.of(),
                accounts);
        return new Deployer.Work(
                "controller-1", promotion, release, rules, store, tools, List.of("user:alice", "user:carol"), owners);
    }

    /** Everything is the lane's own, but for what the product uses and what a tag says otherwise. */
    private OwnershipAnswer anything(ResourceId resource, Observation seen, Owners.Use use) {
        var policy = new Policy(
                Map.of(store.name(), store),
                accounts,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                null,
                Map.of(),
                List.of(),
                new Adoption(LocalDate.MAX));
        var answer = new OwnershipRules(new PolicyOwners(policy), Map.of(), Map.of(), Instant.EPOCH)
                .ask(lane, resource, seen, use == Owners.Use.WRITE ? Owners.Use.PLAN_WRITE : use);
        return answer.refused() ? answer : OwnershipAnswer.owned(OwnershipClaim.How.ADOPTED);
    }

    /** Plans and insists that there is a whole plan. */
    Plan plan(Deployer.Work work, int planning) throws InterruptedException {
        Deployer.Planning planned = deployer.plan(work, planning, progress);
        if (planned.failure() != null || !planned.problems().isEmpty()) {
            throw new AssertionError("no plan: " + planned.failure() + " " + planned.problems());
        }
        return new Plan("sha256:" + "0".repeat(64), planned.targets(), List.of());
    }

    /** Plans, whatever comes of it. */
    Deployer.Planning planning(Deployer.Work work, int planning) throws InterruptedException {
        return deployer.plan(work, planning, progress);
    }

    Fact.Failure planFailure(Deployer.Work work) throws InterruptedException {
        Fact.Failure failure = deployer.plan(work, 1, progress).failure();
        if (failure == null) {
            throw new AssertionError("it was planned");
        }
        return failure;
    }

    Fact.StepResult deploy(Deployer.Work work, Plan.TargetPlan step) throws InterruptedException {
        return deployer.deploy(work, 1, step, Map.of(), progress);
    }

    /** Plans and deploys everything, one step after the other; returns the results by step key. */
    Map<String, Fact.StepResult> promote(Deployer.Work work) throws InterruptedException {
        return carryOut(work, plan(work, 1));
    }

    Map<String, Fact.StepResult> carryOut(Deployer.Work work, Plan plan) throws InterruptedException {
        var results = new TreeMap<String, Fact.StepResult>();
        var outputs = new HashMap<String, Map<String, String>>();
        for (Plan.TargetPlan step : plan.targets()) {
            Fact.StepResult result = deployer.deploy(work, 1, step, outputs, progress);
            results.put(step.key(), result);
            if (result.status() != Deployment.Status.DONE && result.status() != Deployment.Status.UNCHANGED) {
                break;
            }
            outputs.put(step.key(), result.outputs());
        }
        return results;
    }

    /** Sessions as somebody who looks at what is there, and changes it by hand. */
    AwsSessions.Scope scope() {
        return byHand.scope(new AwsSessions.Actor("look", "look@1", List.of()));
    }

    @Override
    public void close() {
        deployer.close();
        sessions.close();
        byHand.close();
    }
}
