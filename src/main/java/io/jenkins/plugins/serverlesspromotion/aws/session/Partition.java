package io.jenkins.plugins.serverlesspromotion.aws.session;

import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/** The part of AWS a region belongs to, as ARNs name it. */
public final class Partition {
    private Partition() {}

    /** {@code aws}, {@code aws-cn}, {@code aws-us-gov}, …; by the pattern of its name for a region that is new. */
    public static String of(String region) {
        return PartitionMetadata.of(Region.of(region)).id();
    }

    /** The suffix of host names there. */
    public static String suffix(String region) {
        return PartitionMetadata.of(Region.of(region)).dnsSuffix();
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
