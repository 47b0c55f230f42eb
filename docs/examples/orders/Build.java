import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The team's own build: {@code java Build.java --version 1.0.0}. Makes build/api.zip and dist/web, byte for byte the
 * same whenever and wherever it runs.
 *
 * <p>{@code --broken} builds a defect in: the handler takes for granted that a price list names a factor. Dev's does,
 * staging's does not; the smoke test finds out there.
 */
public class Build {
    public static void main(String[] args) throws Exception {
        List<String> options = Arrays.asList(args);
        int at = options.indexOf("--version");
        if (at < 0 || at + 1 == options.size()) {
            System.err.println("usage: java Build.java --version VERSION [--broken]");
            System.exit(2);
        }
        String version = options.get(at + 1);
        boolean broken = options.contains("--broken");
        zip(Path.of("src/api"), Path.of("build/api.zip"), version, broken);
        site(Path.of("web"), Path.of("dist/web"), version);
        System.out.println("orders " + version + ": build/api.zip and dist/web");
    }

    private static void zip(Path from, Path to, String version, boolean broken) throws IOException {
        Files.createDirectories(to.getParent());
        try (var out = new ZipOutputStream(Files.newOutputStream(to));
                var files = Files.list(from)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".py")).sorted().toList()) {
                String text = Files.readString(file).replace("@VERSION@", version);
                if (broken) {
                    text = text.replace("float(factor or \"1\")", "float(factor)");
                }
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                var entry = new ZipEntry(file.getFileName().toString());
                entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
                // Not compressed: what a compressor makes of the same bytes differs from one Java to the next.
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(bytes.length);
                entry.setCrc(crc(bytes));
                out.putNextEntry(entry);
                out.write(bytes);
                out.closeEntry();
            }
        }
    }

    private static long crc(byte[] bytes) {
        var crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    /** The style sheet's name holds its digest, so that it may be cached for ever; the page's does not. */
    private static void site(Path from, Path to, String version) throws Exception {
        if (Files.exists(to)) {
            try (var old = Files.list(to)) {
                for (Path file : old.toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(to);
        String style = Files.readString(from.resolve("style.css")).replace("@VERSION@", version);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
        String hash = HexFormat.of().formatHex(digest).substring(0, 12);
        Files.writeString(to.resolve("style." + hash + ".css"), style);
        Files.writeString(
                to.resolve("index.html"),
                Files.readString(from.resolve("index.html")).replace("@VERSION@", version).replace("@STYLE@", hash));
    }
}
