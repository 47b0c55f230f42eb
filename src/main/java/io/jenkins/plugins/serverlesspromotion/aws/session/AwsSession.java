package io.jenkins.plugins.serverlesspromotion.aws.session;

import io.jenkins.plugins.serverlesspromotion.aws.CallTrace;
import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.Pace;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.ServiceMetadata;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** One role in one account for one promotion, with the clients that use it. */
public final class AwsSession implements AutoCloseable {
    private static final int ATTEMPTS = 8;
    private static final Duration ATTEMPT = Duration.ofSeconds(30);
    private static final Duration CALL = Duration.ofMinutes(4);
    /** Artifacts are uploaded in one piece. */
    private static final Duration TRANSFER = Duration.ofMinutes(15);

    private final AwsSettings settings;
    private final SdkHttpClient http;
    private final Policy.Account account;
    private final String role;
    private final AwsCredentialsProvider credentials;
    private final ExecutionInterceptor guard;
    private final Runnable end;
    private final Map<String, SdkAutoCloseable> clients = new ConcurrentHashMap<>();
    private volatile boolean checked;

    public AwsSession(
            AwsSettings settings,
            SdkHttpClient http,
            Policy.Account account,
            String role,
            AwsCredentialsProvider credentials,
            ExecutionInterceptor guard,
            Runnable end) {
        this.settings = settings;
        this.http = http;
        this.account = account;
        this.role = role;
        this.credentials = credentials;
        this.guard = guard;
        this.end = end;
    }

    public Policy.Account account() {
        return account;
    }

    /** For messages. */
    String role() {
        return role;
    }

    /** Checks once that the session belongs to the configured account, before anything is written. */
    void checkAccount(String region) {
        if (checked) {
            return;
        }
        String actual = client(
                        "sts",
                        region,
                        () -> client(StsClient.builder(), "sts", region).build())
                .getCallerIdentity()
                .account();
        if (!account.id().equals(actual)) {
            throw DeploymentException.failed(
                    "account " + account.name() + " is configured as " + account.id() + ", but " + role
                            + " is in account " + actual + "; correct the account's id or its role in the policy");
        }
        checked = true;
    }

    public CloudFormationClient cloudFormation(String region) {
        return client(
                "cloudformation",
                region,
                () -> client(CloudFormationClient.builder(), "cloudformation", region)
                        .build());
    }

    /** Without retries: a poller repeats its calls anyway, and must notice throttling. */
    public CloudFormationClient cloudFormationOnce(String region) {
        return client(
                "cloudformation-once",
                region,
                () -> client(CloudFormationClient.builder(), "cloudformation", region)
                        .overrideConfiguration(override(settings, trace(region), guard, 1, ATTEMPT, ATTEMPT))
                        .build());
    }

    public S3Client s3(String region) {
        return client(
                "s3",
                region,
                () -> client(S3Client.builder(), "s3", region)
                        .forcePathStyle(settings.pathStyleAccess())
                        .requestChecksumCalculation(
                                settings.checksumsWhenRequired()
                                        ? RequestChecksumCalculation.WHEN_REQUIRED
                                        : RequestChecksumCalculation.WHEN_SUPPORTED)
                        .responseChecksumValidation(
                                settings.checksumsWhenRequired()
                                        ? ResponseChecksumValidation.WHEN_REQUIRED
                                        : ResponseChecksumValidation.WHEN_SUPPORTED)
                        .overrideConfiguration(
                                override(settings, trace(region), guard, ATTEMPTS, TRANSFER, TRANSFER.multipliedBy(2)))
                        .build());
    }

    /** Signs with this session's credentials; makes no calls. The caller must close it. */
    public S3Presigner s3Presigner(String region) {
        return S3Presigner.builder()
                .region(Region.of(region))
                .endpointOverride(endpoint(settings, "s3", region))
                .credentialsProvider(credentials)
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(settings.pathStyleAccess())
                        .build())
                .build();
    }

    /** For all calls except invocations. */
    public LambdaClient lambdaControl(String region) {
        return client(
                "lambda-control",
                region,
                () -> client(LambdaClient.builder(), "lambda", region).build());
    }

    public CloudWatchClient cloudWatch(String region) {
        return client(
                "monitoring",
                region,
                () -> client(CloudWatchClient.builder(), "monitoring", region).build());
    }

    /** Invocations are not retried: the author of a test decides whether it may run twice. */
    public LambdaClient lambda(String region) {
        return client(
                "lambda",
                region,
                () -> client(LambdaClient.builder(), "lambda", region)
                        .overrideConfiguration(override(
                                settings,
                                trace(region),
                                guard,
                                1,
                                Duration.ofSeconds(15 * 60 + 10),
                                Duration.ofSeconds(15 * 60 + 20)))
                        .build());
    }

    public CloudFrontClient cloudFront(String region) {
        String global = Partition.global(region).id();
        return client(
                "cloudfront",
                global,
                () -> client(CloudFrontClient.builder(), "cloudfront", global).build());
    }

    public SsmClient ssm(String region) {
        return client(
                "ssm", region, () -> client(SsmClient.builder(), "ssm", region).build());
    }

    public SecretsManagerClient secretsManager(String region) {
        return client(
                "secretsmanager",
                region,
                () -> client(SecretsManagerClient.builder(), "secretsmanager", region)
                        .build());
    }

    /**
     * One version of one of our objects, in the form of {@code TemplateURL}.
     *
     * @param key needs no escaping
     */
    public String url(String region, String bucket, String key, String version) {
        String host = settings.endpoint() == null
                ? "https://" + bucket + "." + ServiceMetadata.of("s3").endpointFor(Region.of(region))
                : settings.endpoint().resolve("/" + bucket).toString();
        return host + "/" + key + "?versionId=" + URLEncoder.encode(version, StandardCharsets.UTF_8);
    }

    @SuppressWarnings("unchecked")
    private <C extends SdkAutoCloseable> C client(String service, String region, Supplier<C> make) {
        return (C) clients.computeIfAbsent(
                service + "/" + region,
                k -> credentials instanceof RoleCredentials assumed
                        ? ExpiredTokenRetry.with(assumed, make.get())
                        : make.get());
    }

    private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> B client(
            B builder, String service, String region) {
        return builder(builder, service, region, settings, http, credentials, trace(region), guard);
    }

    private void failed(Throwable thrown) {
        if (credentials instanceof RoleCredentials assumed) {
            assumed.seen(thrown);
        }
    }

    private CallTrace trace(String region) {
        return new CallTrace(account.name() + " (" + account.id() + ")", region, role, this::failed);
    }

    static <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> B builder(
            B builder,
            String service,
            String region,
            AwsSettings settings,
            SdkHttpClient http,
            AwsCredentialsProvider credentials,
            CallTrace trace,
            ExecutionInterceptor guard) {
        Region at = Region.of(region);
        return builder.httpClient(http)
                .region(at)
                .endpointOverride(endpoint(settings, service, region))
                .credentialsProvider(credentials)
                .overrideConfiguration(override(settings, trace, guard, ATTEMPTS, ATTEMPT, CALL));
    }

    /** Always explicit: otherwise an endpoint from the environment would override the SDK's own. */
    private static URI endpoint(AwsSettings settings, String service, String region) {
        return settings.endpoint() != null
                ? settings.endpoint()
                : URI.create("https://" + ServiceMetadata.of(service).endpointFor(Region.of(region)));
    }

    private static ClientOverrideConfiguration override(
            AwsSettings settings,
            CallTrace trace,
            ExecutionInterceptor guard,
            int attempts,
            Duration attempt,
            Duration call) {
        var pace = Pace.scaledBy(settings.pollScale());
        var longest = pace.scaled(Duration.ofSeconds(20));
        return ClientOverrideConfiguration.builder()
                .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(attempts)
                        .backoffStrategy(BackoffStrategy.exponentialDelay(pace.scaled(Duration.ofMillis(100)), longest))
                        .throttlingBackoffStrategy(
                                BackoffStrategy.exponentialDelay(pace.scaled(Duration.ofSeconds(1)), longest))
                        .build())
                .apiCallAttemptTimeout(attempt)
                .apiCallTimeout(call)
                // A developer's ~/.aws/config must not change how a release is deployed.
                .defaultProfileFile(ProfileFile.aggregator().build())
                .addExecutionInterceptor(trace)
                .addExecutionInterceptor(guard)
                .build();
    }

    @Override
    public void close() {
        clients.values().forEach(SdkAutoCloseable::close);
        clients.clear();
        end.run();
    }
}
