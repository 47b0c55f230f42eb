package io.jenkins.plugins.serverlesspromotion.engine.risk;

import io.jenkins.plugins.serverlesspromotion.engine.release.PackagedProperties;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The properties by which resources name code, definitions and container images outside of the template: those that
 * packaging tools upload, and those that they leave to the team. From the CloudFormation template reference.
 */
final class PinnedPlaces {
    /** How a place names its content. */
    enum Form {
        /** {@code REPOSITORY@sha256:DIGEST}. */
        IMAGE,
        /** A text {@code s3://BUCKET/KEY}, which has no version. */
        URI,
        /** A text {@code https://…}, or {@code s3://…} of SAM, which may have a version. */
        URL,
        /** A map of a key and perhaps a version. */
        OBJECT
    }

    /**
     * @param path members below {@code Properties}; {@code *} is every member, and lists count as their items
     * @param bucket member of the map, null where the bucket stands elsewhere
     * @param key member of the map, null for a text
     * @param version member of the map, null where none can be given
     * @param local whether the property may name a file of the release instead
     */
    record Place(List<String> path, Form form, String bucket, String key, String version, boolean local) {
        String property() {
            return String.join(".", path);
        }
    }

    private static final Map<String, List<Place>> BY_TYPE = all();

    private PinnedPlaces() {}

    static List<Place> of(String type) {
        return BY_TYPE.getOrDefault(type, List.of());
    }

    static List<String> types() {
        return BY_TYPE.keySet().stream().sorted().toList();
    }

    private record Typed(String type, Place place) {}

    private static Map<String, List<Place>> all() {
        var all = new ArrayList<Typed>();
        PackagedProperties.all().stream()
                .filter(property -> property.handling() != PackagedProperties.Handling.KEPT)
                .forEach(property -> packaged(property, all));
        images(all);
        objects(all);
        return all.stream()
                .collect(Collectors.groupingBy(Typed::type, Collectors.mapping(Typed::place, Collectors.toList())));
    }

    private static void packaged(PackagedProperties.Property property, List<Typed> all) {
        PackagedProperties.Reference reference = property.reference();
        boolean local = property.isCarried();
        List<String> path = property.parts();
        switch (reference) {
            case IMAGE_URI -> all.add(new Typed(property.type(), image(path)));
            case S3_URI -> all.add(new Typed(property.type(), new Place(path, Form.URI, null, null, null, local)));
            case HTTPS_URL ->
                // SAM also takes an application of the repository: a map with a version.
                all.add(new Typed(
                        property.type(), new Place(path, Form.URL, null, "ApplicationId", "SemanticVersion", local)));
            default ->
                all.add(new Typed(
                        property.type(),
                        new Place(path, Form.URL, reference.bucket(), reference.key(), reference.version(), local)));
        }
    }

    private static Place image(List<String> path) {
        return new Place(path, Form.IMAGE, null, null, null, false);
    }

    private static void images(List<Typed> all) {
        String batch = "AWS::Batch::JobDefinition";
        String nodes = "NodeProperties.NodeRangeProperties.";
        for (String[] place : new String[][] {
            {"AWS::AppRunner::Service", "SourceConfiguration.ImageRepository.ImageIdentifier"},
            {batch, "ContainerProperties.Image"},
            {batch, "EcsProperties.TaskProperties.Containers.Image"},
            {batch, "EksProperties.PodProperties.Containers.Image"},
            {batch, "EksProperties.PodProperties.InitContainers.Image"},
            {batch, nodes + "Container.Image"},
            {batch, nodes + "EcsProperties.TaskProperties.Containers.Image"},
            {batch, nodes + "EksProperties.PodProperties.Containers.Image"},
            {batch, nodes + "EksProperties.PodProperties.InitContainers.Image"},
            {"AWS::BedrockAgentCore::Runtime", "AgentRuntimeArtifact.ContainerConfiguration.ContainerUri"},
            {"AWS::CodeBuild::Project", "Environment.Image"},
            {"AWS::ECS::ExpressGatewayService", "PrimaryContainer.Image"},
            {"AWS::ECS::TaskDefinition", "ContainerDefinitions.Image"},
            {"AWS::EMRServerless::Application", "ImageConfiguration.ImageUri"},
            {"AWS::EMRServerless::Application", "WorkerTypeSpecifications.*.ImageConfiguration.ImageUri"},
            {"AWS::GameLift::ContainerGroupDefinition", "GameServerContainerDefinition.ImageUri"},
            {"AWS::GameLift::ContainerGroupDefinition", "SupportContainerDefinitions.ImageUri"},
            {"AWS::ImageBuilder::ContainerRecipe", "ParentImage"},
            {"AWS::Lightsail::Container", "ContainerServiceDeployment.Containers.Image"},
            {"AWS::SageMaker::ImageVersion", "BaseImage"},
            {"AWS::SageMaker::Model", "Containers.Image"},
            {"AWS::SageMaker::Model", "PrimaryContainer.Image"}
        }) {
            all.add(new Typed(place[0], image(parts(place[1]))));
        }
    }

    private static void objects(List<Typed> all) {
        String airflow = "AWS::MWAA::Environment";
        // Type, path, bucket, key, version.
        for (String[] place : new String[][] {
            {"AWS::Bedrock::Agent", "ActionGroups.ApiSchema.S3", "S3BucketName", "S3ObjectKey", null},
            {
                "AWS::BedrockAgentCore::Runtime",
                "AgentRuntimeArtifact.CodeConfiguration.Code.S3",
                "Bucket",
                "Prefix",
                "VersionId"
            },
            {"AWS::GameLift::Build", "StorageLocation", "Bucket", "Key", "ObjectVersion"},
            {"AWS::GameLift::Script", "StorageLocation", "Bucket", "Key", "ObjectVersion"},
            {"AWS::KafkaConnect::CustomPlugin", "Location.S3Location", "BucketArn", "FileKey", "ObjectVersion"},
            {
                "AWS::KinesisAnalyticsV2::Application",
                "ApplicationConfiguration.ApplicationCodeConfiguration.CodeContent.S3ContentLocation",
                "BucketARN",
                "FileKey",
                "ObjectVersion"
            },
            {"AWS::Lex::Bot", "BotFileS3Location", "S3Bucket", "S3ObjectKey", "S3ObjectVersion"},
            {airflow, "", null, "PluginsS3Path", "PluginsS3ObjectVersion"},
            {airflow, "", null, "RequirementsS3Path", "RequirementsS3ObjectVersion"},
            {airflow, "", null, "StartupScriptS3Path", "StartupScriptS3ObjectVersion"},
            {"AWS::Synthetics::Canary", "Code", "S3Bucket", "S3Key", "S3ObjectVersion"}
        }) {
            all.add(new Typed(place[0], new Place(parts(place[1]), Form.OBJECT, place[2], place[3], place[4], false)));
        }
        for (String[] place : new String[][] {
            {"AWS::EMR::Cluster", "BootstrapActions.ScriptBootstrapAction.Path"},
            {"AWS::Omics::Workflow", "DefinitionUri"}
        }) {
            all.add(new Typed(place[0], new Place(parts(place[1]), Form.URI, null, null, null, false)));
        }
        all.add(new Typed(
                "AWS::ServiceCatalog::CloudFormationProduct",
                new Place(
                        parts("ProvisioningArtifactParameters.Info.LoadTemplateFromURL"),
                        Form.URL,
                        null,
                        null,
                        null,
                        false)));
    }

    private static List<String> parts(String path) {
        return path.isEmpty() ? List.of() : Arrays.asList(path.split("\\."));
    }
}
