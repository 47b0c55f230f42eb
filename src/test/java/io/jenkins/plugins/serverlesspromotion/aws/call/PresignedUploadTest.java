package io.jenkins.plugins.serverlesspromotion.aws.call;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.aws.S3ArtifactStore;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.ArtifactStore;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.sandbox.FreshConnections;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.entity.ByteArrayEntity;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** What somebody who holds a presigned address, and nothing else, can put into the artifact store. */
public class PresignedUploadTest {
    private static final byte[] BYTES = "exactly these bytes".getBytes(StandardCharsets.UTF_8);
    private static final Artifact ARTIFACT = new Artifact("dist/a b.txt", Sha256.hex(BYTES), BYTES.length);
    private static final Policy.Store STORE = new Policy.Store("main", "acme-releases", "eu-west-1", "tools");
    private static final Policy.Account TOOLS = new Policy.Account(
            "tools", "111111111111", null, null, null, null, null, null, Policy.Account.DEFAULT_BUCKET);

    private Sandbox sandbox;
    private AwsSessions sessions;
    private ArtifactStore store;

    @Before
    public void open() {
        sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0));
        var base = StaticCredentialsProvider.create(
                AwsBasicCredentials.create("AKIAIOSFODNN7SANDBOX", "sandbox-secret-of-release-base"));
        sessions = new AwsSessions(AwsSettings.defaults().at(sandbox.endpoint()), id -> base);
        store = new S3ArtifactStore(sessions);
    }

    @After
    public void close() {
        sessions.close();
        sandbox.close();
    }

    @Test
    public void theHashedBytesAreTakenOnceAndFoundByTheirDigest() throws Exception {
        assertEquals(Map.of(), store.stored(STORE, TOOLS, List.of(ARTIFACT)));
        ArtifactStore.Upload upload = presign(Duration.ofMinutes(5));
        assertEquals(200, put(upload, BYTES));
        Map<String, String> stored = store.stored(STORE, TOOLS, List.of(ARTIFACT));
        assertEquals(List.of(ARTIFACT.digest()), List.copyOf(stored.keySet()));
        assertEquals("nothing is ever overwritten", 412, put(upload, BYTES));
        assertEquals(stored, store.stored(STORE, TOOLS, List.of(ARTIFACT)));
    }

    @Test
    public void otherBytesAreRefusedWhateverTheirLength() throws Exception {
        byte[] same = "exactly those bytes".getBytes(StandardCharsets.UTF_8);
        assertEquals(BYTES.length, same.length);
        assertNotEquals(200, put(presign(Duration.ofMinutes(5)), same));
        assertNotEquals(200, put(presign(Duration.ofMinutes(5)), "more bytes than were signed for".getBytes()));
        assertEquals(Map.of(), store.stored(STORE, TOOLS, List.of(ARTIFACT)));
    }

    @Test
    public void nothingThatWasSignedCanBeLeftOutOrChanged() throws Exception {
        ArtifactStore.Upload upload = presign(Duration.ofMinutes(5));
        assertTrue(
                upload.headers().toString(),
                upload.headers().keySet().stream().anyMatch(h -> h.equalsIgnoreCase("x-amz-checksum-sha256")));
        assertTrue(upload.headers().keySet().stream().anyMatch(h -> h.equalsIgnoreCase("if-none-match")));
        for (String header : upload.headers().keySet()) {
            var fewer = new java.util.HashMap<>(upload.headers());
            fewer.remove(header);
            assertEquals(header, 403, put(new ArtifactStore.Upload(upload.address(), fewer), BYTES));
        }
        URI elsewhere = URI.create(upload.address().toString().replace(ARTIFACT.sha256(), "0".repeat(64)));
        assertEquals(403, put(new ArtifactStore.Upload(elsewhere, upload.headers()), BYTES));
        assertEquals(Map.of(), store.stored(STORE, TOOLS, List.of(ARTIFACT)));
    }

    @Test
    public void anAddressIsNotShownInLogs() throws Exception {
        ArtifactStore.Upload upload = presign(Duration.ofMinutes(5));
        assertFalse(upload.toString(), upload.toString().contains("Signature"));
        assertTrue(upload.address().toString().contains("X-Amz-Signature"));
    }

    @Test
    public void aLengthThatIsNotTheObjectsIsNotBelieved() throws Exception {
        assertEquals(200, put(presign(Duration.ofMinutes(5)), BYTES));
        var claimed = new Artifact(ARTIFACT.path(), ARTIFACT.sha256(), 3);
        var refused = assertThrows(IOException.class, () -> store.stored(STORE, TOOLS, List.of(claimed)));
        assertTrue(refused.getMessage(), refused.getMessage().contains("does not hold artifact dist/a b.txt"));
    }

    private ArtifactStore.Upload presign(Duration validFor) throws Exception {
        return store.presign(STORE, TOOLS, List.of(ARTIFACT), validFor).get(0);
    }

    private static int put(ArtifactStore.Upload upload, byte[] bytes) throws Exception {
        var request = RequestBuilder.put(upload.address()).setEntity(new ByteArrayEntity(bytes));
        upload.headers().forEach(request::addHeader);
        int status = FreshConnections.send(request, Patience.LIMIT).statusCode();
        // Something else writes to the same key: the upload from a workspace tries again too.
        return status == 409 ? FreshConnections.send(request, Patience.LIMIT).statusCode() : status;
    }
}
