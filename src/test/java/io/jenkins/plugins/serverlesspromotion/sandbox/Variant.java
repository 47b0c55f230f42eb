package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Ways in which AWS may behave otherwise than the sandbox does by itself. Each is a belief that no one here has measured
 * against AWS, or that AWS documents only in part; the suites run under each of them, so that the program does not depend
 * on the belief. Switched on by {@link SandboxConfig#variants}, by the option {@code --variant}, or for every sandbox of a
 * JVM by the system property {@value #PROPERTY}: names with commas between, or {@code all}.
 */
public enum Variant {
    /** By itself the sandbox marks them OBSOLETE, as the console shows them for a while. */
    CHANGE_SETS_DELETED(
            "Executing a change set deletes the stack's other change sets, also those that are still being created.",
            "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html",
            true),

    /** By itself the sandbox answers a repeated request as it answered the first. */
    FINISHED_TOKENS_REFUSED(
            "A request that repeats a client token is answered only while the operation of the first is in progress;"
                    + " afterwards it is refused: TokenAlreadyExistsException, for a change set AlreadyExistsException.",
            "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html",
            false),

    /** By itself the sandbox lists only what really changes, and what depends on a resource that is replaced. */
    POSSIBLE_CHANGES(
            "A resource that takes an attribute (Fn::GetAtt) of a resource that is modified is listed as a change too,"
                    + " with the evaluation Dynamic, although it stays as it is when the change set is executed.",
            "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChangeDetail.html",
            false),

    /** By itself the sandbox names the property of the first level, and says Always where a change replaces. */
    NESTED_PATHS(
            "A change of a structured property is listed value by value, with the path of each, and a property whose"
                    + " change replaces the resource has Conditionally, the resource Conditional.",
            "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceTargetDefinition.html",
            false),

    /** By itself the sandbox has no concurrent requests to one key: they wait for each other. */
    CONDITIONAL_WRITES_CONFLICT(
            "The first conditional write to a key is answered 409 ConditionalRequestConflict, with nothing written.",
            "https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html",
            true),

    /** By itself the sandbox shows an event as soon as the state that it reports. */
    EVENTS_LAG(
            "DescribeStackEvents does not show an event to the first two requests after it, although DescribeStacks shows"
                    + " the state that it reports.",
            null,
            false),

    /** By itself the sandbox knows a new role everywhere at once. */
    ROLES_NEED_A_MOMENT(
            "The first request to assume a role, and the first that passes it to CloudFormation, is refused as if the"
                    + " role did not exist.",
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html"
                    + "#troubleshoot_general_eventual-consistency",
            true),

    /** By itself the sandbox answers with the invalidation of the first request, as AWS documents it. */
    CALLER_REFERENCES_FORGOTTEN(
            "CloudFront makes another invalidation of a caller reference that it has seen before. The page states that it"
                    + " does not, but not for how long.",
            "https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_InvalidationBatch.html",
            false),

    /** By itself the sandbox changes the id when an update begins and when it ends. */
    REVISION_CHANGES_AGAIN(
            "The revision id of a function changes once more after an update was reported as successful"
                    + " (seen in https://github.com/aws/aws-sdk/issues/377).",
            null,
            false);

    /** Names with commas between, or {@code all}; for every sandbox that this JVM starts. */
    public static final String PROPERTY = "promotion.variants";

    private final String behaviour;
    private final String page;
    private final boolean documented;

    Variant(String behaviour, String page, boolean documented) {
        this.behaviour = behaviour;
        this.page = page;
        this.documented = documented;
    }

    /** What AWS does then, in a sentence or two. */
    public String behaviour() {
        return behaviour;
    }

    /** Address of the page of AWS's documentation nearest to it; null when no page is about it. */
    public String page() {
        return page;
    }

    /** Whether {@link #page} says it; otherwise the page leaves it open. */
    public boolean documented() {
        return documented;
    }

    /** The name as on a command line: {@code events-lag}. */
    public String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The variants of a text with names and commas, in any case, with {@code -} or {@code _}.
     *
     * @param text null or blank: none; {@code all}: all
     * @throws IllegalArgumentException for a name that is none, with those that are
     */
    public static Set<Variant> parse(String text) {
        if (text == null || text.isBlank()) {
            return EnumSet.noneOf(Variant.class);
        }
        if (text.strip().equalsIgnoreCase("all")) {
            return EnumSet.allOf(Variant.class);
        }
        return Arrays.stream(text.split(","))
                .map(Variant::named)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Variant.class)));
    }

    private static Variant named(String name) {
        String wanted = name.strip().toLowerCase(Locale.ROOT).replace('_', '-');
        return Arrays.stream(values())
                .filter(v -> v.option().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no variant '" + name.strip() + "'; there are "
                        + Arrays.stream(values()).map(Variant::option).collect(Collectors.joining(", ", "", ", all"))));
    }
}
