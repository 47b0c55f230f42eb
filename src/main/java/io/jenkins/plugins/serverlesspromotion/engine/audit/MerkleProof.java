package io.jenkins.plugins.serverlesspromotion.engine.audit;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Proofs about a {@link MerkleTree}: that an entry is in it, and that a later tree only added to an earlier one.
 * Making one is RFC 6962 section 2.1.1 and 2.1.2 and reads every leaf; checking one is RFC 9162 section 2.1.3.2 and
 * 2.1.4.2 and needs nothing but the proof.
 */
public final class MerkleProof {
    private MerkleProof() {}

    /**
     * The hashes that lead from the leaf {@code index} to the root of the first {@code size} leaves.
     *
     * @param leaves the leaf hash at an index
     * @throws IllegalArgumentException unless {@code 0 <= index < size}
     */
    public static List<byte[]> inclusion(long index, long size, LongFunction<byte[]> leaves) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("there is no leaf " + index + " in a tree of " + size);
        }
        var path = new ArrayList<byte[]>();
        long from = 0;
        long to = size;
        while (to - from > 1) {
            long split = from + largestPowerOfTwoBelow(to - from);
            if (index < split) {
                path.add(0, root(split, to, leaves));
                to = split;
            } else {
                path.add(0, root(from, split, leaves));
                from = split;
            }
        }
        return path;
    }

    /**
     * The hashes that show that the tree of {@code first} leaves is the beginning of the tree of {@code second}.
     *
     * @throws IllegalArgumentException unless {@code 0 <= first <= second}
     */
    public static List<byte[]> consistency(long first, long second, LongFunction<byte[]> leaves) {
        if (first < 0 || first > second) {
            throw new IllegalArgumentException("a tree of " + second + " leaves has no beginning of " + first);
        }
        var proof = new ArrayList<byte[]>();
        if (first == 0 || first == second) {
            return proof;
        }
        long from = 0;
        long to = second;
        // When the earlier tree starts at this subtree's start and ends with it, its root is known.
        boolean whole = true;
        while (first < to) {
            long split = from + largestPowerOfTwoBelow(to - from);
            if (first <= split) {
                proof.add(0, root(split, to, leaves));
                to = split;
            } else {
                proof.add(0, root(from, split, leaves));
                from = split;
                whole = false;
            }
        }
        if (!whole) {
            proof.add(0, root(from, to, leaves));
        }
        return proof;
    }

    /** Whether {@code proof} shows that {@code leafHash} is leaf {@code index} of the tree with that size and root. */
    public static boolean includes(long index, byte[] leafHash, long size, byte[] root, List<byte[]> proof) {
        if (index < 0 || index >= size) {
            return false;
        }
        long at = index;
        long last = size - 1;
        byte[] hash = leafHash;
        for (byte[] sibling : proof) {
            if (last == 0) {
                return false;
            }
            if ((at & 1) == 1 || at == last) {
                hash = MerkleTree.nodeHash(sibling, hash);
                while ((at & 1) == 0 && at != 0) {
                    at >>= 1;
                    last >>= 1;
                }
            } else {
                hash = MerkleTree.nodeHash(hash, sibling);
            }
            at >>= 1;
            last >>= 1;
        }
        return last == 0 && MessageDigest.isEqual(hash, root);
    }

    /** Whether {@code proof} shows that the tree {@code second} is the tree {@code first} with leaves added. */
    public static boolean extendsTree(
            long first, byte[] firstRoot, long second, byte[] secondRoot, List<byte[]> proof) {
        if (first < 0 || first > second) {
            return false;
        }
        if (first == second) {
            return proof.isEmpty() && MessageDigest.isEqual(firstRoot, secondRoot);
        }
        if (first == 0) {
            return proof.isEmpty() && MessageDigest.isEqual(firstRoot, new MerkleTree().root());
        }
        if (proof.isEmpty()) {
            return false;
        }
        var path = new ArrayList<>(proof);
        if (Long.bitCount(first) == 1) {
            path.add(0, firstRoot);
        }
        long at = first - 1;
        long last = second - 1;
        while ((at & 1) == 1) {
            at >>= 1;
            last >>= 1;
        }
        byte[] earlier = path.get(0);
        byte[] later = path.get(0);
        for (byte[] hash : path.subList(1, path.size())) {
            if (last == 0) {
                return false;
            }
            if ((at & 1) == 1 || at == last) {
                earlier = MerkleTree.nodeHash(hash, earlier);
                later = MerkleTree.nodeHash(hash, later);
                while ((at & 1) == 0 && at != 0) {
                    at >>= 1;
                    last >>= 1;
                }
            } else {
                later = MerkleTree.nodeHash(later, hash);
            }
            at >>= 1;
            last >>= 1;
        }
        return last == 0 && MessageDigest.isEqual(earlier, firstRoot) && MessageDigest.isEqual(later, secondRoot);
    }

    private static byte[] root(long from, long to, LongFunction<byte[]> leaves) {
        var tree = new MerkleTree();
        for (long i = from; i < to; i++) {
            tree.append(leaves.apply(i));
        }
        return tree.root();
    }

    private static long largestPowerOfTwoBelow(long n) {
        return Long.highestOneBit(n - 1);
    }
}
