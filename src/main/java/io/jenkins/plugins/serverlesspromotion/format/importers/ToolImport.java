package io.jenkins.plugins.serverlesspromotion.format.importers;

import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.ToolOutput;
import io.jenkins.plugins.serverlesspromotion.format.artifact.FolderZip;
import io.jenkins.plugins.serverlesspromotion.format.input.Limits;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.NodeWriter;
import io.jenkins.plugins.serverlesspromotion.format.input.Source;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import io.jenkins.plugins.serverlesspromotion.format.manifest.ManifestReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Makes a deployment manifest from the output of a tool. The result is an ordinary manifest with templates and ZIPs in
 * a folder of the project. So all later steps (reading, hashing, publishing, planning) are the same as for a
 * hand-written manifest, and people can read the result.
 */
public final class ToolImport {
    /** The generated manifest, in the folder of the project. */
    public static final String MANIFEST = ToolFiles.MANIFEST;

    /** The folder for all other files that an import writes, relative to the project. */
    public static final String FOLDER = ToolFiles.FOLDER;

    private final Request request;
    private final Path root;

    private ToolImport(Request request) {
        this.request = request;
        this.root = request.project().toAbsolutePath().normalize();
    }

    /**
     * @param project the folder of all files
     * @param output folder or file of the tool, relative to the project; null for the tool's default
     * @param manifest {@code release.yaml}, relative to the project, that adds to what the tool knows: variables,
     *     checks, further targets, and parameters of the imported ones, which it names. Null for none
     * @param service name of the service, where neither manifest nor tool define it; may be null
     * @param stack name of the only stack, instead of the tool's; may be null
     */
    public record Request(
            ToolOutput tool, Path project, String output, String manifest, String service, String stack) {}

    /**
     * Writes the manifest and the files it names, replacing those of an earlier import.
     *
     * @throws InputException when the output of the tool is missing, or cannot be released
     * @throws IOException when a file cannot be read or written
     */
    public static ImportedManifest run(Request request) throws IOException {
        return new ToolImport(request).run();
    }

    private ImportedManifest run() throws IOException {
        String at = request.output() == null ? request.tool().folder() : request.output();
        var files = new ToolFiles(
                root,
                root.resolve(at).normalize(),
                "does not exist; " + command() + " writes it, in the folder of the project");
        Optional<Node.Mapping> own = ownManifest(files);
        List<ImportedStack> stacks;
        String service = request.service();
        switch (request.tool()) {
            case SAM ->
                stacks = List.of(
                        new SamImport(files, OwnTarget.of(own, SamImport.TARGET, request.stack() != null)).read());
            case SERVERLESS -> {
                var tool = new ServerlessImport(
                        files, OwnTarget.of(own, ServerlessImport.TARGET, request.stack() != null));
                stacks = List.of(tool.read());
                service = service == null ? tool.service().orElse(null) : service;
            }
            case CDK -> stacks = new CdkImport(files).read();
            default -> throw new IllegalArgumentException("no importer for " + request.tool());
        }
        if (request.stack() != null && stacks.size() > 1) {
            throw new InputException(
                    SourceLocation.of(at),
                    "holds " + stacks.size() + " stacks, so one name of a stack does not fit; leave it out");
        }
        service = service(own, service, stacks, at);
        Path manifest = root.resolve(MANIFEST);
        refuseLink(manifest);
        write(stacks, files.nested());
        Node made = Source.of(document(service, stacks, own), "");
        Node whole = own.isPresent() ? merged(own.get(), (Node.Mapping) made) : made;
        Files.writeString(manifest, new NodeWriter().write(whole), StandardCharsets.UTF_8);
        var code = new TreeMap<String, String>();
        files.code().forEach((path, source) -> code.put(path, files.shown(source)));
        return new ImportedManifest(
                manifest, files.notes(), new KnownPlaces(files, request.tool(), own.orElse(null)), code);
    }

    private String command() {
        return switch (request.tool()) {
            case SAM -> "sam build";
            case SERVERLESS -> "serverless package";
            case CDK -> "cdk synth";
        };
    }

    private Optional<Node.Mapping> ownManifest(ToolFiles files) throws IOException {
        if (request.manifest() == null) {
            return Optional.empty();
        }
        Path file = root.resolve(request.manifest()).normalize();
        if (!root.equals(file.getParent())) {
            throw new InputException(
                    SourceLocation.of(request.manifest()),
                    "must be in the folder of the project, because its paths are relative to it");
        }
        Node tree = files.tree(file, files.bytes(file, Limits.INPUT), Limits.INPUT);
        if (!(tree instanceof Node.Mapping map)) {
            throw new InputException(tree.where(), "must be a map of service, variables, targets and the like");
        }
        return Optional.of(map);
    }

    private String service(Optional<Node.Mapping> own, String known, List<ImportedStack> stacks, String at) {
        Optional<String> written = own.flatMap(map -> map.get("service"))
                .filter(Node.Scalar.class::isInstance)
                .map(node -> ((Node.Scalar) node).text());
        if (written.isPresent()) {
            if (request.service() != null && !request.service().equals(written.get())) {
                throw new InputException(
                        own.get().member("service").orElseThrow().where(),
                        "is " + TypedReader.shown(written.get()) + ", and " + request.service()
                                + " was requested; keep one of them");
            }
            return written.get();
        }
        String service =
                known != null || stacks.size() > 1 ? known : stacks.get(0).stack();
        if (!Names.isName(service)) {
            throw new InputException(
                    SourceLocation.of(at),
                    (service == null ? "does not state" : "has '" + TypedReader.shown(service) + "', which cannot be")
                            + " what the service is called; name it as policy does: --service NAME, or service: in"
                            + " release.yaml");
        }
        return service;
    }

    private Map<String, Object> document(String service, List<ImportedStack> stacks, Optional<Node.Mapping> own) {
        var targets = new ArrayList<Object>();
        for (ImportedStack stack : stacks) {
            var cloudFormation = new LinkedHashMap<String, Object>();
            cloudFormation.put("template", FOLDER + "/" + stack.template());
            cloudFormation.put(
                    "stack",
                    request.stack() != null
                            ? request.stack()
                            : literal(stack.stack() == null ? service : stack.stack()));
            if (!stack.capabilities().isEmpty()) {
                cloudFormation.put("capabilities", stack.capabilities());
            }
            guards(stack.guards(), cloudFormation);
            var target = new LinkedHashMap<String, Object>();
            target.put("name", stack.target());
            if (!stack.after().isEmpty()) {
                target.put("after", stack.after());
            }
            if (!stack.regions().isEmpty()) {
                target.put("regions", stack.regions());
            }
            target.put("cloudformation", cloudFormation);
            OwnTarget written = OwnTarget.of(own, stack.target(), false);
            put(
                    written.isInside("parameters") ? cloudFormation : target,
                    "parameters",
                    stack.parameters(),
                    v -> v.reference() ? v.text() : literal(v.text()));
            put(written.isInside("tags") ? cloudFormation : target, "tags", stack.tags(), ToolImport::literal);
            targets.add(target);
        }
        var document = new LinkedHashMap<String, Object>();
        document.put("apiVersion", ManifestReader.API_VERSION);
        document.put("service", service);
        document.put("targets", targets);
        return document;
    }

    private static void guards(ImportedStack.Guards guards, Map<String, Object> cloudFormation) {
        if (guards.protect()) {
            cloudFormation.put("terminationProtection", true);
        }
        if (!guards.triggers().isEmpty()) {
            cloudFormation.put(
                    "rollbackTriggers",
                    guards.triggers().stream().map(ToolImport::literal).toList());
        }
        if (guards.minutes() != null) {
            cloudFormation.put("monitoringMinutes", guards.minutes());
        }
        if (guards.policy() != null) {
            cloudFormation.put("stackPolicy", guards.policy());
        }
    }

    private static <V> void put(
            Map<String, Object> target, String part, Map<String, V> values, Function<V, String> written) {
        var texts = new TreeMap<String, Object>();
        values.forEach((key, value) -> texts.put(key, written.apply(value)));
        if (!texts.isEmpty()) {
            target.put(part, texts);
        }
    }

    /** A text of a tool is literal, even where it looks like one of our references. */
    private static String literal(String text) {
        return text.replace("${", "$${");
    }

    /**
     * Values in the hand-written manifest stay; missing values come from the tool. Targets with the same name are
     * merged.
     */
    private static Node.Mapping merged(Node.Mapping own, Node.Mapping made) {
        var members = new ArrayList<>(own.members());
        for (var member : made.members()) {
            Node there = own.get(member.key()).orElse(null);
            if (there == null) {
                members.add(member);
            } else if (member.key().equals("targets")) {
                members.set(
                        members.indexOf(own.member("targets").orElseThrow()),
                        new Node.Member(member.key(), member.where(), targets(there, (Node.Sequence) member.value())));
            } else if (there instanceof Node.Mapping a && member.value() instanceof Node.Mapping b) {
                members.set(
                        members.indexOf(own.member(member.key()).orElseThrow()),
                        new Node.Member(member.key(), member.where(), merged(a, b)));
            }
        }
        return new Node.Mapping(own.where(), own.tag(), members);
    }

    private static Node targets(Node own, Node.Sequence made) {
        if (!(own instanceof Node.Sequence list)) {
            return own;
        }
        var rest = new ArrayList<>(made.items());
        var all = new ArrayList<Node>();
        for (Node target : list.items()) {
            Node same = rest.stream()
                    .filter(m -> name(target).isPresent() && name(m).equals(name(target)))
                    .findFirst()
                    .orElse(null);
            rest.remove(same);
            all.add(same == null ? target : merged((Node.Mapping) target, (Node.Mapping) same));
        }
        all.addAll(0, rest);
        return new Node.Sequence(list.where(), list.tag(), all);
    }

    private static Optional<String> name(Node target) {
        return target instanceof Node.Mapping map && map.get("name").orElse(null) instanceof Node.Scalar name
                ? Optional.of(name.text())
                : Optional.empty();
    }

    private void write(List<ImportedStack> stacks, Map<String, byte[]> nested) throws IOException {
        Path folder = root.resolve(FOLDER);
        refuseLink(folder);
        if (Files.exists(folder)) {
            delete(folder);
        }
        Files.createDirectories(folder);
        var code = new LinkedHashMap<String, Path>();
        for (ImportedStack stack : stacks) {
            Files.write(folder.resolve(stack.template()), stack.text());
            code.putAll(stack.code());
        }
        for (var one : nested.entrySet()) {
            Path to = root.resolve(one.getKey());
            Files.createDirectories(to.getParent());
            Files.write(to, one.getValue());
        }
        for (var one : code.entrySet()) {
            Path to = root.resolve(one.getKey());
            Files.createDirectories(to.getParent());
            if (!Files.isDirectory(one.getValue())) {
                Files.copy(one.getValue(), to);
                continue;
            }
            try {
                // A build of the whole project took what an earlier import wrote.
                FolderZip.pack(one.getValue(), root, to, Set.of(FOLDER, MANIFEST));
            } catch (IllegalArgumentException e) {
                String shown = root.relativize(one.getValue()).toString().replace('\\', '/');
                throw new InputException(SourceLocation.of(shown), e.getMessage());
            }
        }
    }

    /** The author of a workspace must not choose which files the importer overwrites. */
    private static void refuseLink(Path path) {
        if (Files.isSymbolicLink(path)) {
            throw new InputException(SourceLocation.of(path.getFileName().toString()), "is a link; remove it");
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new InputException(SourceLocation.of(folder.getFileName().toString()), "is not a folder; remove it");
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
