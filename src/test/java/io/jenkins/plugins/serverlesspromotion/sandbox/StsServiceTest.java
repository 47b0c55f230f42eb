package io.jenkins.plugins.serverlesspromotion.sandbox;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.StsException;
import software.amazon.awssdk.services.sts.model.Tag;

public class StsServiceTest {
    private static final String DEPLOY = "arn:aws:iam::222222222222:role/promotion-deploy";
    private static Sandbox sandbox;
    private static Clients clients;

    @BeforeClass
    public static void start() {
        sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0));
        clients = new Clients(sandbox.endpoint());
    }

    @AfterClass
    public static void stop() {
        clients.close();
        sandbox.close();
    }

    private static AssumeRoleRequest.Builder request() {
        return AssumeRoleRequest.builder()
                .roleArn(DEPLOY)
                .roleSessionName("orders-1.4.2")
                .externalId("acme");
    }

    private static StsException refused(AwsCredentials credentials, Consumer<AssumeRoleRequest.Builder> change) {
        try (StsClient sts = clients.sts(credentials)) {
            AssumeRoleRequest.Builder request = request();
            change.accept(request);
            return assertThrows(StsException.class, () -> sts.assumeRole(request.build()));
        }
    }

    private static void refused(String code, Consumer<AssumeRoleRequest.Builder> change) {
        StsException refusal = refused(Clients.base(), change);
        assertEquals(refusal.getMessage(), code, refusal.awsErrorDetails().errorCode());
    }

    @Test
    public void assumedRoleIsAnotherAccount() {
        try (StsClient base = clients.sts(Clients.base())) {
            assertEquals(ThreeAccounts.BASE, base.getCallerIdentity().arn());
            AwsCredentials session = Clients.credentials(base.assumeRole(request()
                    .sourceIdentity("alice")
                    .tags(Tag.builder().key("release").value("orders@1.4.2").build())
                    .build()));
            try (StsClient sts = clients.sts(session)) {
                var identity = sts.getCallerIdentity();
                assertEquals("222222222222", identity.account());
                assertEquals("arn:aws:sts::222222222222:assumed-role/promotion-deploy/orders-1.4.2", identity.arn());
                assertTrue(identity.responseMetadata().requestId().length() > 10);
            }
        }
        var entry = sandbox.control().log("sts", "GetCallerIdentity").stream()
                .filter(each -> each.path("sourceIdentity").asText().equals("alice"))
                .findFirst()
                .orElseThrow();
        assertEquals("orders-1.4.2", entry.path("sessionName").asText());
        assertEquals("orders@1.4.2", entry.path("tags").path("release").asText());
    }

    @Test
    public void badNamesAreRefused() {
        refused("ValidationError", request -> request.roleSessionName("orders 1.4.2"));
        refused("ValidationError", request -> request.roleSessionName("x"));
        refused("ValidationError", request -> request.roleSessionName("x".repeat(65)));
        refused("ValidationError", request -> request.externalId("acme corp"));
        refused("ValidationError", request -> request.sourceIdentity("aws:alice"));
        refused("ValidationError", request -> request.sourceIdentity("alice/bob"));
    }

    @Test
    public void tagsHaveLimits() {
        List<Tag> many = new ArrayList<>();
        for (int i = 0; i < 51; i++) {
            many.add(Tag.builder().key("k" + i).value("v").build());
        }
        refused("ValidationError", request -> request.tags(many));
        refused(
                "ValidationError",
                request -> request.tags(
                        Tag.builder().key("k").value("v".repeat(257)).build()));
    }

    @Test
    public void trustDecides() {
        refused("AccessDenied", request -> request.externalId("other"));
        refused("AccessDenied", request -> request.externalId(null));
        refused("AccessDenied", request -> request.roleArn("arn:aws:iam::222222222222:role/promotion-cfn"));
        refused("AccessDenied", request -> request.roleArn("arn:aws:iam::222222222222:role/promotion-none"));
    }

    @Test
    public void durationsHaveLimits() {
        refused("ValidationError", request -> request.durationSeconds(899));
        refused("ValidationError", request -> request.durationSeconds(43201));
        refused("ValidationError", request -> request.durationSeconds(3601));
    }

    @Test
    public void chainedSessionsEndAfterAnHour() {
        SandboxConfig config = SandboxConfig.threeAccounts().timeScale(0);
        var role = config.accounts.get(1).roles.get(0);
        role.maxSessionSeconds = 43200;
        role.trust = SandboxJson.read("""
                {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "222222222222"}}}""");
        config.accounts.get(1).roles.get(1).policy =
                SandboxJson.read("{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}}");
        try (Sandbox other = Sandbox.start(config);
                Clients own = new Clients(other.endpoint());
                StsClient chained = own.sts(own.role("222222222222", "promotion-deploy"))) {
            String plan = "arn:aws:iam::222222222222:role/promotion-plan";
            StsException refusal = assertThrows(
                    StsException.class,
                    () -> chained.assumeRole(request ->
                            request.roleArn(plan).roleSessionName("chain").durationSeconds(7200)));
            assertTrue(refusal.getMessage(), refusal.getMessage().contains("role chaining"));
            chained.assumeRole(
                    request -> request.roleArn(plan).roleSessionName("chain").durationSeconds(3600));
        }
    }

    @Test
    public void wrongSecretTokenAndKeyAreRefused() {
        StsException secret = refused(AwsBasicCredentials.create(ThreeAccounts.ACCESS_KEY, "wrong"), request -> {});
        assertEquals("SignatureDoesNotMatch", secret.awsErrorDetails().errorCode());
        StsException key = refused(AwsBasicCredentials.create("AKIANOBODY", "wrong"), request -> {});
        assertEquals("InvalidClientTokenId", key.awsErrorDetails().errorCode());
        AwsSessionCredentials session = (AwsSessionCredentials) clients.role("222222222222", "promotion-deploy");
        StsException token = refused(
                AwsSessionCredentials.create(session.accessKeyId(), session.secretAccessKey(), "other"), request -> {});
        assertEquals("InvalidClientTokenId", token.awsErrorDetails().errorCode());
    }

    @Test
    public void expiredTokensAreRefused() {
        AwsCredentials session = clients.role("222222222222", "promotion-deploy");
        sandbox.control().expireTokens();
        try (StsClient sts = clients.sts(session)) {
            StsException refusal = assertThrows(StsException.class, sts::getCallerIdentity);
            assertEquals("ExpiredToken", refusal.awsErrorDetails().errorCode());
        }
    }
}
