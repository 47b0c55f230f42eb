package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSession;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import java.net.URI;
import org.junit.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.apache.ApacheHttpClient;

/** Where clients go. */
public class AwsSessionTest {
    private static AwsSession session(AwsSettings settings) {
        return new AwsSession(
                settings,
                ApacheHttpClient.create(),
                Lab.account("orders-prod", "333333333333"),
                "promotion-plan",
                StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")),
                new ExecutionInterceptor() {},
                () -> {});
    }

    @Test
    public void anEndpointOfTheEnvironmentIsIgnored() {
        String before = System.getProperty("aws.endpointUrl");
        System.setProperty("aws.endpointUrl", "http://evil.example/");
        try (AwsSession session = session(AwsSettings.defaults())) {
            assertEquals(
                    "https://cloudformation.eu-west-1.amazonaws.com",
                    endpoint(session.cloudFormation("eu-west-1")
                            .serviceClientConfiguration()
                            .endpointOverride()));
            assertEquals(
                    "https://s3.eu-west-1.amazonaws.com",
                    endpoint(
                            session.s3("eu-west-1").serviceClientConfiguration().endpointOverride()));
            assertEquals(
                    "https://cloudfront.amazonaws.com",
                    endpoint(session.cloudFront("eu-west-1")
                            .serviceClientConfiguration()
                            .endpointOverride()));
            assertEquals(
                    "https://secretsmanager.cn-north-1.amazonaws.com.cn",
                    endpoint(session.secretsManager("cn-north-1")
                            .serviceClientConfiguration()
                            .endpointOverride()));
        } finally {
            if (before == null) {
                System.clearProperty("aws.endpointUrl");
            } else {
                System.setProperty("aws.endpointUrl", before);
            }
        }
    }

    @Test
    public void templatesAreAddressedByVersion() {
        try (AwsSession session = session(AwsSettings.defaults())) {
            assertEquals(
                    "https://b.s3.eu-west-1.amazonaws.com/sha256/ab/abc?versionId=v%2B1",
                    session.url("eu-west-1", "b", "sha256/ab/abc", "v+1"));
        }
    }

    @Test
    public void aConfiguredEndpointServesEverything() {
        try (AwsSession session = session(AwsSettings.defaults().at(URI.create("http://127.0.0.1:4566")))) {
            assertEquals(
                    "http://127.0.0.1:4566",
                    endpoint(session.lambda("us-east-1")
                            .serviceClientConfiguration()
                            .endpointOverride()));
            assertTrue(session.url("us-east-1", "b", "k", "v").startsWith("http://127.0.0.1:4566/b/k"));
        }
    }

    private static String endpoint(java.util.Optional<URI> endpoint) {
        return endpoint.orElseThrow().toString();
    }
}
