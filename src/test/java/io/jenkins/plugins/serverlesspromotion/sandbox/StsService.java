package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** AssumeRole and GetCallerIdentity. Limits: AWS STS API Reference, AssumeRole. */
final class StsService implements Service {
    private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";
    private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]{2,64}");
    private static final Pattern EXTERNAL_ID = Pattern.compile("[\\w+=,.@:/-]{2,1224}");
    private static final Pattern TAG = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

    @Override
    public void name(Call call) {
        call.operation = String.valueOf(call.param("Action"));
        call.resource = call.operation.equals("AssumeRole") ? String.valueOf(call.param("RoleArn")) : "";
    }

    @Override
    public Reply handle(Call call) {
        if (call.signature == null) {
            throw new AwsError(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
        }
        return switch (call.operation) {
            case "AssumeRole" -> assumeRole(call);
            case "GetCallerIdentity" ->
                call.queryReply(
                        NAMESPACE,
                        SandboxJson.map(
                                "Arn", call.principal.arn(),
                                "UserId", call.principal.userId(),
                                "Account", call.account()));
            default -> throw AwsError.unknownOperation("sts", call.operation);
        };
    }

    @Override
    public Reply error(Call call, AwsError error) {
        return call.queryError(NAMESPACE, error);
    }

    private static Reply assumeRole(Call call) {
        String arn = call.require("RoleArn");
        String session = call.require("RoleSessionName");
        check("roleSessionName", session, NAME, "[\\w+=,.@-]*");
        String externalId = call.param("ExternalId");
        if (externalId != null) {
            check("externalId", externalId, EXTERNAL_ID, "[\\w+=,.@:\\/-]*");
        }
        String identity = call.param("SourceIdentity");
        if (identity != null) {
            check("sourceIdentity", identity, NAME, "[\\w+=,.@-]*");
            if (identity.toLowerCase(java.util.Locale.ROOT).startsWith("aws:")) {
                throw AwsError.validation("SourceIdentity must not begin with aws:");
            }
        }
        if (call.param("Policy") != null || !call.list("PolicyArns").isEmpty()) {
            throw AwsError.validation("The sandbox does not support session policies.");
        }
        Map<String, String> tags = tags(call);
        Account.Role role = call.world().role(arn);
        trust(call, role, arn, externalId, identity, tags);
        long duration = duration(call, role);
        identity = identity == null ? call.principal.sourceIdentity() : identity;
        if (call.principal.sourceIdentity() != null
                && !call.principal.sourceIdentity().equals(identity)) {
            throw new AwsError(
                    403, "AccessDenied", "The source identity of a session cannot be changed by chaining roles");
        }
        String account = arn.split(":")[4];
        Principal principal = new Principal(
                account,
                "arn:aws:sts::" + account + ":assumed-role/" + role.name + "/" + session,
                arn,
                role.id + ":" + session,
                session,
                identity,
                tags);
        World world = call.world();
        // Whole seconds, as in the answer, so that both sides agree when the credentials end.
        Instant expires = Instant.ofEpochSecond(Instant.now().getEpochSecond() + duration);
        Account.Key key = new Account.Key(
                "ASIA" + world.letters(16),
                SandboxJson.digest("secret" + world.uuid()).substring(0, 40),
                SandboxJson.base64(
                        SandboxJson.sha256(("token" + world.uuid()).getBytes(java.nio.charset.StandardCharsets.UTF_8))),
                principal,
                expires.toEpochMilli());
        world.keys.put(key.id, key);
        call.noted.put("RoleSessionName", session);
        call.noted.put("DurationSeconds", String.valueOf(duration));
        call.noted.put("SourceIdentity", String.valueOf(identity));
        call.noted.put("Tags", tags.toString());
        return call.queryReply(
                NAMESPACE,
                SandboxJson.map(
                        "Credentials",
                        SandboxJson.map(
                                "AccessKeyId", key.id,
                                "SecretAccessKey", key.secret,
                                "SessionToken", key.token,
                                "Expiration", expires.toString()),
                        "AssumedRoleUser",
                        SandboxJson.map("AssumedRoleId", principal.userId(), "Arn", principal.arn()),
                        "SourceIdentity",
                        identity));
    }

    private static void check(String member, String value, Pattern pattern, String shown) {
        if (!pattern.matcher(value).matches()) {
            throw AwsError.validation("1 validation error detected: Value '" + value + "' at '" + member
                    + "' failed to satisfy constraint: Member must satisfy regular expression pattern: " + shown
                    + " and have a valid length");
        }
    }

    private static Map<String, String> tags(Call call) {
        Map<String, String> tags = new LinkedHashMap<>();
        List<Map<String, String>> given = call.structures("Tags");
        if (given.size() > 50) {
            throw AwsError.validation("1 validation error detected: Value at 'tags' failed to satisfy constraint: "
                    + "Member must have length less than or equal to 50");
        }
        TreeMap<String, String> lower = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Map<String, String> tag : given) {
            String key = tag.getOrDefault("Key", "");
            String value = tag.getOrDefault("Value", "");
            if (key.isEmpty()
                    || key.length() > 128
                    || value.length() > 256
                    || key.startsWith("aws:")
                    || !TAG.matcher(key).matches()
                    || !TAG.matcher(value).matches()) {
                throw AwsError.validation("1 validation error detected: Value '" + key + "=" + value
                        + "' at 'tags' failed to satisfy constraint of session tags");
            }
            if (lower.put(key, value) != null) {
                throw new AwsError(
                        400,
                        "InvalidParameterValue",
                        "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
            }
            tags.put(key, value);
        }
        return tags;
    }

    private static long duration(Call call, Account.Role role) {
        String given = call.param("DurationSeconds");
        long duration;
        try {
            duration = given == null ? 3600 : Long.parseLong(given);
        } catch (NumberFormatException e) {
            throw AwsError.validation("DurationSeconds is not a number: " + given);
        }
        if (duration < 900 || duration > 43200) {
            throw AwsError.validation("1 validation error detected: Value '" + duration
                    + "' at 'durationSeconds' failed to satisfy constraint: Member must have value "
                    + (duration < 900 ? "greater than or equal to 900" : "less than or equal to 43200"));
        }
        if (call.principal.isRole() && duration > 3600) {
            throw AwsError.validation(
                    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
        }
        if (duration > role.maxSessionSeconds) {
            throw AwsError.validation(
                    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        }
        return duration;
    }

    private static void trust(
            Call call, Account.Role role, String arn, String externalId, String identity, Map<String, String> tags) {
        Map<String, String> context = World.context(call.principal);
        if (externalId != null) {
            context.put("sts:ExternalId", externalId);
        }
        if (identity != null) {
            context.put("sts:SourceIdentity", identity);
        }
        tags.forEach((key, value) -> context.put("aws:RequestTag/" + key, value));
        if (role != null && !role.known(call.world())) {
            may(call, null, arn, "sts:AssumeRole", context);
        }
        may(call, role, arn, "sts:AssumeRole", context);
        if (!tags.isEmpty()) {
            may(call, role, arn, "sts:TagSession", context);
        }
        if (identity != null) {
            may(call, role, arn, "sts:SetSourceIdentity", context);
        }
    }

    /** Both sides must agree: the caller's policy and the role's trust; a missing role looks like a refused one. */
    private static void may(Call call, Account.Role role, String arn, String action, Map<String, String> context) {
        boolean own = call.world().identityDecision(call.principal, action, arn, context) == IamPolicy.Decision.ALLOW;
        boolean trusted = role != null
                && IamPolicy.evaluate(List.of(role.trust), call.principal, action, null, context)
                        == IamPolicy.Decision.ALLOW;
        if (!own || !trusted) {
            throw new AwsError(
                    403,
                    "AccessDenied",
                    "User: " + call.principal.arn() + " is not authorized to perform: " + action + " on resource: "
                            + arn);
        }
    }
}
