package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipInputStream;

/** What can be done to functions, by the Lambda API and by stacks alike. */
final class Functions {
    private static final int DIRECT_LIMIT = 50 * 1024 * 1024;
    private static final long UNZIPPED_LIMIT = 262_144_000;
    private static final List<String> SETTINGS = List.of(
            "Runtime",
            "Role",
            "Handler",
            "Description",
            "Timeout",
            "MemorySize",
            "Environment",
            "Layers",
            "TracingConfig",
            "VpcConfig",
            "DeadLetterConfig",
            "Architectures",
            "EphemeralStorage",
            "SnapStart",
            "PackageType",
            "LoggingConfig",
            "KMSKeyArn",
            "FileSystemConfigs");

    private Functions() {}

    static AwsError invalid(String message) {
        return new AwsError(400, "InvalidParameterValueException", message);
    }

    static AwsError stale() {
        return new AwsError(
                412,
                "PreconditionFailedException",
                "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to "
                        + "retrieve the latest Revision Id");
    }

    /** The settings among the members of a request, with the defaults of a new function. */
    static ObjectNode settings(JsonNode request, ObjectNode base) {
        ObjectNode config = base == null
                ? SandboxJson.object()
                        .put("Description", "")
                        .put("Timeout", 3)
                        .put("MemorySize", 128)
                        .put("PackageType", "Zip")
                : base.deepCopy();
        if (base == null) {
            config.putArray("Architectures").add("x86_64");
            config.putObject("TracingConfig").put("Mode", "PassThrough");
            config.putObject("EphemeralStorage").put("Size", 512);
        }
        for (String setting : SETTINGS) {
            JsonNode value = request.get(setting);
            if (value != null && !value.isNull()) {
                boolean number = setting.equals("Timeout") || setting.equals("MemorySize");
                config.set(setting, number ? SandboxJson.tree(value.asInt()) : value.deepCopy());
            }
        }
        return config;
    }

    private static void check(World world, Region region, ObjectNode config) {
        int memory = config.path("MemorySize").asInt();
        int timeout = config.path("Timeout").asInt();
        if (memory < 128 || memory > 10240) {
            throw invalid("1 validation error detected: Value '" + memory
                    + "' at 'memorySize' failed to satisfy constraint: Member must have value "
                    + (memory < 128 ? "greater than or equal to 128" : "less than or equal to 10240"));
        }
        if (timeout < 1 || timeout > 900) {
            throw invalid("1 validation error detected: Value '" + timeout
                    + "' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900");
        }
        if (!config.hasNonNull("Runtime") || !config.hasNonNull("Handler")) {
            throw invalid(
                    "Runtime and Handler are mandatory parameters for functions created with deployment packages.");
        }
        Account.Role role = world.role(config.path("Role").asText());
        boolean trusted = role != null
                && role.arn.startsWith("arn:aws:iam::" + region.account + ":")
                && IamPolicy.evaluate(
                                List.of(role.trust),
                                Principal.service("lambda.amazonaws.com"),
                                "sts:AssumeRole",
                                null,
                                Map.of())
                        == IamPolicy.Decision.ALLOW;
        if (!trusted) {
            throw invalid("The role defined for the function cannot be assumed by Lambda.");
        }
    }

    /**
     * The bytes a request points to: a ZIP in it, or an object in S3 in the same Region, read as the caller.
     *
     * @throws AwsError InvalidParameterValueException in the words of Lambda
     */
    static byte[] code(World world, Principal principal, Region region, JsonNode code) {
        byte[] zip;
        if (code.hasNonNull("ZipFile")) {
            zip = Base64.getDecoder().decode(code.get("ZipFile").asText());
            if (zip.length > DIRECT_LIMIT) {
                throw new AwsError(
                        413,
                        "RequestEntityTooLargeException",
                        "Request must be smaller than 70167211 bytes for the CreateFunction operation");
            }
        } else if (code.hasNonNull("S3Bucket") && code.hasNonNull("S3Key")) {
            zip = fromS3(world, principal, region, code);
        } else {
            throw invalid("Please provide a source for function code.");
        }
        checkZip(zip);
        return zip;
    }

    private static byte[] fromS3(World world, Principal principal, Region region, JsonNode code) {
        String name = code.get("S3Bucket").asText();
        Bucket bucket = world.buckets.get(name);
        try {
            if (bucket == null) {
                throw new AwsError(404, "NoSuchBucket", "The specified bucket does not exist");
            }
            if (!bucket.region.equals(region.name)) {
                throw new AwsError(
                        301,
                        "PermanentRedirect",
                        "The bucket is in this region: " + bucket.region
                                + ". Please use this region to retry the request");
            }
            return S3Access.read(
                            world,
                            principal,
                            bucket,
                            code.get("S3Key").asText(),
                            SandboxJson.text(code, "S3ObjectVersion"))
                    .bytes;
        } catch (AwsError e) {
            if (e.code.equals("AccessDenied")) {
                throw new AwsError(
                        403,
                        "AccessDeniedException",
                        "Your access has been denied by S3, please make sure your request credentials have permission "
                                + "to GetObject for " + name + "/"
                                + code.get("S3Key").asText()
                                + ". S3 Error Code: AccessDenied. S3 Error Message: " + e.getMessage());
            }
            throw invalid("Error occurred while GetObject. S3 Error Code: " + e.code + ". S3 Error Message: "
                    + e.getMessage());
        }
    }

    private static void checkZip(byte[] zip) {
        long size = 0;
        int entries = 0;
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            byte[] buffer = new byte[65536];
            while (in.getNextEntry() != null) {
                entries++;
                for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                    size += n;
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            entries = 0;
        }
        if (entries == 0) {
            throw invalid("Could not unzip uploaded file. Please check your file, then try to upload again.");
        }
        if (size > UNZIPPED_LIMIT) {
            throw invalid("Unzipped size must be smaller than " + UNZIPPED_LIMIT + " bytes");
        }
    }

    static Function create(World world, Actor actor, Region region, String name, ObjectNode config, byte[] code) {
        if (!name.matches("[a-zA-Z0-9-_]{1,64}")) {
            throw new AwsError(
                    400,
                    "ValidationException",
                    "1 validation error detected: Value '" + name
                            + "' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression "
                            + "pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?"
                            + "(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?");
        }
        if (region.functions.containsKey(name)) {
            throw new AwsError(409, "ResourceConflictException", "Function already exist: " + name);
        }
        check(world, region, config);
        Function function = new Function(name, region.account, region.name);
        function.latest.config = config;
        setCode(function.latest, code);
        function.latest.revision = world.uuid();
        function.running = function.latest;
        region.functions.put(name, function);
        changed(world, actor, function, "create");
        return function;
    }

    private static void setCode(Function.Version version, byte[] code) {
        version.code = code;
        version.sha = SandboxJson.base64(SandboxJson.sha256(code));
    }

    private static void changed(World world, Actor actor, Function function, String what) {
        world.changed(
                actor,
                function.account,
                function.region,
                "lambda:function",
                function.name,
                what,
                function.latest.sha + function.latest.config);
    }

    /** Changes $LATEST; nulls stay as they are. */
    static void update(World world, Actor actor, Function function, ObjectNode config, byte[] code) {
        if (function.busy()) {
            throw conflict(function);
        }
        if (config != null) {
            check(world, world.region(function.account, function.region), config);
        }
        Function.Version next = function.latest.copy();
        next.config = config == null ? next.config : config;
        if (code != null) {
            setCode(next, code);
        }
        next.revision = world.uuid();
        next.modified = java.time.Instant.now();
        function.running = function.latest;
        function.latest = next;
        changed(world, actor, function, code == null ? "update-configuration" : "update-code");
    }

    static AwsError conflict(Function function) {
        return new AwsError(
                409,
                "ResourceConflictException",
                function.latest.state.equals("Pending")
                        ? "The operation cannot be performed at this time. The function is currently in the following "
                                + "state: Pending"
                        : "The operation cannot be performed at this time. An update is in progress for resource: "
                                + function.arn);
    }

    /** Ends what the Lambda API leaves in progress. */
    record Settled(String account, String region, String function, String revision) implements Timeline.Task {
        private static final long serialVersionUID = 1L;

        @Override
        public void run(World world) {
            Function found = world.region(account, region).functions.get(function);
            if (found != null && found.latest.revision.equals(revision)) {
                String failure = world.faults.updateFailure(world.region(account, region), function);
                if (failure != null && found.running != found.latest) {
                    // What was there before goes on being called, and is what is described.
                    found.latest = found.running.copy();
                }
                settle(world, found);
                if (failure != null) {
                    found.latest.update = "Failed";
                    found.latest.updateReason = failure;
                }
            }
        }
    }

    static void settle(World world, Function function) {
        function.latest.state = "Active";
        function.latest.update = "Successful";
        function.latest.updateReason = null;
        // AWS gives a new revision id when an update has finished.
        function.latest.revision = world.uuid();
        function.latest.restless = world.is(Variant.REVISION_CHANGES_AGAIN);
        function.running = function.latest;
    }

    /** Shows a version; a revision id that is to change once more has been read for the last time then. */
    static ObjectNode described(World world, Function function, Function.Version version, boolean qualified) {
        ObjectNode shown = function.describe(version, qualified);
        if (version.restless && !function.busy()) {
            version.restless = false;
            version.revision = world.uuid();
        }
        return shown;
    }

    /**
     * Publishes $LATEST, or answers with the newest version when nothing has changed since.
     *
     * @throws AwsError for a wrong CodeSha256, a stale revision or an update in progress
     */
    static Function.Version publish(
            World world, Actor actor, Function function, String sha, String revision, String description) {
        if (function.busy()) {
            throw conflict(function);
        }
        if (revision != null && !revision.equals(function.latest.revision)) {
            throw stale();
        }
        if (sha != null && !sha.equals(function.latest.sha)) {
            throw invalid("CodeSHA256 (" + sha + ") is different from current CodeSHA256 in $LATEST ("
                    + function.latest.sha + "). Please try again with the CodeSHA256 in $LATEST.");
        }
        Function.Version newest = function.versions.isEmpty()
                ? null
                : function.versions.lastEntry().getValue();
        if (newest != null && newest.content().equals(function.latest.content())) {
            return newest;
        }
        Function.Version version = function.latest.copy();
        version.number = String.valueOf(++function.lastVersion);
        version.revision = world.uuid();
        if (description != null) {
            version.config.put("Description", description);
        }
        if (version.config.path("SnapStart").path("ApplyOn").asText().equals("PublishedVersions")) {
            version.state = "Pending";
            world.later(
                    world.durations.lambdaMillis,
                    new Ready(function.account, function.region, function.name, version.number));
        }
        function.versions.put(function.lastVersion, version);
        world.changed(
                actor,
                function.account,
                function.region,
                "lambda:version",
                function.name + ":" + version.number,
                "publish",
                version.content());
        return version;
    }

    /** Makes a published version active, or provisioned concurrency ready. */
    record Ready(String account, String region, String function, String qualifier) implements Timeline.Task {
        private static final long serialVersionUID = 1L;

        @Override
        public void run(World world) {
            Function found = world.region(account, region).functions.get(function);
            if (found != null) {
                if (qualifier.matches("[0-9]+") && found.versions.containsKey(Integer.valueOf(qualifier))) {
                    found.versions.get(Integer.valueOf(qualifier)).state = "Active";
                }
                found.provisionedStatus.computeIfPresent(qualifier, (key, old) -> "READY");
                Function.Alias alias = found.aliases.get(qualifier);
                if (alias != null && alias.provisioning) {
                    alias.provisioning = false;
                    alias.weights.clear();
                    alias.revision = world.uuid();
                }
            }
        }
    }

    /** Makes or changes an alias; nulls stay as they are. */
    static Function.Alias alias(
            World world,
            Actor actor,
            Function function,
            Function.Alias existing,
            String name,
            String version,
            JsonNode routing,
            String description) {
        String primary = version != null ? version : existing.version;
        Map<String, Double> weights = existing == null ? new LinkedHashMap<>() : new LinkedHashMap<>(existing.weights);
        if (routing != null && !routing.isNull()) {
            weights.clear();
            routing.path("AdditionalVersionWeights")
                    .properties()
                    .forEach(weight ->
                            weights.put(weight.getKey(), weight.getValue().asDouble()));
        }
        checkRouting(function, primary, weights);
        Function.Alias alias = existing == null ? new Function.Alias(name) : existing;
        alias.version = primary;
        alias.weights = weights;
        alias.description = description == null ? alias.description : description;
        alias.revision = world.uuid();
        function.aliases.put(name, alias);
        world.changed(
                actor,
                function.account,
                function.region,
                "lambda:alias",
                function.name + ":" + name,
                existing == null ? "create" : "update",
                alias.content());
        return alias;
    }

    private static void checkRouting(Function function, String primary, Map<String, Double> weights) {
        Function.Version first = function.version(primary);
        if (weights.size() > 1) {
            throw invalid("Number of items in AdditionalVersionWeights cannot be greater than 1");
        }
        for (Map.Entry<String, Double> weight : weights.entrySet()) {
            if (primary.equals("$LATEST") || weight.getKey().equals("$LATEST")) {
                throw invalid("$LATEST is not supported for an alias pointing to more than 1 version");
            }
            if (weight.getValue() < 0 || weight.getValue() > 1) {
                throw invalid("Invalid weight " + weight.getValue() + ": it must be between 0.0 and 1.0");
            }
            if (weight.getKey().equals(primary)) {
                throw invalid("Invalid function version " + primary + ". Function version " + primary
                        + " is already included in routing configuration.");
            }
            Function.Version second = function.version(weight.getKey());
            for (String same : List.of("Role", "DeadLetterConfig")) {
                if (!first.config.path(same).equals(second.config.path(same))) {
                    throw invalid("The versions of an alias must have the same " + same);
                }
            }
        }
    }

    static void delete(World world, Actor actor, Region region, Function function) {
        region.functions.remove(function.name);
        world.changed(actor, region, "lambda:function", function.name, "delete", null);
    }
}
