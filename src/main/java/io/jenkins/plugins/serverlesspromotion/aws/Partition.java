package io.jenkins.plugins.serverlesspromotion.aws;

import software.amazon.awssdk.regions.Region;

/** The part of AWS a region belongs to, as ARNs name it. */
final class Partition {
    private Partition() {}

    static String of(String region) {
        if (region.startsWith("cn-")) {
            return "aws-cn";
        }
        return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    }

    /** The region under which global services such as CloudFront are called. */
    static Region global(String region) {
        return switch (of(region)) {
            case "aws-cn" -> Region.AWS_CN_GLOBAL;
            case "aws-us-gov" -> Region.AWS_US_GOV_GLOBAL;
            default -> Region.AWS_GLOBAL;
        };
    }
}
