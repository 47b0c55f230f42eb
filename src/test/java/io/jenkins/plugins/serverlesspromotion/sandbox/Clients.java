package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;

/** Real SDK clients against a sandbox; without retries, so that every refusal is seen as it is. */
final class Clients implements AutoCloseable {
    private final SdkHttpClient http = ApacheHttpClient.create();
    private final URI endpoint;

    Clients(URI endpoint) {
        this.endpoint = endpoint;
    }

    static AwsCredentials base() {
        return AwsBasicCredentials.create(ThreeAccounts.ACCESS_KEY, ThreeAccounts.SECRET_KEY);
    }

    /** The administrator of an account of {@link SandboxConfig#threeAccounts()}. */
    static AwsCredentials admin(String account) {
        return AwsBasicCredentials.create("AKIA" + account + "ADMI", "sandbox-secret-of-admin");
    }

    /** A session of a role of an account, from the base user. */
    AwsCredentials role(String account, String role) {
        try (StsClient sts = sts(base())) {
            return credentials(sts.assumeRole(request -> request.roleArn("arn:aws:iam::" + account + ":role/" + role)
                    .roleSessionName("test")
                    .externalId(ThreeAccounts.EXTERNAL_ID)));
        }
    }

    static AwsCredentials credentials(AssumeRoleResponse response) {
        return AwsSessionCredentials.create(
                response.credentials().accessKeyId(),
                response.credentials().secretAccessKey(),
                response.credentials().sessionToken());
    }

    <B extends AwsClientBuilder<B, C> & SdkSyncClientBuilder<B, C>, C> C client(
            B builder, AwsCredentials credentials, String region) {
        return builder.endpointOverride(endpoint)
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClient(http)
                .overrideConfiguration(
                        configuration -> configuration.retryStrategy(strategy -> strategy.maxAttempts(1)))
                .build();
    }

    StsClient sts(AwsCredentials credentials) {
        return client(StsClient.builder(), credentials, "eu-west-1");
    }

    S3Client s3(AwsCredentials credentials, String region) {
        return client(
                S3Client.builder()
                        .serviceConfiguration(S3Configuration.builder()
                                .pathStyleAccessEnabled(true)
                                .build()),
                credentials,
                region);
    }

    CloudFormationClient cloudFormation(AwsCredentials credentials, String region) {
        return client(CloudFormationClient.builder(), credentials, region);
    }

    LambdaClient lambda(AwsCredentials credentials, String region) {
        return client(LambdaClient.builder(), credentials, region);
    }

    @Override
    public void close() {
        http.close();
    }
}
