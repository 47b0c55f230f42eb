package io.jenkins.plugins.serverlesspromotion.engine.release;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.release.PackagedProperties.Content;
import io.jenkins.plugins.serverlesspromotion.engine.release.PackagedProperties.Handling;
import io.jenkins.plugins.serverlesspromotion.engine.release.PackagedProperties.Property;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.Test;

/** The table of the documentation is made from the list that the code uses, and the list is that of the tools. */
public class PackagedPropertiesDocTest {
    private static final String BEGIN =
            "| Type | Property | A local path names | At deployment it becomes | Pinned by |\n|---|---|---|---|---|\n";

    /**
     * What aws-cli 1.45 (artifact_exporter.py) and aws-sam-cli 1.164 (packageable_resources.py, resources.py) upload; of CDK,
     * every asset that stands in one of these.
     */
    private static final Set<String> TOOLS = Set.of(
            "AWS::ApiGateway::RestApi.BodyS3Location",
            "AWS::ApiGatewayV2::Api.BodyS3Location",
            "AWS::AppSync::FunctionConfiguration.CodeS3Location",
            "AWS::AppSync::FunctionConfiguration.RequestMappingTemplateS3Location",
            "AWS::AppSync::FunctionConfiguration.ResponseMappingTemplateS3Location",
            "AWS::AppSync::GraphQLSchema.DefinitionS3Location",
            "AWS::AppSync::Resolver.CodeS3Location",
            "AWS::AppSync::Resolver.RequestMappingTemplateS3Location",
            "AWS::AppSync::Resolver.ResponseMappingTemplateS3Location",
            "AWS::CloudFormation::ModuleVersion.ModulePackage",
            "AWS::CloudFormation::ResourceVersion.SchemaHandlerPackage",
            "AWS::CloudFormation::Stack.TemplateURL",
            "AWS::CloudFormation::StackSet.TemplateURL",
            "AWS::CodeCommit::Repository.Code.S3",
            "AWS::ElasticBeanstalk::ApplicationVersion.SourceBundle",
            "AWS::Glue::Job.Command.ScriptLocation",
            "AWS::Lambda::Function.Code",
            "AWS::Lambda::Function.Code.ImageUri",
            "AWS::Lambda::LayerVersion.Content",
            "AWS::Serverless::Api.DefinitionUri",
            "AWS::Serverless::Application.Location",
            "AWS::Serverless::Function.CodeUri",
            "AWS::Serverless::Function.ImageUri",
            "AWS::Serverless::GraphQLApi.Functions.*.CodeUri",
            "AWS::Serverless::GraphQLApi.Resolvers.*.*.CodeUri",
            "AWS::Serverless::GraphQLApi.SchemaUri",
            "AWS::Serverless::HttpApi.DefinitionUri",
            "AWS::Serverless::LayerVersion.ContentUri",
            "AWS::Serverless::StateMachine.DefinitionUri",
            "AWS::ServerlessRepo::Application.LicenseUrl",
            "AWS::ServerlessRepo::Application.ReadmeUrl",
            "AWS::StepFunctions::StateMachine.DefinitionS3Location");

    private static String row(Property property) {
        String becomes =
                switch (property.handling()) {
                    case CARRIED -> "`" + property.reference().form() + "`";
                    case REFUSED -> "refused: " + property.advice();
                    case KEPT -> "stays as it is: " + property.advice();
                };
        String pinned = !property.isCarried()
                ? "-"
                : property.content() == Content.TEMPLATE
                        ? "digest of the result as key, version"
                        : property.reference().isVersioned() ? "digest as key, version" : "digest as key";
        return "| `" + property.type() + "` | `" + property.path() + "` | "
                + property.content().words() + " | " + becomes + " | " + pinned + " |\n";
    }

    @Test
    public void theTableOfTheDocumentationIsTheListOfTheCode() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("promotion.root", "."), "docs/user/manifest.md"));
        String table = BEGIN
                + PackagedProperties.all().stream()
                        .map(PackagedPropertiesDocTest::row)
                        .collect(Collectors.joining());
        assertTrue("docs/user/manifest.md needs this table:\n" + table, page.contains("\n\n" + table + "\n"));
    }

    @Test
    public void everyPropertyOfTheToolsIsInTheListAndEachOnce() {
        List<String> listed = PackagedProperties.all().stream()
                .map(p -> p.type() + "." + p.path())
                .toList();
        assertEquals(TOOLS, new HashSet<>(listed));
        assertEquals(TOOLS.size(), listed.size());
    }

    @Test
    public void whatIsNotCarriedHasAnAdvice() {
        for (Property property : PackagedProperties.all()) {
            assertEquals(property.toString(), property.isCarried(), property.advice() == null);
            assertTrue(
                    property.toString(),
                    property.isCarried()
                            ? property.content() != Content.IMAGE
                            : property.handling() != Handling.CARRIED);
        }
    }
}
