package io.jenkins.plugins.serverlesspromotion.sandbox;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Many clients at once, while the log is read and snapshots are written. */
public class ParallelTest {
    @Test
    public void oneOfManyWinsAConditionAndNothingIsLost() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0.0001));
                Clients clients = new Clients(sandbox.endpoint());
                S3Client s3 = clients.s3(Clients.base(), "eu-west-1");
                CloudFormationClient stacks = clients.cloudFormation(Clients.admin("222222222222"), "eu-west-1")) {
            ExecutorService pool = Executors.newFixedThreadPool(12);
            List<Future<Boolean>> wins = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                int number = i;
                wins.add(pool.submit(() -> {
                    stacks.createStack(r ->
                            r.stackName("stack-" + number).templateBody("Resources: {T: {Type: AWS::SNS::Topic}}"));
                    for (int k = 0; k < 10; k++) {
                        String key = number + "/" + k;
                        s3.putObject(r -> r.bucket("acme-releases").key(key), RequestBody.fromString(key));
                    }
                    try {
                        s3.putObject(
                                r -> r.bucket("acme-releases").key("lease").ifNoneMatch("*"),
                                RequestBody.fromString("by " + number));
                        return true;
                    } catch (S3Exception e) {
                        assertEquals(412, e.statusCode());
                        return false;
                    }
                }));
            }
            for (int i = 0; i < 10; i++) {
                sandbox.control().log();
                assertTrue(sandbox.control().snapshot().length > 0);
            }
            int winners = 0;
            for (Future<Boolean> win : wins) {
                winners += win.get() ? 1 : 0;
            }
            pool.shutdown();
            assertEquals(1, winners);
            assertEquals(
                    120,
                    sandbox.control().history("s3:object", "acme-releases/*/*").size());
            sandbox.control().settle();
            assertEquals(
                    12,
                    stacks.describeStacks().stacks().stream()
                            .filter(stack -> stack.stackStatusAsString().equals("CREATE_COMPLETE"))
                            .count());
            List<Long> numbers = sandbox.control().log().stream()
                    .map((JsonNode entry) -> entry.path("seq").asLong())
                    .distinct()
                    .toList();
            assertEquals(12 + 120 + 12 + 1, numbers.size());
        }
    }
}
