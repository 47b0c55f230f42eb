package io.jenkins.plugins.serverlesspromotion.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import io.jenkins.plugins.serverlesspromotion.format.artifact.RawZip;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** What a target begins with: examples and fixtures of this project, and every input that was a finding once. */
final class Seeds {
    /** In bytes. Longer inputs are tried too seldom in ten minutes to be of use. */
    static final int LONGEST = 16 << 10;

    private static final String KEPT = "src/test/resources/fuzz";
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SEQUENCE = Pattern.compile("\"seq\":\\d+,\"v\":1}$");

    private final Path root;
    private final Map<String, byte[]> found = new TreeMap<>();

    private Seeds(Path root) {
        this.root = root;
    }

    /**
     * The inputs by name, none longer than {@link #LONGEST}.
     *
     * @param root of the project
     */
    static Map<String, byte[]> of(FuzzTarget target, Path root) throws IOException {
        var seeds = new Seeds(root);
        switch (target) {
            case MANIFEST -> seeds.manifests();
            case POLICY -> seeds.policies();
            case TEMPLATE -> seeds.templates();
            case ZIP -> seeds.zips();
            case REST_BODY -> seeds.envelopes();
            case JOURNAL_LINE -> seeds.journals();
            case TICKET, VERSION_RANGE -> {}
        }
        Path kept = kept(target, root);
        // A target without a finding has no folder: git keeps no empty one.
        for (Path file : Files.exists(kept) ? files(kept, "") : List.<Path>of()) {
            seeds.found.put("kept-" + file.getFileName(), Files.readAllBytes(file));
        }
        seeds.found.values().removeIf(bytes -> bytes.length > LONGEST);
        return seeds.found;
    }

    /** The folder of the inputs that are kept for a target: those that were findings, and some written by hand. */
    static Path kept(FuzzTarget target, Path root) {
        return root.resolve(KEPT).resolve(target.word());
    }

    /** Words of the input's language, as libFuzzer reads them. */
    static Path dictionary(FuzzTarget target, Path root) {
        return root.resolve(KEPT).resolve(target.word() + ".dict");
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private void file(String path) throws IOException {
        found.put(path.replace('/', '-'), Files.readAllBytes(root.resolve(path)));
    }

    /** Every block of YAML on a page of the documentation. */
    private void blocks(String page) throws IOException {
        var matcher = YAML.matcher(Files.readString(root.resolve(page)));
        while (matcher.find()) {
            found.put(
                    page.replace('/', '-') + "-" + found.size(),
                    matcher.group(1).getBytes(UTF_8));
        }
    }

    private void manifests() throws IOException {
        file("docs/examples/orders/release.yaml");
        for (String service : List.of("billing", "orders", "search")) {
            file("src/test/resources/golden/installation-1/" + service + ".yaml");
        }
        blocks("docs/user/manifest.md");
    }

    private void policies() throws IOException {
        file("docs/examples/orders/policy.yaml");
        file("docs/examples/demo/jenkins.yaml");
        file("src/test/resources/golden/installation-1/policy.yaml");
        blocks("docs/admin/policy.md");
        blocks("docs/admin/configuration-as-code.md");
    }

    private void templates() throws IOException {
        for (Path file : files(root.resolve("docs/examples"), ".yaml")) {
            found.put("example-" + file.getFileName(), Files.readAllBytes(file));
        }
        Path tools = root.resolve("src/test/resources/io/jenkins/plugins/serverlesspromotion/format/tools");
        for (String ending : List.of("template.yaml", "template.json", "template.yml")) {
            for (Path file : files(tools, ending)) {
                found.put("tool-" + found.size() + "-" + file.getFileName(), Files.readAllBytes(file));
            }
        }
        var reader = new TemplateReader();
        for (String folder : List.of("risk", "risk-corpus")) {
            for (Path file : files(root.resolve("src/test/resources").resolve(folder), ".yaml")) {
                var pair = (Map<?, ?>) reader.tree(file.toString(), Files.readAllBytes(file));
                for (String side : List.of("before", "after")) {
                    if (pair.get(side) != null) {
                        found.put(
                                folder + "-" + side + "-" + file.getFileName(),
                                Json.pretty(pair.get(side)).getBytes(UTF_8));
                    }
                }
            }
        }
    }

    private void zips() throws IOException {
        Path tools = root.resolve("src/test/resources/io/jenkins/plugins/serverlesspromotion/format/tools");
        for (Path file : files(tools, ".zip")) {
            found.put(file.getFileName().toString(), Files.readAllBytes(file));
        }
        found.put("one.zip", zip("handler.py", "x = 1"));
        found.put("folders.zip", zip("a/", "", "a/b.py", "x = 1", "c", ""));
        var link = new RawZip();
        link.add("a", "../b").mode(0120777);
        found.put("link.zip", link.bytes());
        for (var form : RawZip.Descriptor.values()) {
            var raw = new RawZip();
            raw.add("h.py", "x = 1").with(form);
            raw.add("__init__.py", "").stored().with(form);
            raw.add("bootstrap", "#!/bin/sh").mode(0100755);
            raw.add("lib/", "");
            raw.add("lib/a", "../h.py").mode(0120777);
            found.put("descriptor-" + form.name() + ".zip", raw.bytes());
            found.put("zip64-" + form.name() + ".zip", raw.large().bytes());
        }
    }

    private static byte[] zip(String... namesAndTexts) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                var entry = new ZipEntry(namesAndTexts[i]);
                entry.setTime(0);
                out.putNextEntry(entry);
                out.write(namesAndTexts[i + 1].getBytes(UTF_8));
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private void envelopes() throws IOException {
        for (Path file : files(root.resolve("src/test/resources/envelopes"), ".json")) {
            String envelope = URLEncoder.encode(Files.readString(file), UTF_8);
            found.put("envelope-" + file.getFileName(), ("do=evidence&envelope=" + envelope).getBytes(UTF_8));
        }
    }

    private void journals() throws IOException {
        for (Path file : files(root.resolve("src/test/resources/golden"), ".log")) {
            for (String line : Files.readAllLines(file)) {
                // It stands in the second line of the target's journal.
                String json =
                        SEQUENCE.matcher(line.substring(line.indexOf(' ') + 1)).replaceFirst("\"seq\":1,\"v\":1}");
                found.put("line-" + String.format("%08x", json.hashCode()), json.getBytes(UTF_8));
            }
        }
    }
}
