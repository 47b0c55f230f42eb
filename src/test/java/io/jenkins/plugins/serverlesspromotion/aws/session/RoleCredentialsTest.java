package io.jenkins.plugins.serverlesspromotion.aws.session;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.aws.call.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.StsException;

/** A role's hour is over long before a long deployment is; on a clock that a test moves. */
public class RoleCredentialsTest {
    private static final Instant BEGIN = Instant.parse("2026-11-21T08:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    /** Gives credentials of an hour, named by when they expire. */
    private static final class Sts implements StsClient {
        Instant now = BEGIN;
        int calls;
        boolean down;
        /** How many requests are refused before one is answered. */
        int refusals;

        boolean closed;
        final List<AssumeRoleRequest> requests = new ArrayList<>();

        @Override
        public synchronized AssumeRoleResponse assumeRole(AssumeRoleRequest request) {
            calls++;
            requests.add(request);
            if (down) {
                throw SdkClientException.create("no route to host");
            }
            if (refusals-- > 0) {
                throw denied();
            }
            Instant expires = now.plus(HOUR);
            return AssumeRoleResponse.builder()
                    .credentials(c -> c.accessKeyId(expires.toString())
                            .secretAccessKey("secret")
                            .sessionToken("token " + calls)
                            .expiration(expires))
                    .build();
        }

        private static StsException denied() {
            return (StsException) StsException.builder()
                    .statusCode(403)
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode("AccessDenied")
                            .errorMessage("not authorized to perform: sts:AssumeRole")
                            .build())
                    .build();
        }

        @Override
        public String serviceName() {
            return "sts";
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final Sts sts = new Sts();
    private final RoleCredentials credentials = new RoleCredentials(
            sts,
            AssumeRoleRequest.builder()
                    .roleArn("arn:aws:iam::222222222222:role/promotion-deploy")
                    .build(),
            new Pace() {
                @Override
                public Instant now() {
                    return sts.now;
                }

                @Override
                public void sleep(Duration nominal) {
                    sts.now = sts.now.plus(nominal);
                }

                @Override
                public Duration scaled(Duration nominal) {
                    return nominal;
                }
            });

    private Instant expiry() {
        return Instant.parse(credentials.resolveCredentials().accessKeyId());
    }

    @Test
    public void aRoleThatWasMadeJustNowIsAskedForAgain() {
        sts.refusals = 3;
        assertEquals(BEGIN.plusSeconds(7).plus(HOUR), expiry());
        assertEquals(4, sts.calls);
    }

    @Test
    public void aRoleThatStaysRefusedIsWaitedForOnce() {
        sts.refusals = 1000;
        assertThrows(StsException.class, credentials::resolveCredentials);
        assertEquals(4, sts.calls);
        assertThrows(StsException.class, credentials::resolveCredentials);
        assertEquals(5, sts.calls);
        assertEquals(BEGIN.plusSeconds(7), sts.now);
    }

    @Test
    public void anEightHourDeploymentNeverHoldsExpiredCredentials() {
        for (Instant end = BEGIN.plus(Duration.ofHours(8)); sts.now.isBefore(end); sts.now = sts.now.plusSeconds(5)) {
            assertTrue(sts.now + "", expiry().isAfter(sts.now.plus(Duration.ofMinutes(4))));
        }
        assertEquals("every 55 minutes and no more often", 9, sts.calls);
        assertEquals(
                "always the same session name, tags and source identity",
                1,
                sts.requests.stream().distinct().count());
    }

    @Test
    public void anOutageOfStsIsBridgedUntilTheEnd() {
        credentials.resolveCredentials();
        sts.down = true;
        sts.now = BEGIN.plus(HOUR).minus(Duration.ofMinutes(5));
        Instant last = BEGIN.plus(HOUR);
        for (Instant end = last.minus(Duration.ofMinutes(1)); sts.now.isBefore(end); sts.now = sts.now.plusSeconds(1)) {
            assertEquals(last, expiry());
        }
        assertEquals("once, and then every 20 seconds", 1 + 12, sts.calls);
        assertThrows(SdkClientException.class, credentials::resolveCredentials);
        sts.down = false;
        assertEquals(sts.now.plus(HOUR), expiry());
    }

    @Test
    public void whatAwsCallsExpiredIsNotUsedAgain() {
        AwsCredentials first = credentials.resolveCredentials();
        credentials.seen(SdkClientException.create("something else"));
        assertSame(first, credentials.resolveCredentials());
        credentials.seen(StsException.builder()
                .awsErrorDetails(
                        AwsErrorDetails.builder().errorCode("ExpiredToken").build())
                .build());
        assertNotEquals(first, credentials.resolveCredentials());
    }

    @Test
    public void manyThreadsAskOnce() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            var start = new CountDownLatch(1);
            var all = new ArrayList<Future<AwsCredentials>>();
            for (int i = 0; i < 8; i++) {
                all.add(pool.submit(() -> {
                    start.await();
                    return credentials.resolveCredentials();
                }));
            }
            start.countDown();
            AwsCredentials one = all.get(0).get();
            for (Future<AwsCredentials> each : all) {
                assertSame(one, each.get());
            }
            assertEquals(1, sts.calls);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    public void theClientIsClosedWithIt() {
        credentials.close();
        assertTrue(sts.closed);
    }
}
