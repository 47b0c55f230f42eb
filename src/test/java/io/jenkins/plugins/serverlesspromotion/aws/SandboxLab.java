package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxControl;
import io.jenkins.plugins.serverlesspromotion.sandbox.Variant;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** A sandbox of its own for every test: the three accounts, with a site in {@code orders-dev}. */
final class SandboxLab extends ExternalResource {
    static final String SITE = "orders-web-222222222222";
    static final String DISTRIBUTION = "E2ORDERSDEVWEB";

    private final TemporaryFolder folder = new TemporaryFolder();
    private Variant[] variants;
    private int eventLag = -1;
    private Sandbox sandbox;
    private Lab lab;

    /** @param variants in what AWS behaves otherwise */
    SandboxLab(Variant... variants) {
        this.variants = variants;
    }

    /** Events that so many requests do not show yet. */
    static SandboxLab lateEvents(int requests) {
        var lab = new SandboxLab(Variant.EVENTS_LAG);
        lab.eventLag = requests;
        return lab;
    }

    @Override
    protected void before() throws Throwable {
        folder.create();
        open(variants);
    }

    /** Opens another one instead, under these variants. */
    void open(Variant... variants) {
        this.variants = variants;
        open(dev -> {}, AwsSettings.defaults());
    }

    /** Opens another one instead. */
    void open(Consumer<SandboxConfig.AccountConfig> change, AwsSettings settings) {
        open(change, settings, 0.01);
    }

    /** @param pollScale factor of every wait: 0.01 makes a minute 600 ms */
    void open(Consumer<SandboxConfig.AccountConfig> change, AwsSettings settings, double pollScale) {
        close();
        SandboxConfig config = SandboxConfig.threeAccounts().with(variants);
        if (eventLag >= 0) {
            config.durations.eventLagRequests = eventLag;
        }
        SandboxConfig.AccountConfig dev = config.accounts.stream()
                .filter(a -> a.id.equals("222222222222"))
                .findFirst()
                .orElseThrow();
        var bucket = new SandboxConfig.BucketConfig();
        bucket.name = SITE;
        bucket.region = Lab.REGION;
        dev.buckets.add(bucket);
        var distribution = new SandboxConfig.DistributionConfig();
        distribution.id = DISTRIBUTION;
        distribution.bucket = SITE;
        dev.distributions.add(distribution);
        change.accept(dev);
        sandbox = Sandbox.start(config.timeScale(0.005));
        lab = new Lab(
                sandbox.endpoint(),
                settings.withPollScale(pollScale),
                Map.of("tools", "111111111111", Lab.DEV, "222222222222", Lab.PROD, "444444444444"),
                new String[] {"AKIAIOSFODNN7SANDBOX", "sandbox-secret-of-release-base"},
                folder.getRoot().toPath());
    }

    Lab lab() {
        return lab;
    }

    SandboxControl control() {
        return sandbox.control();
    }

    /** How often something happened to a resource of the world. */
    long happened(String type, String id, String what) {
        return control().history(type, id).stream()
                .filter(change -> change.path("what").asText().equals(what))
                .count();
    }

    /**
     * How many different invalidations were requested. One that CloudFront made twice of the same caller reference and the
     * same paths counts once, because for how long CloudFront remembers a reference is not documented
     * ({@link Variant#CALLER_REFERENCES_FORGOTTEN}).
     */
    long invalidations() {
        return control().history("cloudfront:invalidation", "*").stream()
                .filter(change -> change.path("what").asText().equals("create"))
                .map(change -> change.path("after").asText())
                .distinct()
                .count();
    }

    static void await(String what, java.util.function.BooleanSupplier condition) {
        SandboxControl.await(what, condition);
    }

    private void close() {
        if (sandbox != null) {
            lab.close();
            sandbox.close();
        }
    }

    @Override
    protected void after() {
        close();
        folder.delete();
    }
}
