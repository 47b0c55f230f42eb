package io.jenkins.plugins.serverlesspromotion.store;

/**
 * What checking an audit export came to.
 *
 * @param from sequence number of its first entry
 * @param entries how many entries were read, up to the first bad one when there is one
 * @param root root hash of all entries up to the export's end, 64 hexadecimal digits; null when something is wrong
 * @param signature who vouches for that root
 * @param finding the first thing that is wrong, null when nothing is
 * @param withheld how many of the entries stand there with fingerprints for values that must not be shown: of these, the
 *     place and the hash are proved, and what is shown is vouched for by the signature alone
 */
public record ExportVerification(
        long from, long entries, String root, Signature signature, Finding finding, long withheld) {

    /** With every entry as it stands in the journal. */
    public ExportVerification(long from, long entries, String root, Signature signature, Finding finding) {
        this(from, entries, root, signature, finding, 0);
    }

    public enum Signature {
        /** The expected key signed it. */
        VALID,
        /** It is signed, but nobody said by which key it should be: nothing is proved against a forger. */
        NOT_CHECKED,
        /** Nobody signed it: it shows accidents, not forgery. */
        UNSIGNED,
        /** The expected key did not sign this. */
        INVALID
    }

    /**
     * @param seq of the first bad entry; -1 when no entry is concerned
     * @param line of the export, from 1
     * @param why one sentence
     */
    public record Finding(long seq, long line, String why) {
        @Override
        public String toString() {
            return "line " + line + (seq < 0 ? "" : ", entry " + seq) + ": " + why;
        }
    }

    /** Whether the export is what was exported, as far as {@link #signature} can say. */
    public boolean holds() {
        return finding == null;
    }
}
