package io.jenkins.plugins.serverlesspromotion.format.artifact;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.Limits;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import io.jenkins.plugins.serverlesspromotion.format.input.Source;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.manifest.CheckNotes;
import io.jenkins.plugins.serverlesspromotion.format.manifest.ManifestCheck;
import io.jenkins.plugins.serverlesspromotion.format.manifest.ManifestReader;
import io.jenkins.plugins.serverlesspromotion.format.manifest.MarkedManifest;
import io.jenkins.plugins.serverlesspromotion.format.manifest.NoEchoCheck;
import io.jenkins.plugins.serverlesspromotion.format.template.CodeUse;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateCode;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Builds a release from a manifest and the files that it names: templates, the local files that templates name, the code
 * of functions, and the files of sites. Every path is relative to the folder of the manifest. Nothing is written. The
 * uploader must verify the digest, because a file may change after it was read here.
 */
public final class ReleaseAssembler {
    /** Of a release that is only validated. */
    private static final String ANY_VERSION = "0";

    /** Limit of levels of nested templates; CloudFormation itself has no limit. */
    private static final int DEEPEST = 10;

    /** Elastic Beanstalk takes source bundles of at most 500 MB; no other property takes larger files. */
    private static final long MOST_BYTES = 500L << 20;

    private static final String PACK =
            "; pack it into a ZIP before publishing and name the ZIP, or publish what sam build,"
                    + " serverless package or cdk synth writes, with --from";

    private final Path folder;
    private final MarkedManifest marked;
    private final FileDigests files;
    private final Problems problems = new Problems();
    private final Map<String, Upload> uploads = new TreeMap<>();
    private final Map<String, byte[]> templates = new TreeMap<>();
    private final NoEchoCheck noEcho;
    private final Map<String, Set<CodeUse>> checkedUses = new HashMap<>();
    private final UnaryOperator<SourceLocation> places;

    private ReleaseAssembler(Path folder, MarkedManifest marked, UnaryOperator<SourceLocation> places)
            throws IOException {
        this.folder = folder;
        this.places = places;
        this.marked = marked;
        this.files = new FileDigests(folder);
        this.noEcho = new NoEchoCheck(marked);
    }

    /** @param file the path of the artifact's bytes */
    public record Upload(Artifact artifact, Path file) {}

    /**
     * @param uploads one for every artifact of the release, in order of path
     * @param manifest for further messages with a line
     * @param noEcho the parameters with NoEcho, each as {@code TARGET.PARAMETER}
     * @param templates the templates by path
     */
    public record Assembly(
            Release release,
            List<Upload> uploads,
            MarkedManifest manifest,
            List<String> noEcho,
            Map<String, byte[]> templates) {
        public Assembly {
            uploads = List.copyOf(uploads);
            noEcho = List.copyOf(noEcho);
            templates = Map.copyOf(templates);
        }

        /**
         * Checks the release against the policy that is in force.
         *
         * @throws InputException naming file, line, key and environments of each problem
         */
        public void check(Policy policy) {
            ManifestCheck.against(manifest, release.version(), templates, policy);
        }

        /**
         * What will probably fail after the deployment, as sentences for people.
         *
         * @param policy null when it is not known
         */
        public List<String> notes(Policy policy) {
            return CheckNotes.of(manifest, release.version(), templates, policy);
        }
    }

    /**
     * @param manifest path of {@code release.yaml}
     * @param version of the release, as {@link Names#version} accepts it
     * @throws InputException naming file, line and key of every error
     * @throws IllegalArgumentException when {@code version} is not a version
     * @throws IOException when a file exists and cannot be read
     */
    public static Assembly assemble(Path manifest, String version) throws IOException {
        return assemble(manifest, version, where -> where);
    }

    /** @param places the place to name instead of one in a template that a tool wrote */
    public static Assembly assemble(Path manifest, String version, UnaryOperator<SourceLocation> places)
            throws IOException {
        Names.version(version);
        MarkedManifest marked = ManifestReader.readMarked(manifest);
        Path folder = manifest.toAbsolutePath().normalize().getParent();
        return new ReleaseAssembler(folder, marked, places).all(version, problems -> {});
    }

    /**
     * The same without a version, and everything checked at once.
     *
     * @param policy null when it is not known
     * @param places the place to name instead of one in a template that a tool wrote
     */
    public static Assembly validate(Path manifest, Policy policy, UnaryOperator<SourceLocation> places)
            throws IOException {
        MarkedManifest marked = ManifestReader.readMarked(manifest);
        Path folder = manifest.toAbsolutePath().normalize().getParent();
        var assembler = new ReleaseAssembler(folder, marked, places);
        return assembler.all(
                ANY_VERSION, problems -> ManifestCheck.against(marked, null, assembler.templates, policy, problems));
    }

    private Assembly all(String version, Consumer<Problems> check) throws IOException {
        Manifest manifest = marked.manifest();
        for (Manifest.Target target : manifest.targets()) {
            String path = "targets[" + target.name() + "]." + target.kind();
            if (target instanceof Manifest.CloudFormation stack) {
                template(stack, marked.where(path + ".template"));
            } else if (target instanceof Manifest.Lambda lambda) {
                zip(
                        lambda.code(),
                        Set.of(CodeUse.UNKNOWN_RUNTIME),
                        marked.where(path + ".package"),
                        missing(lambda.code()));
            } else if (target instanceof Manifest.Site site) {
                site(site.directory(), marked.where(path + ".directory"));
            }
        }
        noEcho.addTo(problems);
        check.accept(problems);
        problems.throwIfAny();
        var sorted = List.copyOf(uploads.values());
        var artifacts = sorted.stream().map(Upload::artifact).toList();
        return new Assembly(
                new Release(manifest.service(), version, manifest, artifacts),
                sorted,
                marked,
                noEcho.parameters(),
                templates);
    }

    private void template(Manifest.CloudFormation stack, SourceLocation where) throws IOException {
        template(stack.template(), where, List.of(), "does not exist; build it before publishing")
                .ifPresent(bytes -> noEcho.template(stack, bytes));
    }

    /**
     * @param outer the templates that nest this one, outermost first
     * @return empty with a problem
     */
    private Optional<byte[]> template(String path, SourceLocation where, List<String> outer, String missing)
            throws IOException {
        if (outer.contains(path) || outer.size() > DEEPEST) {
            problems.add(
                    where,
                    "the template '" + TypedReader.shown(path) + "' "
                            + (outer.contains(path)
                                    ? "nests itself; name another template"
                                    : "is nested more than " + DEEPEST + " levels deep; nest less"));
            return Optional.empty();
        }
        if (templates.containsKey(path)) {
            return Optional.of(templates.get(path));
        }
        Path file = files.regular(path, where, problems, missing);
        if (file == null) {
            return Optional.empty();
        }
        byte[] bytes;
        List<TemplateCode.Named> code;
        Map<String, Set<CodeUse>> uses;
        try {
            // The checked bytes are the hashed bytes, whatever happens to the file meanwhile.
            bytes = Source.bytes(file, path, Limits.TEMPLATE);
            code = TemplateReader.code(path, bytes);
            uses = TemplateReader.uses(path, bytes);
        } catch (InputException e) {
            e.problems().forEach(p -> inTemplate(p, where));
            return Optional.empty();
        }
        String digest = CanonicalDigests.sha256(bytes);
        put(new Artifact(path, digest.substring("sha256:".length()), bytes.length), file);
        templates.put(path, bytes);
        var here = new ArrayList<>(outer);
        here.add(path);
        for (TemplateCode.Named named : code) {
            named(named, uses.getOrDefault(named.path(), Set.of(CodeUse.UNKNOWN_RUNTIME)), path, where, here);
        }
        return Optional.of(bytes);
    }

    private void named(
            TemplateCode.Named named, Set<CodeUse> uses, String template, SourceLocation where, List<String> outer)
            throws IOException {
        // Two lines help here: that of the manifest names the target, that of the template the resource.
        SourceLocation known = places.apply(named.where());
        SourceLocation at = known.equals(named.where())
                ? new SourceLocation(where.file(), where.line(), where.path() + ": " + named.where())
                : known;
        String missing = hint(named.path(), template);
        switch (named.property().content()) {
            case CODE -> zip(named.path(), uses, at, missing);
            case TEMPLATE -> template(named.path(), at, outer, missing);
            default -> file(named.path(), at, missing);
        }
    }

    /** A file whose content only its service understands. */
    private void file(String path, SourceLocation at, String missing) throws IOException {
        Path file = uploads.containsKey(path) ? null : files.regular(path, at, problems, missing);
        if (file == null) {
            return;
        }
        try {
            put(files.digest(path, file, MOST_BYTES), file);
        } catch (IllegalArgumentException e) {
            problems.add(at, "the file '" + TypedReader.shown(path) + "' " + e.getMessage());
        }
    }

    private void inTemplate(InputException.Problem problem, SourceLocation where) {
        SourceLocation known = places.apply(problem.where());
        if (known.equals(problem.where())) {
            problems.add(where, "the template " + problem);
        } else {
            problems.add(known, problem.text());
        }
    }

    /** @param missing the message when there is no such file */
    private void zip(String path, Set<CodeUse> uses, SourceLocation at, String missing) throws IOException {
        var unchecked = new ArrayList<>(uses);
        Set<CodeUse> checked = checkedUses.computeIfAbsent(path, p -> EnumSet.noneOf(CodeUse.class));
        unchecked.removeAll(checked);
        if (unchecked.isEmpty()) {
            return;
        }
        Path zip = files.regular(path, at, problems, missing);
        if (zip == null) {
            return;
        }
        try {
            for (CodeUse use : unchecked) {
                put(files.digest(path, zip, ZipCheck.MOST_BYTES, file -> ZipCheck.check(file, use)), zip);
                checked.add(use);
            }
        } catch (IllegalArgumentException e) {
            problems.add(at, "the code '" + path + "' " + e.getMessage());
        }
    }

    private String missing(String path) {
        return Files.isDirectory(folder.resolve(path))
                ? "is a folder" + PACK
                : "does not exist; build it before publishing";
    }

    private String hint(String path, String template) {
        Path parent = folder.resolve(template).getParent();
        if (parent == null || parent.equals(folder) || !Files.exists(parent.resolve(path))) {
            return missing(path);
        }
        String other = folder.relativize(parent.resolve(path)).toString().replace('\\', '/');
        String relative = "does not exist; paths in a template are relative to the manifest: ";
        return Files.isDirectory(parent.resolve(path))
                ? relative + other + " is a folder" + PACK
                : relative + "write " + other;
    }

    private void site(String directory, SourceLocation where) throws IOException {
        for (var file : new SiteFiles(folder, directory, where, problems).list().entrySet()) {
            if (uploads.containsKey(file.getKey())) {
                continue;
            }
            try {
                put(files.digest(file.getKey(), file.getValue(), SiteFiles.MOST_BYTES), file.getValue());
            } catch (IllegalArgumentException e) {
                problems.add(where, "the file '" + TypedReader.shown(file.getKey()) + "' " + e.getMessage());
            }
        }
    }

    private void put(Artifact artifact, Path file) {
        uploads.put(artifact.path(), new Upload(artifact, file));
    }
}
