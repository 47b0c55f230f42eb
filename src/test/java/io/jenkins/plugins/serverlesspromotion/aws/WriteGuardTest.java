package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSession;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.aws.session.OwnershipProof;
import io.jenkins.plugins.serverlesspromotion.aws.session.WriteGuard;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/** No write and no invocation reaches AWS without a proof that the owner was asked. */
public class WriteGuardTest {
    private final List<String> sent = new ArrayList<>();

    /** Nothing may come as far as this. */
    private final SdkHttpClient http = new SdkHttpClient() {
        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            sent.add(request.httpRequest().toString());
            throw new IllegalStateException("it was sent");
        }

        @Override
        public void close() {}
    };

    private AwsSession session() {
        return new AwsSession(
                AwsSettings.defaults(),
                http,
                Lab.account("orders-prod", "333333333333"),
                "promotion-deploy",
                StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")),
                new WriteGuard(),
                () -> {});
    }

    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 write")
    public void everyOperationOfEveryClientThatIsNoReadIsRefusedWithoutAProof() throws Exception {
        try (AwsSession session = session()) {
            int refused = 0;
            refused += refused(CloudFormationClient.class, session.cloudFormation("eu-west-1"));
            refused += refused(CloudFormationClient.class, session.cloudFormationOnce("eu-west-1"));
            refused += refused(LambdaClient.class, session.lambda("eu-west-1"));
            refused += refused(LambdaClient.class, session.lambdaControl("eu-west-1"));
            refused += refused(S3Client.class, session.s3("eu-west-1"));
            refused += refused(CloudFrontClient.class, session.cloudFront("eu-west-1"));
            refused += refused(CloudWatchClient.class, session.cloudWatch("eu-west-1"));
            refused += refused(SsmClient.class, session.ssm("eu-west-1"));
            refused += refused(SecretsManagerClient.class, session.secretsManager("eu-west-1"));
            assertTrue("only " + refused + " operations were tried", refused > 500);
        }
        assertEquals(List.of(), sent);
    }

    private static int refused(Class<?> client, Object instance) throws Exception {
        int refused = 0;
        for (Method method : client.getMethods()) {
            Class<?>[] parameters = method.getParameterTypes();
            boolean operation = parameters.length > 0
                    && AwsRequest.class.isAssignableFrom(parameters[0])
                    && !method.getName().endsWith("Paginator");
            String name = Character.toUpperCase(method.getName().charAt(0))
                    + method.getName().substring(1).replaceAll("AsBytes$", "");
            if (!operation || WriteGuard.READS.contains(name)) {
                continue;
            }
            var arguments = new Object[parameters.length];
            Object builder = parameters[0].getMethod("builder").invoke(null);
            Method build = builder.getClass().getMethod("build");
            build.setAccessible(true);
            arguments[0] = build.invoke(builder);
            boolean known = true;
            for (int i = 1; i < parameters.length; i++) {
                arguments[i] = parameters[i] == RequestBody.class
                        ? RequestBody.empty()
                        : parameters[i] == ResponseTransformer.class ? ResponseTransformer.toBytes() : null;
                known &= arguments[i] != null;
            }
            if (!known) {
                continue;
            }
            var thrown = assertThrows(
                    method.toString(), InvocationTargetException.class, () -> method.invoke(instance, arguments));
            String why = String.valueOf(thrown.getCause());
            // Some operations look at their parameters before anything else; a copy is tried by itself.
            if (!(thrown.getCause() instanceof IllegalArgumentException)) {
                assertTrue(method + " ended with " + why, why.contains("was refused: the owner of what it writes to"));
                refused++;
            }
        }
        return refused;
    }

    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 write")
    public void aProofIsGoodForItsOwnResourceAlone() {
        OwnershipProof staging = OwnershipProof.ofStaging(Lab.account("orders-prod", "333333333333"), "eu-west-1");
        try (AwsSession session = session()) {
            S3Client s3 = session.s3("eu-west-1");
            var e = assertThrows(
                    IllegalStateException.class,
                    () -> s3.deleteObject(r -> r.overrideConfiguration(staging::allow)
                            .bucket("victim-site")
                            .key("index.html")));
            assertTrue(e.getMessage(), e.getMessage().contains("DeleteObject of victim-site was refused"));
            e = assertThrows(
                    IllegalStateException.class,
                    () -> session.lambda("eu-west-1")
                            .invoke(r -> r.overrideConfiguration(staging::allow).functionName("victim-fn")));
            assertTrue(e.getMessage(), e.getMessage().contains("Invoke of null was refused"));
            e = assertThrows(
                    IllegalStateException.class,
                    () -> s3.deleteObject(r -> r.overrideConfiguration(staging::allow)
                            .bucket(staging.resource().id())
                            .key("k")));
            assertEquals("it was sent", e.getMessage());
        }
        assertEquals(1, sent.size());
    }

    @Test
    public void aCopyIntoABucketNeedsAProofForThatBucket() {
        OwnershipProof staging = OwnershipProof.ofStaging(Lab.account("orders-prod", "333333333333"), "eu-west-1");
        try (AwsSession session = session()) {
            S3Client s3 = session.s3("eu-west-1");
            var e = assertThrows(
                    IllegalStateException.class,
                    () -> s3.copyObject(r -> r.sourceBucket("s")
                            .sourceKey("k")
                            .destinationBucket("victim-site")
                            .destinationKey("k")));
            assertTrue(
                    e.getMessage(), e.getMessage().contains("CopyObject was refused: the owner of what it writes to"));
            e = assertThrows(
                    IllegalStateException.class,
                    () -> s3.copyObject(r -> r.overrideConfiguration(staging::allow)
                            .sourceBucket(staging.resource().id())
                            .sourceKey("k")
                            .destinationBucket("victim-site")
                            .destinationKey("k")));
            assertTrue(e.getMessage(), e.getMessage().contains("CopyObject of victim-site was refused"));
        }
        assertEquals(List.of(), sent);
    }

    @Test
    public void aChangeSetOfSomebodyElseIsNotDeleted() {
        try (AwsSession session = session()) {
            CloudFormationClient client = session.cloudFormation("eu-west-1");
            String arn = "arn:aws:cloudformation:eu-west-1:333333333333:changeSet/";
            var e = assertThrows(
                    IllegalStateException.class, () -> client.deleteChangeSet(r -> r.changeSetName(arn + "theirs/1")));
            assertTrue(e.getMessage(), e.getMessage().contains("DeleteChangeSet was refused"));
            e = assertThrows(
                    IllegalStateException.class,
                    () -> client.deleteChangeSet(r -> r.changeSetName(arn + "promotion-12ab/1")));
            assertEquals("it was sent", e.getMessage());
        }
    }

    @Test
    public void theWritesOfTheProductAreThese() {
        var writes = new TreeSet<String>();
        var builders = new TreeSet<String>();
        for (JavaMethodCall call : calls()) {
            String owner = call.getTargetOwner().getFullName();
            String name = call.getName();
            if (!owner.matches("software\\.amazon\\.awssdk\\.services\\.[\\w.]+(Client|Presigner)")) {
                continue;
            }
            if (name.equals("builder")) {
                builders.add(call.getOriginOwner().getSimpleName());
                continue;
            }
            String operation =
                    Character.toUpperCase(name.charAt(0)) + name.substring(1).replaceAll("Paginator|AsBytes$", "");
            if (!WriteGuard.READS.contains(operation) && !name.equals("close")) {
                writes.add(operation);
            }
        }
        assertEquals(
                new TreeSet<>(Set.of(
                        "ContinueUpdateRollback",
                        "CopyObject",
                        "CreateAlias",
                        "CreateChangeSet",
                        "CreateInvalidation",
                        "DeleteChangeSet",
                        "DeleteObject",
                        "DeleteStack",
                        "ExecuteChangeSet",
                        "Invoke",
                        // Signs for the bucket of an artifact store, which policy names, and sends nothing.
                        "PresignPutObject",
                        "PublishVersion",
                        "PutObject",
                        "RollbackStack",
                        "SetStackPolicy",
                        "UpdateAlias",
                        "UpdateFunctionCode",
                        "UpdateFunctionConfiguration",
                        "UpdateTerminationProtection")),
                writes);
        assertEquals(
                "clients without the guard", Set.of("AwsSession", "AwsSessions"), new java.util.HashSet<>(builders));
    }

    private static Set<JavaMethodCall> calls() {
        JavaClasses production = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.jenkins.plugins.serverlesspromotion.aws");
        var calls = new java.util.HashSet<JavaMethodCall>();
        production.forEach(c -> calls.addAll(c.getMethodCallsFromSelf()));
        assertTrue("no calls were found", calls.size() > 1000);
        return calls;
    }
}
