package io.jenkins.plugins.serverlesspromotion.format.importers;

import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.ToolOutput;
import io.jenkins.plugins.serverlesspromotion.format.input.Limits;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalJson;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the output of AWS SAM: {@code .aws-sam/build} of {@code sam build}, or the template that {@code sam package}
 * made of it. For a packaged template the code comes from its build, after a check that it is the same: the release
 * must contain the bytes, not an address in S3.
 */
final class SamImport {
    private static final String PACKAGED_CODE = "s3://";
    private static final Pattern STACK_NAME = Pattern.compile("\\s*stack_name\\s*=\\s*\"([^\"]{1,128})\"\\s*(#.*)?");

    private final ToolFiles files;
    private final Map<Integer, Node.Scalar> places = new TreeMap<>();
    private final Map<Integer, String> paths = new HashMap<>();

    SamImport(ToolFiles files) {
        this.files = files;
    }

    ImportedStack read() throws IOException {
        Path file = Files.isDirectory(files.output()) ? files.output().resolve("template.yaml") : files.output();
        byte[] bytes = files.bytes(file, Limits.TEMPLATE);
        Node tree = files.tree(file, bytes, Limits.TEMPLATE);
        Map<String, Node> built = null;
        for (Node location : TemplateCode.locations(tree)) {
            if (!(location instanceof Node.Scalar scalar) || scalar.span() == null || scalar.tag() != null) {
                // TemplateCode reports its errors when the release is assembled.
                continue;
            }
            Path source;
            if (scalar.text().startsWith(PACKAGED_CODE)) {
                built = built == null ? built() : built;
                source = built(scalar, built);
            } else if (scalar.text().contains("://") || scalar.text().isBlank()) {
                continue;
            } else {
                source = file.resolveSibling(scalar.text());
            }
            places.put(scalar.span().start(), scalar);
            paths.put(scalar.span().start(), files.take(source, buildTemplate().getParent(), scalar.where()));
        }
        return new ImportedStack(
                "app",
                List.of(),
                List.of(),
                stack(),
                "template.yaml",
                spliced(bytes),
                Capabilities.of(tree),
                Map.of(),
                Map.of(),
                false,
                files.code());
    }

    /** Replaces exactly the scalars that name code, as when a template is rendered. */
    private byte[] spliced(byte[] bytes) {
        var out = new ByteArrayOutputStream(bytes.length);
        int at = 0;
        for (var place : places.entrySet()) {
            out.write(bytes, at, place.getKey() - at);
            out.writeBytes(CanonicalJson.bytes(paths.get(place.getKey())));
            at = place.getValue().span().end();
        }
        out.write(bytes, at, bytes.length - at);
        return out.toByteArray();
    }

    private Path buildTemplate() {
        return files.root().resolve(ToolOutput.SAM.folder()).resolve("template.yaml");
    }

    /** The code paths in the template of the build, by the path of the property. */
    private Map<String, Node> built() throws IOException {
        Path file = buildTemplate();
        if (!files.isThere(file)) {
            throw new InputException(
                    SourceLocation.of(files.shown(files.output())),
                    "names code in S3, and " + files.shown(file) + " of the build it was made of does not exist; run"
                            + " sam build before sam package, or leave sam package out");
        }
        var locations = new HashMap<String, Node>();
        TemplateCode.locations(files.tree(file, files.bytes(file, Limits.TEMPLATE), Limits.TEMPLATE))
                .forEach(node -> locations.put(node.where().path(), node));
        return locations;
    }

    private Path built(Node.Scalar packaged, Map<String, Node> built) throws IOException {
        if (!(built.get(packaged.where().path()) instanceof Node.Scalar path)
                || path.text().contains("://")) {
            throw new InputException(
                    packaged.where(),
                    "names code in S3 that " + files.shown(buildTemplate())
                            + " does not know; run sam build and sam package again");
        }
        Path source = buildTemplate().resolveSibling(path.text()).normalize();
        String key = packaged.text().substring(packaged.text().lastIndexOf('/') + 1);
        String sum = key.contains(".") ? key.substring(0, key.indexOf('.')) : key;
        if (Files.isDirectory(source) && !sum.equals(sum(source))) {
            throw new InputException(
                    packaged.where(),
                    "was made of another build than what is in " + files.shown(source) + " now; run sam package again");
        }
        return source;
    }

    /**
     * The name that {@code sam package} gives a folder in S3 (dir_checksum of aws-sam-cli, samcli/lib/utils/hash.py):
     * it proves nothing, but detects a mix of two builds.
     */
    private static String sum(Path folder) throws IOException {
        MessageDigest all = md5();
        var sorted = new TreeMap<String, Path>();
        try (var walk = Files.walk(folder, java.nio.file.FileVisitOption.FOLLOW_LINKS)) {
            walk.filter(Files::isRegularFile)
                    .forEach(f -> sorted.put(folder.relativize(f).toString(), f));
        }
        for (var file : sorted.entrySet()) {
            all.update(file.getKey().getBytes(StandardCharsets.UTF_8));
            all.update(HexFormat.of()
                    .formatHex(md5().digest(Files.readAllBytes(file.getValue())))
                    .getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(all.digest());
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    /**
     * The name of the stack in {@code samconfig.toml}, which {@code sam deploy --guided} writes; null without such a
     * file.
     */
    private String stack() throws IOException {
        Path file = files.root().resolve("samconfig.toml");
        if (!files.isThere(file)) {
            return null;
        }
        String section = "";
        String found = null;
        for (String line : new String(files.bytes(file, Limits.INPUT), StandardCharsets.UTF_8).split("\\R")) {
            Matcher name = STACK_NAME.matcher(line);
            if (line.strip().startsWith("[")) {
                section = line.strip();
            } else if (name.matches()
                    && (section.equals("[default.deploy.parameters]")
                            || section.equals("[default.global.parameters]") && found == null)) {
                found = name.group(1);
            }
        }
        return found;
    }
}
