package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.util.HashMap;
import java.util.Map;

/**
 * What a visitor of a distribution gets: {@code GET /_site/<distribution id>/<path>}. Answers are cached until an
 * invalidation completes, except those whose Cache-Control forbids it; {@code X-Cache} says hit or miss.
 */
final class Site {
    private final Sandbox sandbox;

    Site(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    Reply handle(Call call) {
        String rest = call.rawPath.substring("/_site/".length());
        int slash = rest.indexOf('/');
        String id = slash < 0 ? rest : rest.substring(0, slash);
        String path = slash < 0 ? "/" : Call.decodePath(rest.substring(slash));
        return sandbox.locked(() -> {
            for (Account account : sandbox.world().accounts.values()) {
                Distribution distribution = account.distributions.get(id);
                if (distribution != null) {
                    return serve(sandbox.world(), distribution, path);
                }
            }
            return new Reply(404).body("No such distribution: " + id);
        });
    }

    private static Reply serve(World world, Distribution distribution, String path) {
        String root = distribution.config.path("DefaultRootObject").asText("");
        String asked = path.equals("/") && !root.isEmpty() ? "/" + root : path;
        Distribution.Cached cached = distribution.cache.get(path);
        if (cached != null) {
            return reply(cached, "Hit from cloudfront");
        }
        if (!distribution.config.path("Enabled").asBoolean(true)) {
            return new Reply(403).body("The distribution is disabled.");
        }
        Bucket.Version version;
        try {
            version = read(world, distribution, asked);
        } catch (AwsError e) {
            return new Reply(e.status)
                    .header("X-Cache", "Error from cloudfront")
                    .body(e.getMessage());
        }
        Map<String, String> headers = new HashMap<>(version.headers);
        headers.keySet().removeIf(name -> name.startsWith("x-amz-tagging"));
        cached = new Distribution.Cached(version.bytes, headers, version.etag);
        String control = headers.getOrDefault("cache-control", "");
        if (!control.contains("no-store") && !control.contains("no-cache") && !control.matches(".*max-age=0\\b.*")) {
            distribution.cache.put(path, cached);
        }
        return reply(cached, "Miss from cloudfront");
    }

    private static Bucket.Version read(World world, Distribution distribution, String path) {
        Bucket bucket = world.buckets.get(distribution.bucket());
        if (bucket == null) {
            throw new AwsError(502, "NoSuchBucket", "The origin does not exist: " + distribution.bucket());
        }
        String key = distribution.origin().path("OriginPath").asText("").replaceFirst("^/", "");
        key = (key.isEmpty() ? "" : key + "/") + path.substring(1);
        if (!distribution.trusted) {
            S3Access.require(
                    world,
                    Principal.service("cloudfront.amazonaws.com"),
                    bucket,
                    "s3:GetObject",
                    key,
                    Map.of("aws:SourceArn", distribution.arn(), "aws:SourceAccount", distribution.account));
        }
        Bucket.Version version = bucket.current(key);
        if (version == null) {
            // Without s3:ListBucket a missing key looks like a forbidden one.
            throw new AwsError(403, "AccessDenied", "Access Denied");
        }
        return version;
    }

    private static Reply reply(Distribution.Cached cached, String how) {
        Reply reply = new Reply(200).body(cached.bytes());
        cached.headers().forEach(reply::header);
        return reply.header("ETag", cached.etag()).header("X-Cache", how);
    }
}
