package io.jenkins.plugins.serverlesspromotion.journey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetSummary;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/** What lies in the accounts beside what is live: change sets, copies of artifacts, versions that aliases point to. */
final class Inventory {
    private static final List<String> REGIONS = List.of("eu-west-1", "us-east-1", "us-west-2");
    private static final List<String> ACCOUNTS = List.of(Script.DEV, Script.STAGING, Script.PROD);
    private static final String TOOLS = "111111111111";

    private final LiveAccounts accounts;

    Inventory(LiveAccounts accounts) {
        this.accounts = accounts;
    }

    /** Change sets that were not executed, by stack. */
    Tally openChangeSets() {
        var open = new Tally();
        for (String account : ACCOUNTS) {
            for (String region : REGIONS) {
                CloudFormationClient client = accounts.stacks(account, region);
                for (Stack stack : client.describeStacks().stacks()) {
                    for (ChangeSetSummary set : client.listChangeSets(r -> r.stackName(stack.stackName()))
                            .summaries()) {
                        boolean executed = "EXECUTE_COMPLETE".equals(set.executionStatusAsString());
                        open.add(account + " " + region + " " + stack.stackName(), executed ? 0 : 1);
                    }
                }
            }
        }
        return open;
    }

    /**
     * Every object of the artifact store and of the staging buckets that is not the only one of its bytes, or does not lie
     * under their digest.
     */
    List<String> misplacedCopies() {
        List<String> wrong = new ArrayList<>();
        copies(TOOLS, "eu-west-1", "acme-releases", wrong);
        for (String account : ACCOUNTS) {
            for (String region : REGIONS) {
                copies(account, region, "serverless-promotion-" + account + "-" + region, wrong);
            }
        }
        return wrong;
    }

    private void copies(String account, String region, String bucket, List<String> wrong) {
        S3Client client = accounts.objects(account, region);
        var all = client.listObjectVersions(r -> r.bucket(bucket));
        all.deleteMarkers().forEach(marker -> wrong.add(bucket + "/" + marker.key() + " was deleted"));
        Set<String> keys = new HashSet<>();
        for (ObjectVersion version : all.versions()) {
            String key = version.key();
            byte[] bytes = client.getObjectAsBytes(r -> r.bucket(bucket).key(key).versionId(version.versionId()))
                    .asByteArray();
            if (!keys.add(key)) {
                wrong.add(bucket + "/" + key + " has more than one version");
            }
            String hex = hex(LiveAccounts.sha256(bytes));
            if (!key.equals("sha256/" + hex.substring(0, 2) + "/" + hex)) {
                wrong.add(bucket + "/" + key + " holds the bytes of " + hex);
            }
        }
    }

    private static String hex(String base64) {
        return java.util.HexFormat.of().formatHex(java.util.Base64.getDecoder().decode(base64));
    }

    /** Whether the alias {@code live} of the worker sends every call to a published version with the code of a build. */
    List<String> worker(String account, Path build) throws IOException {
        List<String> wrong = new ArrayList<>();
        String zip = LiveAccounts.sha256(Files.readAllBytes(build.resolve("build/api.zip")));
        for (CrashWorld.Place place : CrashWorld.PLACES) {
            if (!place.account().equals(account)) {
                continue;
            }
            String function = CrashWorld.worker(place.environment());
            LambdaClient client = accounts.functions(account, place.region());
            var alias = client.getAlias(r -> r.functionName(function).name("live"));
            String code = client.getFunctionConfiguration(
                            r -> r.functionName(function).qualifier(alias.functionVersion()))
                    .codeSha256();
            boolean split = alias.routingConfig() != null
                    && !alias.routingConfig().additionalVersionWeights().isEmpty();
            if (!alias.functionVersion().matches("[0-9]+") || split || !code.equals(zip)) {
                wrong.add(account + "/" + place.region() + ": alias live of " + function + " is at version "
                        + alias.functionVersion() + (split ? " and at others" : "") + " with the code " + code
                        + ", the build is " + zip);
            }
        }
        return wrong;
    }
}
