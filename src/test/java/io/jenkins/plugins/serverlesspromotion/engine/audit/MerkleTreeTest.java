package io.jenkins.plugins.serverlesspromotion.engine.audit;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.Test;

public class MerkleTreeTest {
    private static final int MOST = 130;

    /** The reference inputs of github.com/google/certificate-transparency (cpp/merkletree), and their roots. */
    private static final String[] INPUTS = {
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
    };

    private static final String[] ROOTS = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    };

    private final List<byte[]> leaves = new ArrayList<>();

    public MerkleTreeTest() {
        for (int i = 0; i < MOST; i++) {
            leaves.add(MerkleTree.leafHash(new byte[] {(byte) i, 7}));
        }
    }

    @Test
    public void theReferenceRootsComeOut() {
        var tree = new MerkleTree();
        assertEquals(ROOTS[0], HexFormat.of().formatHex(tree.root()));
        for (int i = 0; i < INPUTS.length; i++) {
            tree.append(MerkleTree.leafHash(HexFormat.of().parseHex(INPUTS[i])));
            assertEquals(ROOTS[i + 1], HexFormat.of().formatHex(tree.root()));
        }
    }

    /** The definition of RFC 6962 section 2.1, word by word. */
    private byte[] naive(int from, int to) {
        if (to == from) {
            return HexFormat.of().parseHex(ROOTS[0]);
        }
        if (to - from == 1) {
            return leaves.get(from);
        }
        int k = 1;
        while (2 * k < to - from) {
            k *= 2;
        }
        return MerkleTree.nodeHash(naive(from, from + k), naive(from + k, to));
    }

    @Test
    public void theGrowingTreeIsTheDefinition() {
        var tree = new MerkleTree();
        for (int n = 0; n <= MOST; n++) {
            assertEquals(n, tree.size());
            assertArrayEquals(naive(0, n), tree.root());
            assertEquals(Integer.bitCount(n), tree.peaks().size());
            if (n < MOST) {
                tree.append(leaves.get(n));
            }
        }
    }

    @Test
    public void aTreeGoesOnFromItsPeaks() {
        for (int n = 0; n < MOST; n++) {
            var tree = new MerkleTree();
            leaves.subList(0, n).forEach(tree::append);
            var copy = tree.copy();
            var resumed = MerkleTree.of(n, tree.peaks());
            leaves.subList(n, MOST).forEach(resumed::append);
            assertArrayEquals(naive(0, MOST), resumed.root());
            assertArrayEquals("a copy does not grow with its original", naive(0, n), copy.root());
        }
        assertThrows(IllegalArgumentException.class, () -> MerkleTree.of(3, List.of(leaves.get(0))));
        assertThrows(IllegalArgumentException.class, () -> MerkleTree.of(1, List.of(new byte[31])));
        assertThrows(IllegalArgumentException.class, () -> new MerkleTree().append(new byte[33]));
    }

    @Test
    public void everyInclusionProofHoldsAndNoOtherDoes() {
        for (int n = 1; n <= MOST; n++) {
            byte[] root = naive(0, n);
            for (int i = 0; i < n; i++) {
                List<byte[]> proof = MerkleProof.inclusion(i, n, at -> leaves.get((int) at));
                assertTrue(i + " of " + n, MerkleProof.includes(i, leaves.get(i), n, root, proof));
                assertFalse(MerkleProof.includes(i, leaves.get((i + 1) % MOST), n, root, proof));
                assertFalse(MerkleProof.includes(i == 0 ? n : i - 1, leaves.get(i), n, root, proof));
                assertFalse(MerkleProof.includes(i, leaves.get(i), n, naive(0, n - 1), proof));
                if (!proof.isEmpty()) {
                    assertFalse(MerkleProof.includes(i, leaves.get(i), n, root, proof.subList(1, proof.size())));
                }
                var longer = new ArrayList<>(proof);
                longer.add(leaves.get(0));
                assertFalse(MerkleProof.includes(i, leaves.get(i), n, root, longer));
            }
        }
    }

    @Test
    public void everyConsistencyProofHoldsAndNoOtherDoes() {
        for (int n = 0; n <= MOST; n++) {
            byte[] root = naive(0, n);
            for (int m = 0; m <= n; m++) {
                byte[] earlier = naive(0, m);
                List<byte[]> proof = MerkleProof.consistency(m, n, at -> leaves.get((int) at));
                assertTrue(m + " of " + n, MerkleProof.extendsTree(m, earlier, n, root, proof));
                byte[] other = MerkleTree.leafHash(earlier);
                assertFalse(MerkleProof.extendsTree(m, other, n, root, proof));
                assertFalse(m > 0 && MerkleProof.extendsTree(m, earlier, n, other, proof));
                assertFalse(MerkleProof.extendsTree(n + 1, earlier, n, root, proof));
                if (!proof.isEmpty()) {
                    assertFalse(MerkleProof.extendsTree(m, earlier, n, root, proof.subList(1, proof.size())));
                    assertFalse(MerkleProof.extendsTree(m, earlier, n, root, proof.subList(0, proof.size() - 1)));
                }
                var longer = new ArrayList<>(proof);
                longer.add(leaves.get(0));
                assertFalse(MerkleProof.extendsTree(m, earlier, n, root, longer));
            }
        }
    }

    @Test
    public void theReferenceProofsComeOut() {
        var reference = new ArrayList<byte[]>();
        for (String input : INPUTS) {
            reference.add(MerkleTree.leafHash(HexFormat.of().parseHex(input)));
        }
        // From the same reference: the path of leaf 5 (counted from 0) in the tree of 8, and of 2 in the tree of 3.
        assertEquals(
                List.of(
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
                hex(MerkleProof.inclusion(5, 8, at -> reference.get((int) at))));
        assertEquals(
                List.of("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
                hex(MerkleProof.inclusion(2, 3, at -> reference.get((int) at))));
        assertEquals(
                List.of(
                        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"),
                hex(MerkleProof.consistency(1, 8, at -> reference.get((int) at))));
        assertEquals(
                List.of(
                        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
                hex(MerkleProof.consistency(6, 8, at -> reference.get((int) at))));
    }

    private static List<String> hex(List<byte[]> hashes) {
        return hashes.stream().map(HexFormat.of()::formatHex).toList();
    }

    @Test
    public void proofsOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> MerkleProof.inclusion(3, 3, at -> leaves.get((int) at)));
        assertThrows(IllegalArgumentException.class, () -> MerkleProof.consistency(4, 3, at -> leaves.get((int) at)));
    }
}
