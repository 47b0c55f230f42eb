package io.jenkins.plugins.serverlesspromotion.aws.site;

import io.jenkins.plugins.serverlesspromotion.aws.call.FanOut;
import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Compares the files of a site's bucket with those of a release. */
public final class LiveSite {
    /** Limit of kept files that are named; all of them are counted and included in the digest. */
    private static final int NAMED = 10;

    private final S3Client s3;
    private final String bucket;
    private final String owner;
    private final ExecutorService reads;
    private final SiteUploadRules rules;

    LiveSite(S3Client s3, String bucket, String owner, ExecutorService reads, SiteUploadRules rules) {
        this.s3 = s3;
        this.bucket = bucket;
        this.owner = owner;
        this.reads = reads;
        this.rules = rules;
    }

    /**
     * @param digest over names and contents of the files in the bucket; null when it is empty
     * @param left files that are in the bucket and not in the release
     */
    public record Comparison(String digest, List<Plan.Change> changes, List<String> left) {
        List<Plan.Finding> findings(boolean deleting) {
            if (left.isEmpty()) {
                return List.of();
            }
            String names = String.join(", ", left.subList(0, Math.min(NAMED, left.size())))
                    + (left.size() > NAMED ? ", …" : "");
            String count = left.size() + (left.size() == 1 ? " file is" : " files are");
            return List.of(
                    deleting
                            ? new Plan.Finding(
                                    "siteDeletion",
                                    "files",
                                    count + " in the bucket but not in the release and deleted: " + names)
                            : new Plan.Finding(
                                    "leftBehind",
                                    "files",
                                    count + " in the bucket but not in the release; nothing is deleted: " + names));
        }

        /** The same with deletion of the files that the release does not have, after everything else. */
        Comparison deleting() {
            var all = new ArrayList<>(changes);
            left.forEach(
                    key -> all.add(new Plan.Change(key, "file", Plan.Action.REMOVE, Plan.Replacement.NO, List.of())));
            return new Comparison(digest, all, left);
        }
    }

    /**
     * @param wanted artifacts by key in the bucket
     * @return null when the bucket does not exist
     */
    public Comparison compare(Map<String, Artifact> wanted) throws InterruptedException {
        Map<String, S3Object> there = list();
        if (there == null) {
            return null;
        }
        var known = wanted.keySet().stream().filter(there::containsKey).sorted().toList();
        var heads = FanOut.map(reads, known, this::head);
        var live = new TreeMap<String, HeadObjectResponse>();
        for (int i = 0; i < known.size(); i++) {
            if (heads.get(i) != null) {
                live.put(known.get(i), heads.get(i));
            }
        }
        var changes = new ArrayList<Plan.Change>();
        new TreeMap<>(wanted).forEach((key, artifact) -> {
            Plan.Change change = change(rules, key, artifact, live.get(key));
            if (change != null) {
                changes.add(change);
            }
        });
        return new Comparison(
                digest(there, live),
                changes,
                there.keySet().stream()
                        .filter(key -> !wanted.containsKey(key))
                        .sorted()
                        .toList());
    }

    /** The current object; null when there is none. */
    HeadObjectResponse head(String key) {
        try {
            return s3.headObject(
                    r -> r.bucket(bucket).key(key).expectedBucketOwner(owner).checksumMode(ChecksumMode.ENABLED));
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return null;
            }
            throw e;
        }
    }

    /** The change that a file needs, null when none. */
    static Plan.Change change(SiteUploadRules rules, String key, Artifact wanted, HeadObjectResponse live) {
        var properties = new ArrayList<Plan.PropertyChange>();
        add(properties, "Cache-Control", live == null ? null : live.cacheControl(), rules.cacheControl(key));
        add(properties, "Content-Type", live == null ? null : live.contentType(), rules.contentType(key));
        add(properties, "sha256", live == null ? null : hex(live.checksumSHA256()), wanted.sha256());
        return properties.isEmpty()
                ? null
                : new Plan.Change(
                        key,
                        "file",
                        live == null ? Plan.Action.ADD : Plan.Action.MODIFY,
                        Plan.Replacement.NO,
                        properties);
    }

    private static void add(List<Plan.PropertyChange> into, String path, String before, String after) {
        if (!Objects.equals(before, after)) {
            into.add(new Plan.PropertyChange(path, before, after, Plan.Replacement.NO));
        }
    }

    private static String hex(String base64) {
        String shown = Sha256.shown(base64);
        return shown.startsWith("sha256:") ? shown.substring(7) : shown;
    }

    private Map<String, S3Object> list() {
        var found = new TreeMap<String, S3Object>();
        try {
            s3.listObjectsV2Paginator(r -> r.bucket(bucket).expectedBucketOwner(owner))
                    .contents()
                    .forEach(object -> found.put(object.key(), object));
            return found;
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return null;
            }
            throw e;
        }
    }

    private static String digest(Map<String, S3Object> there, Map<String, HeadObjectResponse> heads) {
        if (there.isEmpty()) {
            return null;
        }
        var text = new StringBuilder();
        there.forEach((key, object) -> {
            HeadObjectResponse head = heads.get(key);
            String content = head != null && head.checksumSHA256() != null ? head.checksumSHA256() : object.eTag();
            text.append(key.length())
                    .append(':')
                    .append(key)
                    .append(' ')
                    .append(object.size())
                    .append(' ')
                    .append(content);
            text.append('\n');
        });
        return Sha256.of(text.toString());
    }
}
