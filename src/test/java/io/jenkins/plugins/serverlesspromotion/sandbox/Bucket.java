package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An S3 bucket with the versions of its objects. */
final class Bucket implements Serializable {
    private static final long serialVersionUID = 1L;

    /** One version of an object, or a delete marker. */
    static final class Version implements Serializable {
        private static final long serialVersionUID = 1L;
        String key;
        String id = "null";
        boolean deleteMarker;
        byte[] bytes = new byte[0];
        String etag;
        /** Base64 checksums by algorithm. */
        Map<String, String> checksums = new LinkedHashMap<>();

        String checksumType = "FULL_OBJECT";
        /** Content-Type, Cache-Control and the like, and the x-amz-meta- headers, lower case. */
        Map<String, String> headers = new TreeMap<>();

        Instant modified = Instant.now();
        String lockMode;
        Instant retainUntil;
        boolean legalHold;
        List<Integer> partSizes = new ArrayList<>();

        boolean retained() {
            return legalHold || retainUntil != null && retainUntil.isAfter(Instant.now());
        }
    }

    /** A part of a multipart upload. */
    record Part(byte[] bytes, String etag, String checksum) implements Serializable {}

    /** A multipart upload that is not completed. */
    static final class Upload implements Serializable {
        private static final long serialVersionUID = 1L;
        final String id;
        final Version target;
        final String algorithm;
        final TreeMap<Integer, Part> parts = new TreeMap<>();

        Upload(String id, Version target, String algorithm) {
            this.id = id;
            this.target = target;
            this.algorithm = algorithm;
        }
    }

    final String name;
    final String account;
    final String region;
    final Instant created = Instant.now();
    /** Null until versioning was ever set, then Enabled or Suspended. */
    String versioning;

    boolean objectLock;
    String defaultLockMode;
    int defaultLockDays;
    JsonNode policy;
    /** Versions by key, newest last. */
    final TreeMap<String, List<Version>> objects = new TreeMap<>();

    final Map<String, Upload> uploads = new LinkedHashMap<>();

    Bucket(String name, String account, String region) {
        this.name = name;
        this.account = account;
        this.region = region;
    }

    /** The newest version, delete marker or not; null when there never was one. */
    Version newest(String key) {
        List<Version> versions = objects.get(key);
        return versions == null || versions.isEmpty() ? null : versions.get(versions.size() - 1);
    }

    /** The object a plain GET reads, or null. */
    Version current(String key) {
        Version newest = newest(key);
        return newest == null || newest.deleteMarker ? null : newest;
    }

    Version version(String key, String id) {
        return objects.getOrDefault(key, List.of()).stream()
                .filter(version -> version.id.equals(id))
                .findFirst()
                .orElse(null);
    }

    /** Adds a version the way the bucket's versioning says, and gives it its id. */
    void add(World world, Version version) {
        List<Version> versions = objects.computeIfAbsent(version.key, key -> new ArrayList<>());
        if ("Enabled".equals(versioning)) {
            version.id = world.letters(32);
        } else {
            versions.removeIf(old -> old.id.equals("null"));
        }
        versions.add(version);
    }

    void remove(Version version) {
        List<Version> versions = objects.get(version.key);
        versions.remove(version);
        if (versions.isEmpty()) {
            objects.remove(version.key);
        }
    }
}
