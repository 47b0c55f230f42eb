package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Checkpoint;
import io.jenkins.plugins.serverlesspromotion.engine.audit.MerkleTree;
import io.jenkins.plugins.serverlesspromotion.engine.audit.NoteSigner;
import io.jenkins.plugins.serverlesspromotion.engine.audit.NoteVerifier;
import io.jenkins.plugins.serverlesspromotion.engine.audit.SignedNote;
import io.jenkins.plugins.serverlesspromotion.engine.port.Codec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Exports a part of the journal as one text file that proves itself. It contains the records' lines as in the journal.
 * A record with a value that must not be shown is replaced by its hash and the part that may be shown. After every
 * block come the hashes of its records and a checkpoint, and at the end the checkpoint of the whole as a note. The
 * format is described in docs/developer/journal-format.md.
 */
public final class AuditExport {
    private AuditExport() {}

    /** Exports all entries. */
    public static Checkpoint export(FileStore store, NoteSigner signer, OutputStream out) throws IOException {
        return export(store, 0, store.size(), signer, out);
    }

    /**
     * Writes the entries {@code from} (inclusive) to {@code to} (exclusive).
     *
     * @param signer null for an unsigned export, which a person could rewrite completely without detection
     * @param out is not closed
     * @return the checkpoint at its end
     * @throws IllegalArgumentException unless {@code 0 <= from < to <= store.size()}
     */
    public static Checkpoint export(FileStore store, long from, long to, NoteSigner signer, OutputStream out)
            throws IOException {
        if (from < 0 || from >= to || to > store.size()) {
            throw new IllegalArgumentException("entries " + from + " to " + to + " cannot be exported; the journal has "
                    + store.size() + " and an export has at least one");
        }
        var writer = new Writer(store.origin(), to, signer, store.tree(from), out);
        var withheld = new TreeSet<Long>();
        if (store.hidden().any()) {
            store.read(from, to, (seq, line, parsed) -> {
                if (store.hidden().withheld(parsed.json()).isPresent()) {
                    withheld.add(seq);
                }
            });
        }
        writer.begin(from, withheld.isEmpty() ? AuditFormat.WHOLE : AuditFormat.FORMAT);
        store.read(from, to, (seq, line, parsed) -> {
            Optional<byte[]> shown = withheld.contains(seq) ? store.hidden().withheld(parsed.json()) : Optional.empty();
            if (shown.isPresent()) {
                writer.withheld(seq, shown.get(), parsed.leaf());
            } else {
                writer.entry(line, parsed.leaf());
            }
        });
        return writer.end();
    }

    /**
     * Checks an export without the store.
     *
     * @param codec reads the entries, each of which must contain its own number
     * @param expected the key that must have signed it, null when no key is known
     * @return the first error, if any; a file that is not an export has an error in its first line
     * @throws IOException when {@code in} cannot be read
     */
    public static ExportVerification verify(InputStream in, Codec codec, NoteVerifier expected) throws IOException {
        return verify(in, codec, expected, List.of());
    }

    /**
     * Checks an export, also against checkpoints of the same log that were kept elsewhere: this detects a journal that
     * was rewritten completely, or that lost its end.
     *
     * @param known in any order; those of sizes before the export's first entry are ignored
     */
    public static ExportVerification verify(InputStream in, Codec codec, NoteVerifier expected, List<Checkpoint> known)
            throws IOException {
        return new AuditCheck(in, codec, expected, known).exportVerification();
    }

    private static final class Writer {
        private final String origin;
        private final long to;
        private final NoteSigner signer;
        private final MerkleTree tree;
        private final OutputStream out;
        private final List<String> leaves = new ArrayList<>();
        private final StringBuilder withheld = new StringBuilder();

        Writer(String origin, long to, NoteSigner signer, MerkleTree tree, OutputStream out) {
            this.origin = origin;
            this.to = to;
            this.signer = signer;
            this.tree = tree;
            this.out = out;
        }

        void begin(long from, int format) throws IOException {
            line(AuditFormat.MAGIC + " " + format + " " + origin + " " + from + " " + to);
            if (from > 0) {
                line(AuditFormat.BEFORE + " "
                        + String.join(
                                " ",
                                tree.peaks().stream()
                                        .map(HexFormat.of()::formatHex)
                                        .toList()));
                checkpoint();
            }
        }

        void entry(byte[] line, byte[] leaf) throws IOException {
            out.write(line);
            out.write('\n');
            append(leaf);
        }

        void withheld(long seq, byte[] shown, byte[] leaf) throws IOException {
            out.write(
                    (HexFormat.of().formatHex(leaf) + " " + AuditFormat.WITHHELD).getBytes(StandardCharsets.US_ASCII));
            out.write(shown);
            out.write('\n');
            withheld.append(AuditFormat.withheldText(seq, shown));
            append(leaf);
        }

        private void append(byte[] leaf) throws IOException {
            tree.append(leaf);
            leaves.add(HexFormat.of().formatHex(leaf));
            if (tree.size() % AuditFormat.BLOCK == 0 || tree.size() == to) {
                line(AuditFormat.LEAVES + " " + String.join(" ", leaves));
                leaves.clear();
                checkpoint();
            }
        }

        private void checkpoint() throws IOException {
            Checkpoint checkpoint = Checkpoint.of(origin, tree);
            String signature = AuditFormat.UNSIGNED;
            if (signer != null) {
                SignedNote note = signer.sign(
                        new SignedNote(AuditFormat.blockText(checkpoint, to, withheld.toString()), List.of()));
                signature = note.signatures().get(0).data();
            }
            line(AuditFormat.CHECKPOINT + " " + checkpoint.size() + " " + checkpoint.root() + " " + signature);
            withheld.setLength(0);
        }

        Checkpoint end() throws IOException {
            Checkpoint checkpoint = Checkpoint.of(origin, tree);
            String note =
                    signer == null ? checkpoint.text() : signer.sign(checkpoint).note();
            line("");
            out.write(note.getBytes(StandardCharsets.UTF_8));
            return checkpoint;
        }

        private void line(String line) throws IOException {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
