package io.jenkins.plugins.serverlesspromotion.engine.ownership;

import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names one resource in AWS that a release may write to or invoke.
 *
 * @param id normalised: the name of a stack or function without path, version or alias; the name of a bucket; the id of
 *     a distribution
 * @param place {@code 033333333333/eu-west-1}; of buckets and distributions, which are known in every region, the
 *     account alone
 */
public record ResourceId(Kind kind, String id, String place) implements Comparable<ResourceId> {
    private static final Comparator<ResourceId> ORDER = Comparator.comparing(ResourceId::kind)
            .thenComparing(ResourceId::place)
            .thenComparing(ResourceId::id);

    /**
     * All forms that Lambda accepts (API reference of Invoke, FunctionName): region, account and version are optional.
     */
    private static final Pattern FUNCTION = Pattern.compile("(?:arn:[a-z-]+:lambda:)?(?:([a-z]{2}(?:-[a-z]+)+-\\d):)?"
            + "(?:(\\d{12}):)?(?:function:)?([A-Za-z0-9_.-]+)(?::[A-Za-z0-9_$.-]+)?");

    /** The suffixes of access point names; S3 accepts them in place of a bucket ("Bucket naming rules", user guide). */
    private static final List<String> ACCESS_POINTS = List.of("-s3alias", "--ol-s3", ".mrap", "--xa-s3");

    /** The characters of names and ARNs in AWS. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:/-]{1,255}");

    /**
     * The kind of resource. The right to invoke a function for a check is a separate kind: several lanes may have it.
     */
    public enum Kind {
        STACK,
        FUNCTION,
        BUCKET,
        DISTRIBUTION,
        CHECK;

        /** The name that people write: {@code stack}. */
        public String word() {
            return switch (this) {
                case STACK -> "stack";
                case FUNCTION -> "function";
                case BUCKET -> "bucket";
                case DISTRIBUTION -> "distribution";
                case CHECK -> "check";
            };
        }

        /** @throws IllegalArgumentException when there is no such kind */
        public static Kind of(String word) {
            for (Kind kind : values()) {
                if (kind.word().equals(word)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("'" + Shown.text(word)
                    + "' is no kind of resource; write stack, function, bucket, distribution or check");
        }
    }

    /** @param name a name, or the ARN of the stack */
    public static ResourceId stack(String name, String accountId, String region) {
        // arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/ID
        String[] parts = name.split(":", 6);
        if (name.startsWith("arn:") && parts.length == 6 && parts[5].startsWith("stack/")) {
            return new ResourceId(Kind.STACK, parts[5].split("/", -1)[1], parts[4] + "/" + parts[3]);
        }
        return new ResourceId(Kind.STACK, name, accountId + "/" + region);
    }

    /**
     * @param name as Lambda accepts it: a name or an ARN, which may be partial, each with or without a version or
     *     alias. One that names another account or region is a resource there.
     */
    public static ResourceId function(String name, String accountId, String region) {
        Matcher form = FUNCTION.matcher(name);
        if (!form.matches()) {
            return new ResourceId(Kind.FUNCTION, name, accountId + "/" + region);
        }
        String in = form.group(1) == null ? region : form.group(1);
        String of = form.group(2) == null ? accountId : form.group(2);
        return new ResourceId(Kind.FUNCTION, form.group(3), of + "/" + in);
    }

    /** Names of buckets are unique in all accounts, and lower case. */
    public static ResourceId bucket(String name, String accountId) {
        return new ResourceId(Kind.BUCKET, name.toLowerCase(Locale.ROOT), accountId);
    }

    public static ResourceId distribution(String id, String accountId) {
        return new ResourceId(Kind.DISTRIBUTION, id, accountId);
    }

    /** Whether it names an access point: the name does not show which bucket is behind it. */
    public boolean isAccessPoint() {
        return kind == Kind.BUCKET
                && (id.startsWith("arn:") || ACCESS_POINTS.stream().anyMatch(id::endsWith));
    }

    /** Whether its name and place are valid for a resource in AWS. */
    boolean isPossible() {
        return NAME.matcher(id).matches()
                && Names.isAccountId(accountId())
                && region().map(Names::isRegion).orElse(true);
    }

    /** The same resource for another kind of use. */
    public ResourceId as(Kind other) {
        return new ResourceId(other, id, place);
    }

    /** 12 digits. */
    public String accountId() {
        int slash = place.indexOf('/');
        return slash < 0 ? place : place.substring(0, slash);
    }

    /** Empty for resources that are known in every region. */
    public Optional<String> region() {
        int slash = place.indexOf('/');
        return slash < 0 ? Optional.empty() : Optional.of(place.substring(slash + 1));
    }

    @Override
    public int compareTo(ResourceId other) {
        return ORDER.compare(this, other);
    }

    /** {@code stack orders-prod in 033333333333/eu-west-1} */
    @Override
    public String toString() {
        return (kind == Kind.CHECK ? "check function" : kind.word()) + " " + id + " in " + place;
    }
}
