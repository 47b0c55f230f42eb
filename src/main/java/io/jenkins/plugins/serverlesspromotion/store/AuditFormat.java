package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Checkpoint;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The words and signed texts of an audit export. The format is described in docs/developer/journal-format.md. */
final class AuditFormat {
    /** Number of the newest format that this program reads. */
    static final int FORMAT = 2;

    /** Number of the format of an export that has every entry as it stands in the journal. */
    static final int WHOLE = 1;

    static final String MAGIC = "serverless-promotion-audit";
    static final String BEFORE = "before";
    static final String LEAVES = "leaves";
    static final String CHECKPOINT = "checkpoint";
    static final String UNSIGNED = "-";

    /** Stands between the hash of an entry and what can be shown of it. Only in format 2. */
    static final String WITHHELD = "withheld ";

    /** Entries between two checkpoints: a forged entry whose proof was destroyed as well is found to so many. */
    static final int BLOCK = 64;

    private AuditFormat() {}

    /**
     * The text that is signed within an export: marked, so that it can never stand for the end of a shorter export.
     *
     * @param withheld of the entries before it whose text is not the journal's, {@link #withheldText} of each
     */
    static String blockText(Checkpoint checkpoint, long to, String withheld) {
        return checkpoint.text() + "part of an export up to " + to + "\n" + withheld;
    }

    /** Binds what is shown of an entry to the signature: the hash of the entry itself says nothing about it. */
    static String withheldText(long seq, byte[] shown) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(shown);
            return WITHHELD + seq + " " + HexFormat.of().formatHex(hash) + "\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
