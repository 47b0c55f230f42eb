package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A CloudFront distribution in front of one bucket, with what its edge has cached. */
final class Distribution implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A cached answer. */
    record Cached(byte[] bytes, Map<String, String> headers, String etag) implements Serializable {}

    /** An invalidation; it empties the cache when it completes. */
    static final class Invalidation implements Serializable {
        private static final long serialVersionUID = 1L;
        final String id;
        final String reference;
        final List<String> paths;
        final Instant created = Instant.now();
        boolean completed;

        Invalidation(String id, String reference, List<String> paths) {
            this.id = id;
            this.reference = reference;
            this.paths = List.copyOf(paths);
        }

        /** The same for two invalidations that were asked for with the same request. */
        String content() {
            return reference + " " + String.join(" ", paths);
        }
    }

    /** Completes an invalidation. */
    record Completion(String account, String distribution, String invalidation) implements Timeline.Task {
        private static final long serialVersionUID = 1L;

        @Override
        public void run(World world) {
            Distribution found = world.account(account).distributions.get(distribution);
            if (found != null) {
                Invalidation done = found.invalidations.get(invalidation);
                done.completed = true;
                found.cache
                        .keySet()
                        .removeIf(
                                path -> done.paths.stream().anyMatch(pattern -> IamPolicy.glob(pattern, path, false)));
                world.changed(
                        Actor.WORLD,
                        account,
                        "global",
                        "cloudfront:invalidation",
                        done.id,
                        "completed",
                        done.content());
            }
        }
    }

    final String id;
    final String account;
    /** In the form of AWS::CloudFront::Distribution's DistributionConfig. */
    JsonNode config;

    String etag;
    /** Whether the bucket lets it read without a bucket policy. */
    boolean trusted;

    Instant modified = Instant.now();
    final Map<String, Invalidation> invalidations = new LinkedHashMap<>();
    final Map<String, Cached> cache = new HashMap<>();

    Distribution(String id, String account, JsonNode config) {
        this.id = id;
        this.account = account;
        update(config);
    }

    static Distribution of(String account, SandboxConfig.DistributionConfig from) {
        ObjectNode config = SandboxJson.object();
        config.put("Enabled", true)
                .put("DefaultRootObject", from.defaultRootObject)
                .put("Comment", "");
        ArrayNode aliases = config.putArray("Aliases");
        from.aliases.forEach(aliases::add);
        config.putArray("Origins")
                .addObject()
                .put("Id", "site")
                .put("DomainName", from.bucket + ".s3.amazonaws.com")
                .put("OriginPath", from.originPath);
        config.putObject("DefaultCacheBehavior").put("TargetOriginId", "site").put("ViewerProtocolPolicy", "allow-all");
        Distribution distribution = new Distribution(from.id, account, config);
        distribution.trusted = true;
        return distribution;
    }

    void update(JsonNode newConfig) {
        config = newConfig;
        etag = "E"
                + SandboxJson.digest(SandboxJson.write(newConfig))
                        .substring(0, 13)
                        .toUpperCase(java.util.Locale.ROOT);
        modified = Instant.now();
    }

    String arn() {
        return "arn:aws:cloudfront::" + account + ":distribution/" + id;
    }

    String domain() {
        return "d" + SandboxJson.digest(id).substring(0, 13) + ".cloudfront.net";
    }

    JsonNode origin() {
        String target =
                config.path("DefaultCacheBehavior").path("TargetOriginId").asText();
        for (JsonNode origin : config.path("Origins")) {
            if (origin.path("Id").asText().equals(target)) {
                return origin;
            }
        }
        return config.path("Origins").path(0);
    }

    String bucket() {
        return origin().path("DomainName").asText().replaceAll("\\.s3([.-][a-z0-9-]+)?\\.amazonaws\\.com$", "");
    }
}
