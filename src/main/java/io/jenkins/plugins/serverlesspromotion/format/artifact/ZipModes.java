package io.jenkins.plugins.serverlesspromotion.format.artifact;

import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import io.jenkins.plugins.serverlesspromotion.format.template.CodeUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;

/**
 * Refuses modes with which Lambda fails at the first call. It unpacks a ZIP with the Unix modes of its entries and runs
 * as a user who is neither their owner nor in their group. "Lambda needs 644 permissions for non-executable files and 755
 * permissions for directories and executable files" (AWS Lambda Developer Guide, deployment packages).
 */
final class ZipModes {
    /** Systems whose programs write Unix modes: Unix and OS X (PKWARE APPNOTE 4.4.2). All others state no mode. */
    private static final List<Integer> UNIX = List.of(3, 19);

    private static final int TYPE = 0xF000;
    private static final int LINK = 0xA000;
    /** Pipe, character device, block device, socket. Some JARs have a folder of type 0xF000, which is none of them. */
    private static final List<Integer> SPECIAL = List.of(0x1000, 0x2000, 0x6000, 0xC000);

    private static final int OTHERS_READ = 04;
    private static final int OTHERS_EXECUTE = 01;
    private static final int NAMED = 3;

    private static final String BOOTSTRAP = "bootstrap";
    private static final String EXTENSIONS = "extensions/";

    private ZipModes() {}

    static boolean isLink(ZipArchiveEntry entry) {
        return (mode(entry) & TYPE) == LINK;
    }

    /** @throws IllegalArgumentException with the problem, as the rest of a sentence */
    static void check(List<ZipArchiveEntry> entries, CodeUse use) {
        var unreadable = new ArrayList<String>();
        for (ZipArchiveEntry entry : entries) {
            boolean stated = UNIX.contains(entry.getPlatform());
            if (stated && SPECIAL.contains(mode(entry) & TYPE)) {
                throw new IllegalArgumentException("holds '" + TypedReader.shown(entry.getName())
                        + "', which is neither a file nor a folder nor a link; leave it out and pack it again");
            }
            if (stated && !isReadable(entry)) {
                unreadable.add(shown(entry));
            }
        }
        if (!unreadable.isEmpty()) {
            int count = unreadable.size();
            String names = String.join(", ", unreadable.subList(0, Math.min(NAMED, count)));
            throw new IllegalArgumentException("holds " + (count == 1 ? "1 entry" : count + " entries")
                    + " that Lambda may not read: " + names + (count > NAMED ? ", …" : "")
                    + "; give files the mode 0644 and folders 0755 (chmod -R a+rX) and pack it again");
        }
        entries.forEach(entry -> executable(entry, use));
    }

    private static boolean isReadable(ZipArchiveEntry entry) {
        if (isLink(entry)) {
            return true;
        }
        int needed = isFolder(entry) ? OTHERS_READ | OTHERS_EXECUTE : OTHERS_READ;
        return (mode(entry) & needed) == needed;
    }

    private static void executable(ZipArchiveEntry entry, CodeUse use) {
        boolean started = entry.getName().equals(BOOTSTRAP)
                ? use != CodeUse.MANAGED_RUNTIME
                : use == CodeUse.LAYER && isExtension(entry.getName());
        if (!started || isFolder(entry) || isLink(entry)) {
            return;
        }
        if (!UNIX.contains(entry.getPlatform())) {
            // Elsewhere the file may be something else that only has this name.
            if (use == CodeUse.CUSTOM_RUNTIME) {
                throw new IllegalArgumentException("holds '" + TypedReader.shown(entry.getName())
                        + "' without a mode, as programs on Windows pack it, and Lambda cannot execute it; pack it on"
                        + " Linux, or with a program that writes the mode 0755");
            }
        } else if ((mode(entry) & OTHERS_EXECUTE) == 0) {
            throw new IllegalArgumentException("holds " + shown(entry)
                    + ", which Lambda starts and may not execute; give it the mode 0755 (chmod 755) and pack it again");
        }
    }

    /** Lambda starts every file of this folder; folders in it are not read. */
    private static boolean isExtension(String name) {
        return name.startsWith(EXTENSIONS)
                && name.length() > EXTENSIONS.length()
                && name.indexOf('/', EXTENSIONS.length()) < 0;
    }

    private static boolean isFolder(ZipArchiveEntry entry) {
        return entry.getName().endsWith("/");
    }

    private static int mode(ZipArchiveEntry entry) {
        return (int) (entry.getExternalAttributes() >>> 16) & 0xFFFF;
    }

    private static String shown(ZipArchiveEntry entry) {
        return "'" + TypedReader.shown(entry.getName()) + "' (mode "
                + String.format(Locale.ROOT, "%04o", mode(entry) & 07777) + ")";
    }
}
