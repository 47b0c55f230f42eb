package io.jenkins.plugins.serverlesspromotion.format.importers;

import io.jenkins.plugins.serverlesspromotion.engine.release.PackagedProperties.Content;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads the output of AWS SAM: {@code .aws-sam/build} of {@code sam build}, or the template that {@code sam package}
 * made of it. For a packaged template the code comes from its build, after a check that it is the same: the release
 * must contain the bytes, not an address in S3.
 */
final class SamImport {
    /** The name of the target. */
    static final String TARGET = "app";

    private static final String PACKAGED_CODE = "s3://";

    private final ToolFiles files;
    private final OwnTarget own;
    private final List<Node> trees = new ArrayList<>();

    /** The values of the build's template by the path of the property; read when a packaged template needs them. */
    private Map<String, Node> built;

    SamImport(ToolFiles files, OwnTarget own) {
        this.files = files;
        this.own = own;
    }

    ImportedStack read() throws IOException {
        Path file = Files.isDirectory(files.output()) ? files.output().resolve("template.yaml") : files.output();
        files.require(file, "sam build");
        byte[] bytes = files.bytes(file, Limits.TEMPLATE);
        Node tree = files.tree(file, bytes, Limits.TEMPLATE);
        SamConfig.Settings settings = new SamConfig(files, own)
                .read(NodeQuery.members(tree, "Parameters").stream()
                        .map(Node.Member::key)
                        .collect(Collectors.toSet()));
        byte[] text = rewritten(file, bytes);
        return new ImportedStack(
                TARGET,
                List.of(),
                List.of(),
                settings.stack(),
                "template.yaml",
                text,
                Capabilities.of(trees),
                ImportedStack.literal(settings.parameters()),
                settings.tags(),
                ImportedStack.Guards.NONE,
                files.code());
    }

    /** The template with paths of the release; nested templates are rewritten too. */
    private byte[] rewritten(Path file, byte[] bytes) throws IOException {
        Node tree = files.tree(file, bytes, Limits.TEMPLATE);
        trees.add(tree);
        boolean packaged = trees.size() == 1 && !file.equals(buildTemplate());
        var places = new TreeMap<Integer, Node.Scalar>();
        var paths = new HashMap<Integer, String>();
        for (TemplateCode.Place place : TemplateCode.packaged(tree)) {
            if (!place.property().isCarried()) {
                // TemplateCode reports its errors when the release is assembled.
                continue;
            }
            boolean code = place.property().content() == Content.CODE;
            if (packaged && !code) {
                refuseUploaded(place.value());
            }
            if (!(place.value() instanceof Node.Scalar scalar) || scalar.span() == null || scalar.tag() != null) {
                continue;
            }
            Path source;
            if (code && scalar.text().startsWith(PACKAGED_CODE)) {
                source = built(scalar);
            } else if (scalar.text().contains("://")
                    || scalar.text().contains("${")
                    || scalar.text().startsWith("arn:")
                    || scalar.text().isBlank()) {
                continue;
            } else {
                source = file.resolveSibling(scalar.text());
            }
            Path base = buildTemplate().getParent();
            places.put(scalar.span().start(), scalar);
            paths.put(
                    scalar.span().start(),
                    place.property().content() == Content.TEMPLATE
                            ? files.nest(
                                    source,
                                    base,
                                    scalar.where(),
                                    nested -> rewritten(nested, files.bytes(nested, Limits.TEMPLATE)))
                            : files.take(source, base, scalar.where()));
        }
        return spliced(bytes, places, paths);
    }

    /** Replaces exactly the scalars that name files, as when a template is rendered. */
    private static byte[] spliced(byte[] bytes, Map<Integer, Node.Scalar> places, Map<Integer, String> paths) {
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

    /** Only the names of packaged code are known to be of the same build, so other files are taken from the build. */
    private void refuseUploaded(Node value) throws IOException {
        if (!files.isThere(buildTemplate())) {
            return;
        }
        Node local = build().get(value.where().path());
        if (local instanceof Node.Scalar path
                && local.tag() == null
                && !path.text().contains("://")
                && !(value instanceof Node.Scalar same && same.text().equals(path.text()))) {
            throw new InputException(
                    value.where(),
                    "names a file that sam package uploaded; publish the output of sam build instead, without --output");
        }
    }

    private Path buildTemplate() {
        return files.root().resolve(ToolOutput.SAM.folder()).resolve("template.yaml");
    }

    private Map<String, Node> build() throws IOException {
        built = built == null ? values() : built;
        return built;
    }

    private Map<String, Node> values() throws IOException {
        Path file = buildTemplate();
        if (!files.isThere(file)) {
            throw new InputException(
                    SourceLocation.of(files.shown(files.output())),
                    "names code in S3, and " + files.shown(file) + " of the build it was made of does not exist; run"
                            + " sam build before sam package, or leave sam package out");
        }
        var locations = new HashMap<String, Node>();
        TemplateCode.packaged(files.tree(file, files.bytes(file, Limits.TEMPLATE), Limits.TEMPLATE))
                .forEach(place -> locations.put(place.value().where().path(), place.value()));
        return locations;
    }

    private Path built(Node.Scalar packaged) throws IOException {
        if (!(build().get(packaged.where().path()) instanceof Node.Scalar path)
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
}
