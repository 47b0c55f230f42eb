package io.jenkins.plugins.serverlesspromotion.format.manifest;

import static io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.Key.optional;
import static io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.Key.required;
import static io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.FILLED;
import static io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.FLAG;
import static io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.JSON;
import static io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.TEXT;

import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.Rule.ExactlyOne;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.Rule.Needs;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.Constant;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.DependsOn;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.Document;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.Either;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.FreeMap;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.ListOf;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.MapOf;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.OneOrMore;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.Text;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.Whole;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.WithReferences;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType.Words;
import io.jenkins.plugins.serverlesspromotion.format.input.TextPatterns;
import java.util.List;
import java.util.Map;

/** Every key of {@code release.yaml}, by the kind of map that contains it; inner maps come first. */
public enum ManifestSection implements KeyTable {
    /** A variable whose value is a parameter of Systems Manager. */
    SSM(required("ssm", FILLED)),
    /** A variable whose value is a secret of Secrets Manager. */
    SECRET(required("secret", FILLED)),
    STACK(
            List.of(
                    required("template", FILLED),
                    required("stack", FILLED),
                    optional(
                            "capabilities",
                            new OneOrMore(
                                    new Words("CAPABILITY_AUTO_EXPAND", "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"), 0)),
                    optional("parameters", Constants.PARAMETERS),
                    optional("tags", Constants.TAGS),
                    optional("rollbackTriggers", new OneOrMore(FILLED, 0)),
                    // CloudFormation API Reference, RollbackConfiguration.
                    optional("monitoringMinutes", new Whole(0, 180)),
                    optional("terminationProtection", FLAG),
                    optional("stackPolicy", new Document(List.of("Statement")))),
            Constants.MISPLACED,
            new Needs("monitoringMinutes", "rollbackTriggers")),
    LAMBDA(
            List.of(
                    required("function", FILLED),
                    required("package", FILLED),
                    optional("alias", new Text(TextPatterns.ALIAS)),
                    optional("strategy", new Text(TextPatterns.STRATEGY)),
                    optional("alarms", new OneOrMore(FILLED, 0)),
                    optional("description", TEXT),
                    optional("handler", FILLED),
                    optional("runtime", FILLED),
                    // The minimum and maximum of Lambda.
                    optional("memorySize", new WithReferences(new Whole(128, 10_240))),
                    optional("timeout", new WithReferences(new Whole(1, 900))),
                    optional("ephemeralStorage", new WithReferences(new Whole(512, 10_240))),
                    optional("tracing", new WithReferences(new Words("Active", "PassThrough"))),
                    optional("layers", new OneOrMore(FILLED, 0, 5)),
                    optional("environment", new FreeMap(TextPatterns.FUNCTION_VARIABLE, TEXT, 0))),
            Map.of(
                    "role",
                    "the role of a function is not changed by a release; the team of the infrastructure sets it",
                    "image",
                    "container images are not supported; a lambda target takes a ZIP")),
    CACHE_RULE(
            required("files", new Text(TextPatterns.FILES)), required("control", new Text(TextPatterns.CACHE_CONTROL))),
    CONTENT_TYPE_RULE(
            required("files", new Text(TextPatterns.FILES)), required("type", new Text(TextPatterns.MEDIA_TYPE))),
    SITE(
            List.of(
                    required("directory", FILLED),
                    required("bucket", FILLED),
                    optional("distribution", FILLED),
                    optional("delete", FLAG),
                    optional("cache", new ListOf(new MapOf(CACHE_RULE), 0, 100)),
                    optional("contentTypes", new ListOf(new MapOf(CONTENT_TYPE_RULE), 0, 100))),
            Constants.MISPLACED),
    TARGET(
            List.of(
                    required("name", Constants.NAME),
                    optional("after", new OneOrMore(FILLED, 0)),
                    optional("regions", new OneOrMore(new Text(Names.REGION), 1)),
                    optional("cloudformation", new MapOf(STACK)),
                    optional("lambda", new MapOf(LAMBDA)),
                    optional("site", new MapOf(SITE)),
                    optional("parameters", Constants.PARAMETERS),
                    optional("tags", Constants.TAGS),
                    optional("rollback", new Words(Manifest.Target.FORWARD_ONLY))),
            Constants.MISPLACED,
            new ExactlyOne(List.of("cloudformation", "lambda", "site")),
            new Needs("parameters", "cloudformation"),
            new Needs("tags", "cloudformation")),
    CHECK_LAMBDA(
            required("target", FILLED),
            required("function", FILLED),
            optional("payload", JSON),
            optional("beforeTraffic", new Constant(false))),
    /** A check of the new version of a lambda target: its function is that of the target. */
    CHECK_BEFORE_TRAFFIC(
            List.of(
                    required("target", FILLED),
                    optional("payload", JSON),
                    required("beforeTraffic", new Constant(true))),
            Map.of("function", "the new version of the target itself is invoked; remove it")),
    EXPECT_LAMBDA(
            List.of(
                    optional("statusCode", new Whole(0, 999)),
                    optional("contains", FILLED),
                    optional("json", JSON),
                    optional("latency", Constants.MILLISECONDS)),
            Map.of("status", "is not of this kind of check; a lambda check has statusCode")),
    EXPECT_HTTP(
            List.of(
                    optional("status", new Whole(100, 599)),
                    optional("contains", FILLED),
                    optional("json", JSON),
                    optional("latency", Constants.MILLISECONDS)),
            Map.of("statusCode", "is not of this kind of check; an http check has status")),
    CHECK(
            List.of(
                    optional("lambda", new Either(new MapOf(CHECK_LAMBDA), new MapOf(CHECK_BEFORE_TRAFFIC))),
                    optional("http", FILLED),
                    optional("expect", new DependsOn("lambda", new MapOf(EXPECT_LAMBDA), new MapOf(EXPECT_HTTP))),
                    optional("retries", new Whole(0, 100))),
            Map.of(
                    "alarms",
                    "checks of alarms are not supported by this version; remove them",
                    "alarm",
                    "checks of alarms are not supported by this version; remove it"),
            new ExactlyOne(List.of("lambda", "http"))),
    REQUIRES(required("service", Constants.NAME), required("version", FILLED)),
    MANIFEST(
            required("apiVersion", new Words("promotion/v1")),
            required("service", Constants.NAME),
            optional(
                    "variables",
                    new FreeMap(
                            ManifestReferences.OWN_VARIABLE,
                            new Either(
                                    TEXT,
                                    new MapOf(SSM),
                                    new MapOf(SECRET),
                                    new FreeMap(TextPatterns.VARIABLE_ENVIRONMENT, TEXT, 1)),
                            0)),
            required("targets", new ListOf(new MapOf(TARGET), 1, 100)),
            optional("verify", new ListOf(new MapOf(CHECK), 0, 50)),
            optional("requires", new ListOf(new MapOf(REQUIRES), 0)));

    private final List<Key> members;
    private final Map<String, String> refused;
    private final List<Rule> rules;

    ManifestSection(Key... members) {
        this(List.of(members), Map.of());
    }

    ManifestSection(List<Key> members, Map<String, String> refused, Rule... rules) {
        this.members = members;
        this.refused = refused;
        this.rules = List.of(rules);
    }

    @Override
    public List<Key> members() {
        return members;
    }

    @Override
    public Map<String, String> refused() {
        return refused;
    }

    @Override
    public List<Rule> rules() {
        return rules;
    }

    /** An enum's constants cannot refer to static fields of their own class. */
    private static final class Constants {
        static final ValueType NAME = new Text(Names.NAME);
        static final ValueType PARAMETERS = new FreeMap(TextPatterns.PARAMETER, TEXT, 0);
        static final ValueType TAGS = new FreeMap(TextPatterns.TAG, TEXT, 0);

        /** A function responds within 15 minutes or never. */
        static final ValueType MILLISECONDS = new Whole(1, 900_000);

        static final Map<String, String> MISPLACED = Map.of(
                "strategy",
                "'strategy' stands inside lambda; a stack shifts traffic itself, with a DeploymentPreference in its SAM"
                        + " template",
                "alarms",
                "'alarms' stands inside lambda; a stack watches alarms itself, with a DeploymentPreference in its SAM"
                        + " template");
    }
}
