package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.w3c.dom.Element;

/** Distributions (read) and invalidations. Limits: CloudFront quotas, "Invalidations". */
final class CloudFrontService implements Service {
    private static final String NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/";
    private static final int MOST_PATHS = 3000;
    private static final int MOST_WILDCARDS = 15;

    private static String[] segments(Call call) {
        String path = call.rawPath.replaceFirst("^/2020-05-31/", "");
        String[] parts = path.split("/");
        for (int i = 0; i < parts.length; i++) {
            parts[i] = Call.decodePath(parts[i]);
        }
        return parts;
    }

    @Override
    public void name(Call call) {
        String[] path = segments(call);
        boolean get = call.method.equals("GET");
        call.operation = call.method + " " + call.rawPath;
        if (path[0].equals("distribution")) {
            String second = path.length > 2 ? path[2] : "";
            if (path.length == 1) {
                call.operation = get ? "ListDistributions" : "CreateDistribution";
            } else if (path.length == 2) {
                call.operation = get ? "GetDistribution" : "DeleteDistribution";
            } else if (second.equals("config")) {
                call.operation = get ? "GetDistributionConfig" : "UpdateDistribution";
            } else if (second.equals("invalidation")) {
                call.operation = path.length > 3 ? "GetInvalidation" : get ? "ListInvalidations" : "CreateInvalidation";
            }
        }
        call.resource = call.account() + (path.length > 1 ? "/" + path[1] : "");
    }

    @Override
    public Reply handle(Call call) {
        String[] path = segments(call);
        String all = "arn:aws:cloudfront::" + call.account() + ":distribution/";
        switch (call.operation) {
            case "ListDistributions",
                    "GetDistribution",
                    "GetDistributionConfig",
                    "GetInvalidation",
                    "ListInvalidations",
                    "CreateInvalidation" ->
                call.authorize(
                        "AccessDenied", "cloudfront:" + call.operation, path.length > 1 ? all + path[1] : all + "*");
            default -> throw AwsError.unknownOperation("cloudfront", call.operation);
        }
        if (call.operation.equals("ListDistributions")) {
            return list(call);
        }
        Distribution distribution =
                call.world().account(call.account()).distributions.get(path[1]);
        if (distribution == null) {
            throw new AwsError(404, "NoSuchDistribution", "The specified distribution does not exist.");
        }
        return switch (call.operation) {
            case "GetDistribution" -> {
                Xml xml = Xml.document().open("Distribution", NAMESPACE);
                summary(xml, distribution);
                xml.text("InProgressInvalidationBatches", running(distribution).size());
                config(xml, "DistributionConfig", distribution);
                yield Reply.xml(200, xml.close("Distribution").toString()).header("ETag", distribution.etag);
            }
            case "GetDistributionConfig" -> {
                Xml xml = Xml.document();
                config(xml, "DistributionConfig", distribution);
                yield Reply.xml(200, xml.toString()).header("ETag", distribution.etag);
            }
            case "CreateInvalidation" -> create(call, distribution);
            case "GetInvalidation" -> {
                Distribution.Invalidation found = distribution.invalidations.get(path[3]);
                if (found == null) {
                    throw new AwsError(404, "NoSuchInvalidation", "The specified invalidation does not exist.");
                }
                Xml xml = Xml.document();
                invalidation(xml, found);
                yield Reply.xml(200, xml.toString());
            }
            default -> invalidations(distribution);
        };
    }

    private static void summary(Xml xml, Distribution distribution) {
        xml.text("Id", distribution.id)
                .text("ARN", distribution.arn())
                .text("Status", "Deployed")
                .text("LastModifiedTime", distribution.modified)
                .text("DomainName", distribution.domain());
    }

    private static void config(Xml xml, String name, Distribution distribution) {
        JsonNode config = distribution.config;
        xml.open(name).text("CallerReference", distribution.id);
        aliases(xml, config);
        xml.text("DefaultRootObject", config.path("DefaultRootObject").asText(""));
        xml.open("Origins").text("Quantity", config.path("Origins").size()).open("Items");
        for (JsonNode origin : config.path("Origins")) {
            xml.open("Origin")
                    .text("Id", origin.path("Id").asText())
                    .text("DomainName", origin.path("DomainName").asText())
                    .text("OriginPath", origin.path("OriginPath").asText(""))
                    .text(
                            "OriginAccessControlId",
                            origin.path("OriginAccessControlId").asText(""))
                    .close("Origin");
        }
        xml.close("Items").close("Origins");
        JsonNode behavior = config.path("DefaultCacheBehavior");
        xml.open("DefaultCacheBehavior")
                .text("TargetOriginId", behavior.path("TargetOriginId").asText())
                .text(
                        "ViewerProtocolPolicy",
                        behavior.path("ViewerProtocolPolicy").asText("allow-all"))
                .close("DefaultCacheBehavior");
        xml.text("Comment", config.path("Comment").asText(""))
                .text("Enabled", config.path("Enabled").asBoolean(true))
                .close(name);
    }

    private static void aliases(Xml xml, JsonNode config) {
        List<String> aliases = IamPolicy.strings(config.get("Aliases"));
        xml.open("Aliases").text("Quantity", aliases.size()).open("Items");
        aliases.forEach(alias -> xml.text("CNAME", alias));
        xml.close("Items").close("Aliases");
    }

    private static Reply list(Call call) {
        var distributions = call.world().account(call.account()).distributions.values();
        Xml xml = Xml.document()
                .open("DistributionList", NAMESPACE)
                .text("Marker", "")
                .text("MaxItems", 100)
                .text("IsTruncated", false)
                .text("Quantity", distributions.size())
                .open("Items");
        for (Distribution distribution : distributions) {
            xml.open("DistributionSummary");
            summary(xml, distribution);
            aliases(xml, distribution.config);
            xml.text("Enabled", distribution.config.path("Enabled").asBoolean(true))
                    .close("DistributionSummary");
        }
        return Reply.xml(200, xml.close("Items").close("DistributionList").toString());
    }

    private static List<Distribution.Invalidation> running(Distribution distribution) {
        return distribution.invalidations.values().stream()
                .filter(invalidation -> !invalidation.completed)
                .toList();
    }

    private static Reply create(Call call, Distribution distribution) {
        Element batch = Xml.parse(call.body);
        String reference = Xml.value(batch, "CallerReference");
        Element pathsElement = Xml.child(batch, "Paths");
        List<String> paths = new ArrayList<>();
        Element items = Xml.child(pathsElement, "Items");
        if (items != null) {
            Xml.children(items, "Path").forEach(path -> paths.add(path.getTextContent()));
        }
        if (reference == null || reference.isEmpty() || paths.isEmpty()) {
            throw new AwsError(400, "InvalidArgument", "The parameter CallerReference or Paths is missing.");
        }
        if (!String.valueOf(paths.size()).equals(Xml.value(pathsElement, "Quantity"))) {
            throw new AwsError(
                    400, "InconsistentQuantities", "The value of Quantity and the size of Items don't match.");
        }
        for (String path : paths) {
            int star = path.indexOf('*');
            if (!path.startsWith("/") || star >= 0 && star < path.length() - 1) {
                throw new AwsError(
                        400, "InvalidArgument", "Your request contains one or more invalid invalidation paths.");
            }
        }
        call.noted.put("CallerReference", reference);
        call.noted.put("Paths", String.join(" ", paths.subList(0, Math.min(10, paths.size()))));
        Distribution.Invalidation invalidation = null;
        for (Distribution.Invalidation earlier : distribution.invalidations.values()) {
            if (earlier.reference.equals(reference) && !call.world().is(Variant.CALLER_REFERENCES_FORGOTTEN)) {
                if (!earlier.paths.equals(paths)) {
                    throw new AwsError(
                            409,
                            "InvalidationBatchAlreadyExists",
                            "You have already created an invalidation with this caller reference and other paths.");
                }
                invalidation = earlier;
            }
        }
        if (invalidation == null) {
            checkLimits(distribution, paths);
            World world = call.world();
            invalidation = new Distribution.Invalidation("I" + world.letters(13), reference, paths);
            distribution.invalidations.put(invalidation.id, invalidation);
            world.changed(
                    call.actor(),
                    distribution.account,
                    "global",
                    "cloudfront:invalidation",
                    invalidation.id,
                    "create",
                    invalidation.content());
            world.later(
                    world.durations.invalidationMillis,
                    new Distribution.Completion(distribution.account, distribution.id, invalidation.id));
        }
        Xml xml = Xml.document();
        invalidation(xml, invalidation);
        return Reply.xml(201, xml.toString())
                .header(
                        "Location",
                        "https://cloudfront.amazonaws.com/2020-05-31/distribution/" + distribution.id + "/invalidation/"
                                + invalidation.id);
    }

    private static void checkLimits(Distribution distribution, List<String> paths) {
        List<String> all = new ArrayList<>(paths);
        running(distribution).forEach(invalidation -> all.addAll(invalidation.paths));
        long wildcards = all.stream().filter(path -> path.endsWith("*")).count();
        if (paths.size() > MOST_PATHS) {
            throw new AwsError(413, "BatchTooLarge", "Invalidation batch specified is too large.");
        }
        if (all.size() - wildcards > MOST_PATHS || wildcards > MOST_WILDCARDS) {
            throw new AwsError(
                    400,
                    "TooManyInvalidationsInProgress",
                    "Processing your request will cause you to exceed the maximum number of in-progress "
                            + (wildcards > MOST_WILDCARDS ? "wildcard " : "") + "invalidations.");
        }
    }

    private static void invalidation(Xml xml, Distribution.Invalidation invalidation) {
        xml.open("Invalidation", NAMESPACE)
                .text("Id", invalidation.id)
                .text("Status", invalidation.completed ? "Completed" : "InProgress")
                .text("CreateTime", invalidation.created)
                .open("InvalidationBatch")
                .open("Paths")
                .text("Quantity", invalidation.paths.size())
                .open("Items");
        invalidation.paths.forEach(path -> xml.text("Path", path));
        xml.close("Items")
                .close("Paths")
                .text("CallerReference", invalidation.reference)
                .close("InvalidationBatch")
                .close("Invalidation");
    }

    private static Reply invalidations(Distribution distribution) {
        Xml xml = Xml.document()
                .open("InvalidationList", NAMESPACE)
                .text("Marker", "")
                .text("MaxItems", 100)
                .text("IsTruncated", false)
                .text("Quantity", distribution.invalidations.size())
                .open("Items");
        List<Distribution.Invalidation> newest = new ArrayList<>(distribution.invalidations.values());
        java.util.Collections.reverse(newest);
        newest.forEach(invalidation -> xml.open("InvalidationSummary")
                .text("Id", invalidation.id)
                .text("CreateTime", invalidation.created)
                .text("Status", invalidation.completed ? "Completed" : "InProgress")
                .close("InvalidationSummary"));
        return Reply.xml(200, xml.close("Items").close("InvalidationList").toString());
    }

    @Override
    public Reply error(Call call, AwsError error) {
        return call.queryError(NAMESPACE, error);
    }
}
