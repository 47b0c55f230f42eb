package io.jenkins.plugins.serverlesspromotion.aws;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.AssumptionViolatedException;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestName;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketLocationConstraint;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/**
 * The scenarios on moto, an emulator that others wrote: what holds in both is not a misunderstanding of ours. Runs when
 * the system property {@code promotion.moto} says where one is; forgets everything in it.
 */
public class AwsMotoTest extends AwsSuite {
    private static final String SITE = "orders-web-222222222222";

    private static final String NO_OUTPUTS = "a stack that a change set made has no outputs";
    private static final String NO_TOKENS = "events carry no ClientRequestToken, so what has run cannot be recognised";

    /** Scenarios that moto 5.2.5 cannot show, and why. */
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "aFileThatChangedAfterItWasHashedIsNotStored",
            "it believes the checksum it is told",
            "aStackIsCreatedAndItsOutputsAreKnown",
            NO_OUTPUTS,
            "theOutputsOfAStackThatStaysAsItIsAreKnown",
            NO_OUTPUTS,
            "anOutputThatIsNotKnownYetBoundsThePlan",
            NO_OUTPUTS,
            "deployingAgainAfterItIsDoneDoesNothingMore",
            NO_TOKENS,
            "anUpdateIsUndone",
            "a second update leaves no trace: neither a token in the events nor a time at the stack",
            "anUpdateShowsWhatChangesFromWhatToWhat",
            "its change sets know resources, but neither parameters nor properties",
            "checksAreAskedOfWhatWasDeployed",
            "it runs functions only where there is Docker");

    @Rule
    public final TestName test = new TestName();

    @Rule
    public final TemporaryFolder artifacts = new TemporaryFolder();

    private Lab lab;

    @Before
    public void open() throws Exception {
        String address = System.getProperty("promotion.moto", "");
        if (address.isBlank()) {
            throw new AssumptionViolatedException("no moto: set -Dpromotion.moto=http://127.0.0.1:PORT");
        }
        String why = EXCEPTIONS.get(test.getMethodName());
        if (why != null) {
            throw new AssumptionViolatedException(why);
        }
        // moto takes a template address for one with the bucket in its path when it says localhost.
        URI endpoint = URI.create(address.replace("127.0.0.1", "localhost"));
        HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(endpoint.resolve("/moto-api/reset"))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
        lab = new Lab(
                endpoint,
                AwsSettings.defaults().withPollScale(0.01),
                Map.of("tools", "123456789012", Lab.DEV, "222222222222", Lab.PROD, "444444444444"),
                new String[] {"release-base", "secret"},
                artifacts.getRoot().toPath());
        try (var scope = lab.scope()) {
            bucket(scope.session(lab.tools, AwsSessions.Purpose.STORE, Lab.REGION), Lab.REGION, "acme-releases");
            for (var account : lab.accounts.values()) {
                AwsSession session = scope.session(account, AwsSessions.Purpose.DEPLOY, Lab.REGION);
                for (String region : List.of(Lab.REGION, "us-east-1")) {
                    bucket(session, region, account.bucketIn(region));
                }
            }
            bucket(scope.session(lab.accounts.get(Lab.DEV), AwsSessions.Purpose.DEPLOY, Lab.REGION), Lab.REGION, SITE);
        }
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

    @After
    public void close() {
        if (lab != null) {
            lab.close();
        }
    }

    @Override
    Lab lab() {
        return lab;
    }

    @Override
    String siteBucket() {
        return SITE;
    }

    @Override
    String distribution() {
        return null;
    }
}
