package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the calls that make or change stacks have in common: template, parameters, tags, capabilities, role. */
final class StackInput {
    private static final int INLINE_LIMIT = 51_200;
    private static final int S3_LIMIT = 1_048_576;
    private static final Pattern HOST = Pattern.compile("([a-z0-9.-]+)\\.s3[.-]?[a-z0-9-]*\\.amazonaws\\.com");

    private StackInput() {}

    /**
     * Reads and checks everything a new state of a stack is made of.
     *
     * @param stack the stack so far, or null
     */
    static Stack.Content content(Call call, Stack stack) {
        Stack.Content content = new Stack.Content();
        boolean previous = stack != null && stack.content != null;
        content.body = body(call, stack);
        Template template = Template.parse(content.body);
        content.parameters = TemplateParameters.resolve(
                template, call.structures("Parameters"), previous ? stack.content.parameters : Map.of());
        content.effective =
                TemplateParameters.effective(call.world(), call.principal, call.here(), template, content.parameters);
        boolean tagged = call.param("Tags.member.1.Key") != null || call.param("Tags") != null;
        content.tags = tagged || !previous ? call.tags("Tags") : new LinkedHashMap<>(stack.content.tags);
        if (content.tags.size() > 50) {
            throw AwsError.validation("Number of tags exceeds the limit of 50");
        }
        triggers(call, content, previous ? stack.content : null);
        content.capabilities = call.list("Capabilities");
        template.checkCapabilities(content.capabilities);
        return content;
    }

    /** Rollback triggers stay until others are given; at most 5, watched for 0 to 180 minutes. */
    private static void triggers(Call call, Stack.Content content, Stack.Content previous) {
        String prefix = "RollbackConfiguration.";
        boolean given = call.form().keySet().stream().anyMatch(key -> key.startsWith(prefix));
        if (!given && previous != null) {
            content.triggers = previous.triggers;
            content.monitoringMinutes = previous.monitoringMinutes;
            return;
        }
        List<String> arns = new ArrayList<>();
        call.structures(prefix + "RollbackTriggers").forEach(trigger -> arns.add(trigger.getOrDefault("Arn", "")));
        content.triggers = arns;
        String minutes = call.param(prefix + "MonitoringTimeInMinutes");
        content.monitoringMinutes = minutes == null ? 0 : Integer.parseInt(minutes);
        if (arns.size() > 5 || content.monitoringMinutes < 0 || content.monitoringMinutes > 180) {
            throw AwsError.validation("1 validation error detected: Value at 'rollbackConfiguration' failed to satisfy "
                    + "constraint: at most 5 rollback triggers, 0 to 180 minutes");
        }
    }

    /** The template of the call, wherever it comes from. */
    static String body(Call call, Stack stack) {
        String body = call.param("TemplateBody");
        String url = call.param("TemplateURL");
        boolean previous = call.flag("UsePreviousTemplate");
        int sources = (body == null ? 0 : 1) + (url == null ? 0 : 1) + (previous ? 1 : 0);
        if (sources != 1) {
            throw AwsError.validation(
                    sources == 0
                            ? "Either Template URL or Template Body must be specified."
                            : "You cannot specify more than one of Template URL, Template Body and Use Previous Template.");
        }
        if (previous) {
            if (stack == null || stack.content == null) {
                throw AwsError.validation("There is no previous template to use.");
            }
            return stack.content.body;
        }
        if (body != null) {
            if (body.getBytes(StandardCharsets.UTF_8).length > INLINE_LIMIT) {
                throw AwsError.validation("1 validation error detected: Value at 'templateBody' failed to satisfy "
                        + "constraint: Member must have length less than or equal to 51200");
            }
            return body;
        }
        byte[] bytes = fromS3(call.world(), call.principal, url);
        if (bytes.length > S3_LIMIT) {
            throw AwsError.validation("Template may not exceed 1000000 bytes in size.");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The object at an address, read as {@code principal}. */
    static byte[] fromS3(World world, Principal principal, String url) {
        Matcher matcher =
                Pattern.compile("https?://([^/]+)/([^?]+)(?:\\?(.*))?").matcher(url);
        if (!matcher.matches()) {
            throw AwsError.validation("TemplateURL must be a supported URL.");
        }
        String host = matcher.group(1).replaceAll(":[0-9]+$", "");
        String path = Call.decodePath(matcher.group(2));
        String versionId =
                Call.parse(matcher.group(3) == null ? "" : matcher.group(3)).get("versionId");
        Matcher virtual = HOST.matcher(host);
        String name;
        String key;
        if (virtual.matches()) {
            name = virtual.group(1);
            key = path;
        } else if (host.endsWith(".localhost")) {
            name = host.substring(0, host.length() - ".localhost".length());
            key = path;
        } else if (host.matches("s3[.-]?[a-z0-9-]*\\.amazonaws\\.com|127\\.0\\.0\\.1|localhost")) {
            int slash = path.indexOf('/');
            name = slash < 0 ? path : path.substring(0, slash);
            key = slash < 0 ? "" : path.substring(slash + 1);
        } else {
            throw AwsError.validation("TemplateURL must be a supported URL.");
        }
        try {
            Bucket bucket = world.buckets.get(name);
            if (bucket == null) {
                throw new AwsError(404, "NoSuchBucket", "The specified bucket does not exist");
            }
            return S3Access.read(world, principal, bucket, key, versionId).bytes;
        } catch (AwsError e) {
            throw AwsError.validation(
                    "S3 error: " + e.getMessage()
                            + "\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html");
        }
    }

    /**
     * The role resource work is done as: the one given, otherwise the one the stack has kept.
     *
     * @throws AwsError when the caller may not pass it or CloudFormation cannot assume it
     */
    static String role(Call call, Stack stack) {
        String given = call.param("RoleARN");
        if (given == null) {
            return stack == null ? null : stack.roleArn;
        }
        call.world()
                .authorize(
                        call.principal,
                        "AccessDenied",
                        "iam:PassRole",
                        given,
                        Map.of("iam:PassedToService", "cloudformation.amazonaws.com"));
        Account.Role role = call.world().role(given);
        if (role == null
                || !role.known(call.world())
                || IamPolicy.evaluate(
                                List.of(role.trust),
                                Principal.service("cloudformation.amazonaws.com"),
                                "sts:AssumeRole",
                                null,
                                Map.of())
                        != IamPolicy.Decision.ALLOW) {
            throw AwsError.validation("Role " + given + " is invalid or cannot be assumed");
        }
        return given;
    }

    static Principal hands(Call call, String roleArn) {
        return roleArn == null ? call.principal : World.as(call.world().role(roleArn), "AWSCloudFormation");
    }

    static void checkName(String name) {
        if (!name.matches("[a-zA-Z][-a-zA-Z0-9]{0,127}")) {
            throw AwsError.validation("1 validation error detected: Value '" + name
                    + "' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: "
                    + "[a-zA-Z][-a-zA-Z0-9]*");
        }
    }

    /** A new stack that has nothing yet. */
    static Stack newStack(Call call, String name) {
        Region region = call.here();
        Stack stack = new Stack(
                region.arn(
                        "cloudformation", "stack/" + name + "/" + call.world().uuid()),
                name,
                region.account,
                region.name);
        region.stacks.put(stack.id, stack);
        return stack;
    }
}
