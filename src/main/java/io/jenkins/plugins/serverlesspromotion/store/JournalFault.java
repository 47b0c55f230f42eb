package io.jenkins.plugins.serverlesspromotion.store;

import java.nio.file.Path;

/**
 * The place in a journal from which it is not valid.
 *
 * @param line from 1
 * @param offset in bytes, from 0
 * @param torn whether a crash during the last write can have caused this, so that setting it aside loses no confirmed
 *     record; otherwise something changed the file
 * @param sentence for people, naming file, line and byte
 */
record JournalFault(Path file, long line, long offset, boolean torn, String sentence) {

    static JournalFault torn(Path file, long line, long offset, long size) {
        return new JournalFault(
                file,
                line,
                offset,
                true,
                where(file, line, offset) + "the last " + (size - offset)
                        + " bytes are not a complete record: a write in progress, or one that a crash cut short");
    }

    static JournalFault damage(Path file, long line, long offset, String why) {
        return new JournalFault(file, line, offset, false, where(file, line, offset) + why);
    }

    private static String where(Path file, long line, long offset) {
        return file + " line " + line + " (byte " + offset + "): ";
    }
}
