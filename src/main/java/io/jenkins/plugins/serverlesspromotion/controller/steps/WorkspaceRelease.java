package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.AbortException;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.ToolOutput;
import io.jenkins.plugins.serverlesspromotion.format.artifact.ReleaseAssembler;
import io.jenkins.plugins.serverlesspromotion.format.importers.ImportedManifest;
import io.jenkins.plugins.serverlesspromotion.format.importers.ToolImport;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jenkins.MasterToSlaveFileCallable;

/**
 * Runs on the agent of the workspace: reads and hashes the files that the manifest names. Its result is a claim until
 * S3 confirms it.
 */
final class WorkspaceRelease extends MasterToSlaveFileCallable<WorkspaceRelease.Claim> {
    private static final long serialVersionUID = 1L;

    private final String manifest;
    private final String version;
    private final Built built;

    /** @param built null when there is only a manifest */
    WorkspaceRelease(String manifest, String version, Built built) {
        this.manifest = manifest;
        this.version = version;
        this.built = built;
    }

    /** The output of a tool, from which the manifest is generated here. Nulls as in {@link ToolImport.Request}. */
    static final class Built implements Serializable {
        private static final long serialVersionUID = 1L;

        private final ToolOutput tool;
        private final String output;
        private final String manifest;
        private final String service;
        private final String stack;

        Built(ToolOutput tool, String output, String manifest, String service, String stack) {
            this.tool = tool;
            this.output = output;
            this.manifest = manifest;
            this.service = service;
            this.stack = stack;
        }

        /** Where the manifest is written, relative to the workspace: paths in it are relative to its folder. */
        String made() {
            int slash = manifest == null ? -1 : manifest.lastIndexOf('/');
            return (slash < 0 ? "" : manifest.substring(0, slash + 1)) + ToolImport.MANIFEST;
        }

        ImportedManifest read(Path workspace) throws IOException {
            Path project = workspace;
            String name = null;
            if (manifest != null) {
                Path own = inside(workspace, manifest);
                project = own.getParent();
                name = own.getFileName().toString();
            }
            return ToolImport.run(new ToolImport.Request(tool, project, output, name, service, stack));
        }
    }

    /** The result, for the controller to check. */
    static final class Claim implements Serializable {
        private static final long serialVersionUID = 1L;

        final byte[] manifest;
        final List<FileClaim> files;

        /** Content of every template, by path. */
        final Map<String, byte[]> templates;

        /** Sentences for the log of the build. */
        final List<String> notes;

        Claim(byte[] manifest, List<FileClaim> files, Map<String, byte[]> templates, List<String> notes) {
            this.notes = new ArrayList<>(notes);
            this.manifest = manifest;
            this.files = new ArrayList<>(files);
            this.templates = new LinkedHashMap<>(templates);
        }

        /** A claim of an older version has no notes. */
        private Object readResolve() {
            return notes == null ? new Claim(manifest, files, templates, List.of()) : this;
        }
    }

    static final class FileClaim implements Serializable {
        private static final long serialVersionUID = 1L;

        final String path;
        final String sha256;
        final long size;

        FileClaim(String path, String sha256, long size) {
            this.path = path;
            this.sha256 = sha256;
            this.size = size;
        }
    }

    @Override
    public Claim invoke(File workspace, VirtualChannel channel) throws IOException {
        Path file;
        ReleaseAssembler.Assembly assembly;
        List<String> notes;
        try {
            ImportedManifest imported = built == null ? null : built.read(workspace.toPath());
            file = inside(workspace.toPath(), manifest);
            if (imported == null) {
                assembly = ReleaseAssembler.assemble(file, version);
                notes = List.of();
            } else {
                assembly = imported.assemble(version);
                notes = imported.notes();
            }
        } catch (InputException e) {
            // The exception cannot be sent to the controller, and only the path below the workspace is useful.
            throw new AbortException(e.getMessage().replace(workspace.toPath() + File.separator, ""));
        }
        var files = new ArrayList<FileClaim>();
        assembly.release().artifacts().forEach(a -> files.add(new FileClaim(a.path(), a.sha256(), a.size())));
        var templates = new LinkedHashMap<String, byte[]>();
        for (Manifest.Target target : assembly.release().manifest().targets()) {
            if (target instanceof Manifest.CloudFormation stack) {
                template(file, stack.template(), templates);
            }
        }
        return new Claim(Files.readAllBytes(file), files, templates, notes);
    }

    /** Adds a template and those it nests. */
    private static void template(Path manifest, String path, Map<String, byte[]> found) throws IOException {
        if (found.containsKey(path)) {
            return;
        }
        byte[] bytes = Files.readAllBytes(manifest.resolveSibling(path));
        found.put(path, bytes);
        for (String nested : new TemplateReader().nestedTemplates(path, bytes)) {
            template(manifest, nested, found);
        }
    }

    /** Resolves links before the check: on the built-in node, Jenkins' own files are outside of the workspace. */
    static Path inside(Path folder, String path) throws IOException {
        Path file = folder.resolve(path).normalize();
        if (!Files.isRegularFile(file)) {
            throw new AbortException(path + " does not exist in the workspace");
        }
        if (!file.startsWith(folder) || !file.toRealPath().startsWith(folder.toRealPath())) {
            throw new AbortException(path + " is outside of the workspace; name a file inside of it");
        }
        return file;
    }
}
