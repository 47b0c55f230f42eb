package io.jenkins.plugins.serverlesspromotion.engine.audit;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * The Merkle tree of RFC 6962 section 2.1 over SHA-256, growing at its end. It keeps only the roots of its perfect
 * subtrees, one per bit set in its size. Appending and the root need no other nodes. Not safe for use by several
 * threads.
 */
public final class MerkleTree {
    /** Length of a hash in bytes. */
    public static final int HASH_BYTES = 32;

    private static final byte[] LEAF = {0x00};
    private static final byte[] NODE = {0x01};

    /** Largest, which is leftmost, first. */
    private final List<byte[]> peaks;

    private long size;

    public MerkleTree() {
        this(0, List.of());
    }

    private MerkleTree(long size, List<byte[]> peaks) {
        this.size = size;
        this.peaks = new ArrayList<>(peaks);
    }

    /**
     * The tree of {@code size} leaves with these {@link #peaks()}.
     *
     * @throws IllegalArgumentException when a tree of that size cannot have them
     */
    public static MerkleTree of(long size, List<byte[]> peaks) {
        if (size < 0 || Long.bitCount(size) != peaks.size()) {
            throw new IllegalArgumentException(
                    "a tree of " + size + " leaves does not have " + peaks.size() + " peaks");
        }
        for (byte[] peak : peaks) {
            requireHash(peak);
        }
        return new MerkleTree(size, peaks.stream().map(byte[]::clone).toList());
    }

    /** {@code SHA-256(0x00 || data)} */
    public static byte[] leafHash(byte[] data) {
        return sha256(LEAF, data);
    }

    /** {@code SHA-256(0x01 || left || right)} */
    public static byte[] nodeHash(byte[] left, byte[] right) {
        return sha256(NODE, left, right);
    }

    /** @throws IllegalArgumentException when {@code leafHash} is not 32 bytes */
    public void append(byte[] leafHash) {
        requireHash(leafHash);
        peaks.add(leafHash.clone());
        size++;
        // Every trailing zero bit of the new size is a pair of equally large subtrees that has become one.
        for (long rest = size; (rest & 1) == 0; rest >>= 1) {
            byte[] right = peaks.remove(peaks.size() - 1);
            byte[] left = peaks.remove(peaks.size() - 1);
            peaks.add(nodeHash(left, right));
        }
    }

    /** The number of leaves. */
    public long size() {
        return size;
    }

    /** The Merkle tree hash; for an empty tree, the hash of an empty string. */
    public byte[] root() {
        if (peaks.isEmpty()) {
            return sha256();
        }
        byte[] root = peaks.get(peaks.size() - 1).clone();
        for (int i = peaks.size() - 2; i >= 0; i--) {
            root = nodeHash(peaks.get(i), root);
        }
        return root;
    }

    /** The roots of its perfect subtrees, leftmost first: enough to continue from here with {@link #of}. */
    public List<byte[]> peaks() {
        return peaks.stream().map(byte[]::clone).toList();
    }

    public MerkleTree copy() {
        return new MerkleTree(size, peaks);
    }

    private static void requireHash(byte[] hash) {
        if (hash.length != HASH_BYTES) {
            throw new IllegalArgumentException("a hash has " + HASH_BYTES + " bytes, not " + hash.length);
        }
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
