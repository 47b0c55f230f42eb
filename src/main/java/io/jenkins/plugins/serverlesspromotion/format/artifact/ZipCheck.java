package io.jenkins.plugins.serverlesspromotion.format.artifact;

import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * Checks a ZIP of Lambda code: it must give the same result when read from its directory and from its beginning. It
 * must be within Lambda's limits, and no entry may be unpacked outside its folder.
 */
public final class ZipCheck {
    /** Lambda: 250 MB unzipped; a ZIP from S3 has no other limit, so it cannot usefully be larger than that. */
    public static final long MOST_BYTES = 250L << 20;

    private static final int MOST_LINK = 4_096;
    private static final int BUFFER = 1 << 16;

    private ZipCheck() {}

    /**
     * @throws IllegalArgumentException with the problem, as the rest of a sentence
     * @throws IOException when the file cannot be read
     */
    static void check(Path file) throws IOException {
        check(file, MOST_BYTES);
    }

    /** @param mostUnzipped bytes of all entries together */
    static void check(Path file, long mostUnzipped) throws IOException {
        byte[] start = new byte[4];
        try (InputStream in = Files.newInputStream(file)) {
            int n = in.readNBytes(start, 0, 4);
            boolean empty = n == 4 && start[0] == 'P' && start[1] == 'K' && start[2] == 5 && start[3] == 6;
            if (empty) {
                throw new IllegalArgumentException("is a ZIP without any file; build it again");
            }
            if (n < 4 || start[0] != 'P' || start[1] != 'K' || start[2] != 3 || start[3] != 4) {
                throw new IllegalArgumentException("is not a ZIP; pack the code into one");
            }
        }
        try {
            Map<String, Content> streamed = streamed(file, mostUnzipped);
            listed(file, streamed);
        } catch (ZipException e) {
            throw new IllegalArgumentException(
                    "is not a ZIP that can be read: " + e.getMessage() + "; pack it again", e);
        } catch (java.io.EOFException e) {
            throw new IllegalArgumentException("is a ZIP that ends too early; pack it again", e);
        }
    }

    /** The unpacked content of an entry. It is easy to give other content the same ZIP size and checksum. */
    private record Content(long size, String sha256) {}

    /** Contents by name, read from the beginning. */
    private static Map<String, Content> streamed(Path file, long most) throws IOException {
        var contents = new HashMap<String, Content>();
        long left = most;
        try (var in = new ZipInputStream(Files.newInputStream(file))) {
            for (ZipEntry entry = next(in); entry != null; entry = next(in)) {
                name(entry.getName());
                Content content = content(in, left);
                if (content == null) {
                    throw new IllegalArgumentException("unpacks to more than " + (most >> 20)
                            + " MiB, the most that Lambda takes; make it smaller");
                }
                left -= content.size();
                if (contents.put(entry.getName(), content) != null) {
                    throw new IllegalArgumentException(
                            "holds '" + TypedReader.shown(entry.getName()) + "' twice; pack it again");
                }
            }
        }
        return contents;
    }

    /** @return null when it has more bytes than {@code most}, counted while they are inflated */
    private static Content content(InputStream in, long most) throws IOException {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        byte[] buffer = new byte[BUFFER];
        long size = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            size += n;
            if (size > most) {
                return null;
            }
            sha256.update(buffer, 0, n);
        }
        return new Content(size, HexFormat.of().formatHex(sha256.digest()));
    }

    private static ZipEntry next(ZipInputStream in) throws IOException {
        try {
            return in.getNextEntry();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("holds a name that is not UTF-8; rename the file and pack again", e);
        }
    }

    /** The directory at the end must list the same entries, or two readers would unpack different content. */
    private static void listed(Path file, Map<String, Content> streamed) throws IOException {
        Set<String> links = ZipLinks.names(file);
        var names = new HashSet<String>();
        try (var zip = new ZipFile(file.toFile())) {
            for (var entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                names.add(entry.getName());
                Content content = streamed.get(entry.getName());
                if (content == null
                        || entry.getSize() != content.size()
                        || !content.equals(listed(zip, entry, content))) {
                    throw disagree(entry.getName());
                }
                belowLink(entry.getName(), links);
                if (links.contains(entry.getName())) {
                    link(zip, entry);
                }
            }
            if (names.size() != streamed.size() || zip.size() != names.size()) {
                streamed.keySet().stream()
                        .filter(n -> !names.contains(n))
                        .findFirst()
                        .ifPresent(n -> {
                            throw disagree(n);
                        });
                throw new IllegalArgumentException("holds entries twice; pack it again");
            }
        }
    }

    /** The unpacked content at the place that the directory names; null when that is more than {@code streamed}. */
    private static Content listed(ZipFile zip, ZipEntry entry, Content streamed) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            return content(in, streamed.size());
        }
    }

    private static IllegalArgumentException disagree(String name) {
        return new IllegalArgumentException(
                "is a ZIP whose directory and content disagree about '" + TypedReader.shown(name) + "'; pack it again");
    }

    private static void name(String name) {
        String why = null;
        if (name.isEmpty() || name.codePoints().anyMatch(Character::isISOControl)) {
            why = "has no proper name";
        } else if (name.startsWith("/") || name.matches("[A-Za-z]:.*") || name.indexOf('\\') >= 0) {
            why = "is not a relative path with /";
        } else if (("/" + name + "/").contains("/../")) {
            why = "leaves the folder that it is unpacked to";
        }
        if (why != null) {
            throw new IllegalArgumentException(
                    "holds the entry '" + TypedReader.shown(name) + "', which " + why + "; pack it again");
        }
    }

    /** A link that stays inside is allowed: bundled native libraries contain chains of links. */
    private static void link(ZipFile zip, ZipEntry entry) throws IOException {
        String target;
        try (InputStream in = zip.getInputStream(entry)) {
            target = new String(in.readNBytes(MOST_LINK), java.nio.charset.StandardCharsets.UTF_8);
        }
        int depth = entry.getName().split("/").length - 1;
        boolean out = target.startsWith("/") || target.isEmpty();
        boolean inside = false;
        for (String part : target.split("/")) {
            if (part.equals("..")) {
                depth--;
                // An earlier part may itself be a link, and then its real parent differs from the parent in the path.
                out |= inside || depth < 0;
            } else if (!part.isEmpty() && !part.equals(".")) {
                inside = true;
            }
        }
        if (out) {
            throw new IllegalArgumentException("holds the link '" + TypedReader.shown(entry.getName()) + "' to '"
                    + TypedReader.shown(target) + "', which leads out of it; pack the file itself");
        }
    }

    /** Refuses an entry below a link, because it would be unpacked at the target of the link. */
    private static void belowLink(String name, Set<String> links) {
        for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
            if (links.contains(name.substring(0, slash))) {
                throw new IllegalArgumentException(
                        "holds the entry '" + TypedReader.shown(name) + "' below a link; pack the folder itself");
            }
        }
    }
}
