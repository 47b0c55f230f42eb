package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Checkpoint;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The words and signed texts of an audit export. The format is described in docs/developer/journal-format.md. */
final class AuditFormat {
    /** Number of the newest format that this program reads. */
    static final int FORMAT = 2;

    /** Number of the format of an export with complete entries only. */
    static final int WHOLE = 1;

    static final String MAGIC = "serverless-promotion-audit";
    static final String BEFORE = "before";
    static final String LEAVES = "leaves";
    static final String CHECKPOINT = "checkpoint";
    static final String UNSIGNED = "-";

    /** Separates the hash of an entry from the part that may be shown. Only in format 2. */
    static final String WITHHELD = "withheld ";

    /**
     * Entries between two checkpoints. When the proof of a forged entry is destroyed too, the error is located within
     * this number of entries.
     */
    static final int BLOCK = 64;

    private AuditFormat() {}

    /**
     * The signed text of a checkpoint inside an export. It is marked, so that it can never be used as the end of a
     * shorter export.
     *
     * @param withheld {@link #withheldText} of each partly withheld entry before it
     */
    static String blockText(Checkpoint checkpoint, long to, String withheld) {
        return checkpoint.text() + "part of an export up to " + to + "\n" + withheld;
    }

    /** Binds the shown part of an entry to the signature: the hash of the entry itself does not cover it. */
    static String withheldText(long seq, byte[] shown) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(shown);
            return WITHHELD + seq + " " + HexFormat.of().formatHex(hash) + "\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
