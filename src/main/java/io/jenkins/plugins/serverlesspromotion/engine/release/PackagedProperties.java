package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Every place of a template from which {@code aws cloudformation package}, AWS SAM or AWS CDK upload a local file or
 * image, and what a release does with it. Sources: {@code RESOURCES_EXPORT_LIST} of aws-cli (artifact_exporter.py) and
 * of aws-sam-cli (packageable_resources.py). Readers of templates, the staging of files, risk findings and the table in
 * docs/user/manifest.md all use this list.
 */
public final class PackagedProperties {
    private static final String SCHEMA = "DefinitionS3Location";
    private static final String PUSH =
            "push the image to ECR in the build, and name it by its digest: ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME@sha256:…";

    /** What a local path names. */
    public enum Content {
        CODE("a ZIP with the code"),
        ARCHIVE("an archive"),
        FILE("a file"),
        TEMPLATE("a template, with the files that it names"),
        IMAGE("a container image");

        private final String words;

        Content(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /** What a release does with a local path. */
    public enum Handling {
        /** The file is part of the release, and the property is replaced at deployment. */
        CARRIED,
        /** Publishing is refused. */
        REFUSED,
        /** No deployment reads it. */
        KEPT
    }

    /** How a property names an object in S3. A version is null where the property takes none. */
    public enum Reference {
        S3_OBJECT("S3Bucket", "S3Key", "S3ObjectVersion"),
        OBJECT("Bucket", "Key", "Version"),
        BUNDLE("S3Bucket", "S3Key", null),
        REPOSITORY("Bucket", "Key", "ObjectVersion"),
        S3_URI("s3://BUCKET/KEY"),
        HTTPS_URL("https://BUCKET…/KEY?versionId=VERSION"),
        IMAGE_URI("REPOSITORY@sha256:DIGEST");

        private final String bucket;
        private final String key;
        private final String version;
        private final String form;

        Reference(String bucket, String key, String version) {
            this.bucket = bucket;
            this.key = key;
            this.version = version;
            this.form = "{" + bucket + ", " + key + (version == null ? "" : ", " + version) + "}";
        }

        Reference(String form) {
            this.bucket = null;
            this.key = null;
            this.version = null;
            this.form = form;
        }

        /** Whether it is a map of bucket, key and version. */
        public boolean isMap() {
            return bucket != null;
        }

        public String bucket() {
            return bucket;
        }

        public String key() {
            return key;
        }

        public String version() {
            return version;
        }

        /** The form of the reference, for people. */
        public String form() {
            return form;
        }

        /** Whether it names one version of an object, beside the key that is the digest of the content. */
        public boolean isVersioned() {
            return version != null || this == HTTPS_URL;
        }
    }

    /**
     * @param path members below {@code Properties}, separated by dots; {@code *} is every member
     * @param advice what to do instead, null when it is carried
     */
    public record Property(
            String type, String path, Content content, Reference reference, Handling handling, String advice) {
        public List<String> parts() {
            return List.of(path.split("\\."));
        }

        public boolean isCarried() {
            return handling == Handling.CARRIED;
        }
    }

    private static final List<Property> ALL = List.of(
            carried("AWS::Lambda::Function", "Code", Content.CODE, Reference.S3_OBJECT),
            refused("AWS::Lambda::Function", "Code.ImageUri", Content.IMAGE, Reference.IMAGE_URI, PUSH),
            carried("AWS::Lambda::LayerVersion", "Content", Content.CODE, Reference.S3_OBJECT),
            carried("AWS::Serverless::Function", "CodeUri", Content.CODE, Reference.OBJECT),
            refused("AWS::Serverless::Function", "ImageUri", Content.IMAGE, Reference.IMAGE_URI, PUSH),
            carried("AWS::Serverless::LayerVersion", "ContentUri", Content.CODE, Reference.OBJECT),
            carried("AWS::Serverless::Api", "DefinitionUri", Content.FILE, Reference.OBJECT),
            carried("AWS::Serverless::HttpApi", "DefinitionUri", Content.FILE, Reference.OBJECT),
            carried("AWS::Serverless::StateMachine", "DefinitionUri", Content.FILE, Reference.OBJECT),
            carried("AWS::Serverless::GraphQLApi", "SchemaUri", Content.FILE, Reference.S3_URI),
            carried("AWS::Serverless::GraphQLApi", "Functions.*.CodeUri", Content.FILE, Reference.S3_URI),
            carried("AWS::Serverless::GraphQLApi", "Resolvers.*.*.CodeUri", Content.FILE, Reference.S3_URI),
            carried("AWS::Serverless::Application", "Location", Content.TEMPLATE, Reference.HTTPS_URL),
            carried("AWS::CloudFormation::Stack", "TemplateURL", Content.TEMPLATE, Reference.HTTPS_URL),
            refused(
                    "AWS::CloudFormation::StackSet",
                    "TemplateURL",
                    Content.TEMPLATE,
                    Reference.HTTPS_URL,
                    "write the template into TemplateBody: the accounts of a stack set cannot read files of a release"),
            carried("AWS::CloudFormation::ModuleVersion", "ModulePackage", Content.ARCHIVE, Reference.S3_URI),
            carried("AWS::CloudFormation::ResourceVersion", "SchemaHandlerPackage", Content.ARCHIVE, Reference.S3_URI),
            carried("AWS::ApiGateway::RestApi", "BodyS3Location", Content.FILE, Reference.OBJECT),
            carried("AWS::ApiGatewayV2::Api", "BodyS3Location", Content.FILE, Reference.OBJECT),
            carried("AWS::StepFunctions::StateMachine", SCHEMA, Content.FILE, Reference.OBJECT),
            carried("AWS::AppSync::GraphQLSchema", SCHEMA, Content.FILE, Reference.S3_URI),
            carried("AWS::AppSync::Resolver", "CodeS3Location", Content.FILE, Reference.S3_URI),
            carried("AWS::AppSync::Resolver", "RequestMappingTemplateS3Location", Content.FILE, Reference.S3_URI),
            carried("AWS::AppSync::Resolver", "ResponseMappingTemplateS3Location", Content.FILE, Reference.S3_URI),
            carried("AWS::AppSync::FunctionConfiguration", "CodeS3Location", Content.FILE, Reference.S3_URI),
            carried(
                    "AWS::AppSync::FunctionConfiguration",
                    "RequestMappingTemplateS3Location",
                    Content.FILE,
                    Reference.S3_URI),
            carried(
                    "AWS::AppSync::FunctionConfiguration",
                    "ResponseMappingTemplateS3Location",
                    Content.FILE,
                    Reference.S3_URI),
            carried("AWS::Glue::Job", "Command.ScriptLocation", Content.FILE, Reference.S3_URI),
            carried("AWS::ElasticBeanstalk::ApplicationVersion", "SourceBundle", Content.ARCHIVE, Reference.BUNDLE),
            carried("AWS::CodeCommit::Repository", "Code.S3", Content.ARCHIVE, Reference.REPOSITORY),
            kept("AWS::ServerlessRepo::Application", "LicenseUrl"),
            kept("AWS::ServerlessRepo::Application", "ReadmeUrl"));

    private static final Map<String, List<Property>> BY_TYPE =
            ALL.stream().collect(Collectors.groupingBy(Property::type));

    /** Sections of SAM's {@code Globals} that may name files, by the type they apply to. */
    public static final Map<String, String> GLOBALS = Map.of(
            "Function", "AWS::Serverless::Function",
            "LayerVersion", "AWS::Serverless::LayerVersion",
            "Api", "AWS::Serverless::Api",
            "HttpApi", "AWS::Serverless::HttpApi",
            "StateMachine", "AWS::Serverless::StateMachine");

    private PackagedProperties() {}

    private static Property carried(String type, String path, Content content, Reference reference) {
        return new Property(type, path, content, reference, Handling.CARRIED, null);
    }

    private static Property refused(String type, String path, Content content, Reference reference, String advice) {
        return new Property(type, path, content, reference, Handling.REFUSED, advice);
    }

    private static Property kept(String type, String path) {
        return new Property(
                type,
                path,
                Content.FILE,
                Reference.S3_URI,
                Handling.KEPT,
                "it stands in Metadata, is used by sam publish only, and no deployment reads it");
    }

    public static List<Property> all() {
        return ALL;
    }

    /** Those of a type of resource, in the order of the list. */
    public static List<Property> of(String type) {
        return BY_TYPE.getOrDefault(type, List.of());
    }
}
