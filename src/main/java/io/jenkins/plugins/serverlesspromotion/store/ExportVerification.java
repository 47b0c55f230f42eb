package io.jenkins.plugins.serverlesspromotion.store;

/**
 * The result of the check of an audit export.
 *
 * @param from sequence number of its first entry
 * @param entries how many entries were read, up to the first bad one when there is one
 * @param root root hash of all entries up to the export's end, 64 hexadecimal digits; null when there is an error
 * @param signature the state of the signature of that root
 * @param finding the first error, null when there is none
 * @param withheld how many entries have fingerprints in place of values that must not be shown: their place and hash
 *     are proved, and only the signature covers the shown part
 */
public record ExportVerification(
        long from, long entries, String root, Signature signature, Finding finding, long withheld) {

    /** An export with complete entries only. */
    public ExportVerification(long from, long entries, String root, Signature signature, Finding finding) {
        this(from, entries, root, signature, finding, 0);
    }

    public enum Signature {
        /** The expected key signed it. */
        VALID,
        /** It is signed, but no expected key was given: this does not exclude a forgery. */
        NOT_CHECKED,
        /** It is not signed: this detects accidents, not a forgery. */
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

    /** Whether the export is unchanged, as far as {@link #signature} can prove it. */
    public boolean isValid() {
        return finding == null;
    }
}
