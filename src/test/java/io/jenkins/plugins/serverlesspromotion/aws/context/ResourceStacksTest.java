package io.jenkins.plugins.serverlesspromotion.aws.context;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.Test;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.ListStackResourcesRequest;
import software.amazon.awssdk.services.cloudformation.model.ListStackResourcesResponse;
import software.amazon.awssdk.services.cloudformation.model.StackResourceSummary;

public class ResourceStacksTest {
    private static StackResourceSummary part(String type, String id) {
        return StackResourceSummary.builder()
                .resourceType(type)
                .physicalResourceId(id)
                .build();
    }

    /** A role that this product assumes may be made two levels below the stack that somebody wants to adopt. */
    @Test
    public void whatNestedStacksMadeIsAPartToo() {
        var stacks = Map.of(
                "root", List.of(part("AWS::CloudFormation::Stack", "middle"), part("AWS::SQS::Queue", "queue")),
                "middle", List.of(part("AWS::CloudFormation::Stack", "inner")),
                "inner", List.of(part("AWS::IAM::Role", "promotion-deploy")));
        try (var client = new CloudFormationClient() {
            @Override
            public ListStackResourcesResponse listStackResources(ListStackResourcesRequest request) {
                return ListStackResourcesResponse.builder()
                        .stackResourceSummaries(stacks.get(request.stackName()))
                        .build();
            }

            @Override
            public String serviceName() {
                return "cloudformation";
            }

            @Override
            public void close() {}
        }) {
            assertEquals(
                    List.of("middle", "inner", "promotion-deploy", "queue"),
                    ResourceStacks.parts(client, "root").stream()
                            .map(StackResourceSummary::physicalResourceId)
                            .toList());
        }
    }
}
