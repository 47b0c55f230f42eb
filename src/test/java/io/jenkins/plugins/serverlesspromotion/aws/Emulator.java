package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.InstalledTools;
import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.SkippedTests;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSession;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.sandbox.FreshConnections;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.StringEntity;
import org.junit.AssumptionViolatedException;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketLocationConstraint;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/**
 * An emulator that others wrote, with the three accounts in it: what holds there and in the sandbox is not a
 * misunderstanding of ours. A test runs when {@code -Dpromotion.emulators} names the folder where the emulators are
 * installed, and forgets everything in the emulator. What it cannot show is skipped, with a reason in {@code
 * skipped-tests.txt}.
 */
final class Emulator extends ExternalResource {
    static final String SITE = "orders-web-222222222222";

    private static final String ROLES = """
            Resources:
              Worker:
                Type: AWS::IAM::Role
                Properties:
                  RoleName: orders-worker
                  AssumeRolePolicyDocument:
                    Version: "2012-10-17"
                    Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
            """;

    private interface Start {
        URI with(Path program) throws IOException, InterruptedException;
    }

    private final String program;
    private final Start start;
    private final String forget;
    private final Map<String, String> ids;
    private final String[] keys;
    private final TemporaryFolder artifacts = new TemporaryFolder();
    private Description test;
    private Lab lab;
    private Lab admin;

    private Emulator(String program, Start start, String forget, String tools, String[] keys) {
        this.program = program;
        this.start = start;
        this.forget = forget;
        this.ids = Map.of("tools", tools, Lab.DEV, "222222222222", Lab.PROD, "444444444444");
        this.keys = keys;
    }

    static Emulator moto() {
        return new Emulator("moto_server", EmulatorProcess::moto, "/moto-api/reset", "123456789012", new String[] {
            "release-base", "secret"
        });
    }

    /**
     * Here an access key of twelve digits is the account. Its CopyObject finds no source in a bucket of another account,
     * whatever the bucket's policy says, and answers without the SHA-256 of the copy. So releases are kept in {@code
     * orders-dev} itself, in the very bucket that they are deployed from.
     */
    static Emulator ministack() {
        return new Emulator("ministack", EmulatorProcess::ministack, "/_ministack/reset", "222222222222", new String[] {
            "222222222222", "secret"
        });
    }

    @Override
    public Statement apply(Statement base, Description description) {
        test = description;
        return super.apply(base, description);
    }

    @Override
    protected void before() throws Throwable {
        Path installed = InstalledTools.program(program)
                .orElseThrow(() -> new AssumptionViolatedException("no " + program + InstalledTools.HOW));
        String why = SkippedTests.reason(test);
        if (why != null) {
            throw new AssumptionViolatedException(why);
        }
        // Both take a template's address for one with the bucket in its path when it says localhost.
        URI endpoint = URI.create(start.with(installed).toString().replace("127.0.0.1", "localhost"));
        tell(endpoint.resolve(forget), "");
        artifacts.create();
        lab = new Lab(
                endpoint,
                AwsSettings.defaults().withPollScale(0.01),
                ids,
                keys,
                artifacts.getRoot().toPath());
        if (ids.get("tools").equals(ids.get(Lab.DEV))) {
            lab.accounts.computeIfPresent(Lab.DEV, (n, dev) -> stagedIn(dev, lab.store.bucket()));
        }
        try (var scope = lab.scope()) {
            AwsSession store = scope.session(lab.tools, AwsSessions.Purpose.STORE, Lab.REGION);
            bucket(store, Lab.REGION, lab.store.bucket());
            store.s3(Lab.REGION)
                    .putBucketPolicy(r -> r.bucket(lab.store.bucket()).policy(readers()));
            for (var account : lab.accounts.values()) {
                AwsSession session = scope.session(account, AwsSessions.Purpose.DEPLOY, Lab.REGION);
                for (String region : List.of(Lab.REGION, "us-east-1")) {
                    if (!account.bucketIn(region).equals(lab.store.bucket())) {
                        bucket(session, region, account.bucketIn(region));
                    }
                }
            }
            bucket(scope.session(lab.accounts.get(Lab.DEV), AwsSessions.Purpose.DEPLOY, Lab.REGION), Lab.REGION, SITE);
        }
    }

    private static Policy.Account stagedIn(Policy.Account account, String bucket) {
        return new Policy.Account(
                account.name(),
                account.id(),
                account.credentialsId(),
                account.externalId(),
                account.planRole(),
                account.deployRole(),
                account.executionRole(),
                account.testRole(),
                bucket);
    }

    /** The roles of the accounts read what the tools account keeps, as in docs/examples/aws-setup. */
    private String readers() {
        return """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"],
                 "Principal": {"AWS": ["arn:aws:iam::%s:root", "arn:aws:iam::%s:root"]},
                 "Resource": ["arn:aws:s3:::%s", "arn:aws:s3:::%s/*"]}}""".formatted(ids.get(Lab.DEV), ids.get(Lab.PROD), lab.store.bucket(), lab.store.bucket());
    }

    private static void bucket(AwsSession session, String region, String name) {
        S3Client s3 = session.s3(region);
        s3.createBucket(r -> {
            r.bucket(name);
            // The one region that must not be named.
            if (!region.equals("us-east-1")) {
                r.createBucketConfiguration(c -> c.locationConstraint(BucketLocationConstraint.fromValue(region)));
            }
        });
        s3.putBucketVersioning(
                r -> r.bucket(name).versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
    }

    Lab lab() {
        return lab;
    }

    /** Has the emulator do something that AWS has no call for. */
    static void tell(URI address, String json) throws Exception {
        var request = RequestBuilder.post(address).setEntity(new StringEntity(json, ContentType.APPLICATION_JSON));
        FreshConnections.Answer answer = FreshConnections.send(request, Patience.LIMIT);
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(address + " answered " + answer.statusCode() + " " + answer.body());
        }
    }

    /** Makes a distribution in {@code orders-dev} that shows the site. */
    String distribution() {
        try (var scope = lab.scope()) {
            CloudFrontClient client = scope.session(lab.accounts.get(Lab.DEV), AwsSessions.Purpose.DEPLOY, Lab.REGION)
                    .cloudFront(Lab.REGION);
            return client.createDistribution(r -> r.distributionConfig(d -> d.callerReference("site")
                            .comment("site")
                            .enabled(true)
                            .origins(o -> o.quantity(1)
                                    .items(i -> i.id("site")
                                            .domainName(SITE + ".s3.amazonaws.com")
                                            .s3OriginConfig(s -> s.originAccessIdentity(""))))
                            .defaultCacheBehavior(b -> b.targetOriginId("site")
                                    .viewerProtocolPolicy("redirect-to-https")
                                    .minTTL(0L)
                                    .forwardedValues(f -> f.queryString(false).cookies(c -> c.forward("none"))))))
                    .distribution()
                    .id();
        }
    }

    /** Makes the function of the tests, as an administrator who stays when the laboratory is restarted. */
    FunctionLab function() {
        admin = new Lab(lab.settings(), ids, keys, artifacts.getRoot().toPath());
        AwsSession session = admin.scope().session(admin.accounts.get(Lab.DEV), AwsSessions.Purpose.DEPLOY, Lab.REGION);
        session.cloudFormation(Lab.REGION)
                .createStack(
                        r -> r.stackName("roles").templateBody(ROLES).capabilitiesWithStrings("CAPABILITY_NAMED_IAM"));
        return new FunctionLab(lab, session.lambdaControl(Lab.REGION), session.cloudWatch(Lab.REGION));
    }

    @Override
    protected void after() {
        if (admin != null) {
            admin.close();
        }
        if (lab != null) {
            lab.close();
        }
        artifacts.delete();
    }
}
