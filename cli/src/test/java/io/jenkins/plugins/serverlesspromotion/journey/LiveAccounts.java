package io.jenkins.plugins.serverlesspromotion.journey;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.StackResource;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * What is really live, asked of AWS by an identity that the program under test does not have. Its own records are never
 * looked at.
 */
final class LiveAccounts implements AutoCloseable {
    private final URI endpoint;
    /** To make a client takes far longer than to ask a question with it. */
    private final Map<String, SdkAutoCloseable> clients = new HashMap<>();

    LiveAccounts(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** What one account and region hold: SHA-256 by function name, and by {@code bucket/key} of every site file. */
    record Live(Map<String, String> functions, Map<String, String> files, Map<String, String> stacks) {}

    Live in(String account, String region) throws IOException {
        Map<String, String> functions = new TreeMap<>();
        Map<String, String> files = new TreeMap<>();
        Map<String, String> stacks = new TreeMap<>();
        CloudFormationClient stackClient = stacks(account, region);
        LambdaClient lambda = functions(account, region);
        S3Client s3 = objects(account, region);
        for (Stack stack : stackClient.describeStacks().stacks()) {
            stacks.put(stack.stackName(), stack.stackStatusAsString());
            if (stack.stackStatusAsString().equals("REVIEW_IN_PROGRESS")) {
                continue;
            }
            for (StackResource r : resources(stackClient, stack)) {
                if (r.resourceType().equals("AWS::Lambda::Function")) {
                    String name = r.physicalResourceId();
                    functions.put(
                            name,
                            lambda.getFunctionConfiguration(f -> f.functionName(name)).codeSha256());
                } else if (r.resourceType().equals("AWS::S3::Bucket")) {
                    read(s3, r.physicalResourceId(), files);
                }
            }
        }
        return new Live(functions, files, stacks);
    }

    private static List<StackResource> resources(CloudFormationClient client, Stack stack) {
        return client.describeStackResources(r -> r.stackName(stack.stackName())).stackResources();
    }

    private static void read(S3Client s3, String bucket, Map<String, String> files) throws IOException {
        for (var object : s3.listObjectsV2Paginator(r -> r.bucket(bucket)).contents()) {
            byte[] bytes = s3.getObjectAsBytes(r -> r.bucket(bucket).key(object.key()))
                    .asByteArray();
            files.put(bucket + "/" + object.key(), sha256(bytes));
        }
    }

    CloudFormationClient stacks(String account, String region) {
        return client(CloudFormationClient.class, account, region, CloudFormationClient::builder);
    }

    LambdaClient functions(String account, String region) {
        return client(LambdaClient.class, account, region, LambdaClient::builder);
    }

    S3Client objects(String account, String region) {
        return client(S3Client.class, account, region, () -> S3Client.builder().forcePathStyle(true));
    }

    /** The account's administrator asks. */
    private <B extends AwsClientBuilder<B, C>, C extends SdkAutoCloseable> C client(
            Class<C> type, String account, String region, Supplier<B> builder) {
        return type.cast(clients.computeIfAbsent(
                type.getSimpleName() + " " + account + " " + region,
                key -> builder.get()
                        .endpointOverride(endpoint)
                        .region(Region.of(region))
                        .credentialsProvider(StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("AKIA" + account + "ADMI", "sandbox-secret-of-admin")))
                        .build()));
    }

    @Override
    public void close() {
        clients.values().forEach(SdkAutoCloseable::close);
        clients.clear();
    }

    /** What one version of the example has live in an account: the example's places are known here and nowhere else. */
    record ReadBack(List<String> wrong, int functions, int files) {}

    /**
     * Compares what is live in {@code account} with what a build of the example made: each function, and the whole set of
     * the site's files.
     *
     * @param builds the folder with {@code orders-VERSION}, as {@link Example} builds it
     * @param version that must be live
     * @param styles versions whose style sheets must be there, that of {@code version} among them
     */
    ReadBack compare(String account, Path builds, String version, List<String> styles) throws IOException {
        var wrong = new ArrayList<String>();
        Path build = builds.resolve("orders-" + version);
        String zip = sha256(Files.readAllBytes(build.resolve("build/api.zip")));
        int functions = 0;
        List<String> regions =
                account.equals(Script.PROD) ? List.of("eu-west-1", "us-west-2") : List.of("eu-west-1");
        for (String region : regions) {
            Live live = in(account, region);
            stacks(account + "/" + region, live, wrong);
            functions += live.functions().size();
            if (live.functions().size() != 2) {
                wrong.add(account + "/" + region + " has " + live.functions().size() + " functions instead of 2");
            }
            live.functions().forEach((name, digest) -> {
                if (!digest.equals(zip)) {
                    wrong.add(account + "/" + region + ": function " + name + " runs " + digest + ", the build is " + zip);
                }
            });
        }
        Live edge = in(account, "us-east-1");
        stacks(account + "/us-east-1", edge, wrong);
        Map<String, String> files = new TreeMap<>();
        edge.files().forEach((key, digest) -> {
            // Other stacks of the account may have buckets too.
            if (key.startsWith("orders-edge-")) {
                files.put(key.substring(key.indexOf('/') + 1), digest);
            }
        });
        Map<String, String> expected = site(builds, version, styles);
        if (!files.equals(expected)) {
            wrong.add(account + ": the site's files are " + files + " instead of " + expected);
        }
        return new ReadBack(wrong, functions, edge.files().size());
    }

    /** SHA-256 by path: everything of {@code version}, and the style sheets that earlier versions left. */
    private static Map<String, String> site(Path builds, String version, List<String> styles) throws IOException {
        Map<String, String> site = new TreeMap<>();
        for (String of : styles) {
            Path web = builds.resolve("orders-" + of + "/dist/web");
            try (Stream<Path> all = Files.walk(web)) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    String path = web.relativize(file).toString();
                    if (of.equals(version) || path.startsWith("style.")) {
                        site.put(path, sha256(Files.readAllBytes(file)));
                    }
                }
            }
        }
        return site;
    }

    private static void stacks(String where, Live live, List<String> wrong) {
        live.stacks().forEach((name, status) -> {
            if (!List.of("CREATE_COMPLETE", "UPDATE_COMPLETE", "REVIEW_IN_PROGRESS").contains(status)) {
                wrong.add(where + ": stack " + name + " is " + status);
            }
        });
    }

    static String sha256(byte[] bytes) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
