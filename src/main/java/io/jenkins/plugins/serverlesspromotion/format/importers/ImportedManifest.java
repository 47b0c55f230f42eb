package io.jenkins.plugins.serverlesspromotion.format.importers;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.artifact.ReleaseAssembler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What an import wrote.
 *
 * @param manifest the path of the manifest; all else that was written is in the folder {@code .promotion} beside it
 * @param notes sentences for people: what was left out, or chosen among several
 * @param places the place that a person wrote, instead of one in a file of the import
 * @param code what a tool wrote, by the path of its copy
 */
public record ImportedManifest(
        Path manifest, List<String> notes, UnaryOperator<SourceLocation> places, Map<String, String> code) {
    public ImportedManifest {
        notes = List.copyOf(notes);
        code = Map.copyOf(code);
    }

    /** A manifest that a person wrote. */
    public static ImportedManifest written(Path manifest) {
        return new ImportedManifest(manifest, List.of(), where -> where, Map.of());
    }

    /**
     * Builds the release, with errors in files that a person knows.
     *
     * @throws InputException as {@link ReleaseAssembler#assemble(Path, String)} does
     */
    public ReleaseAssembler.Assembly assemble(String version) throws IOException {
        try {
            return ReleaseAssembler.assemble(manifest, version, places);
        } catch (InputException e) {
            throw known(e);
        }
    }

    /**
     * Checks everything at once without a version, with errors in files that a person knows.
     *
     * @param policy null when it is not known
     * @throws InputException as {@link ReleaseAssembler#validate} does
     */
    public ReleaseAssembler.Assembly validate(Policy policy) throws IOException {
        try {
            return ReleaseAssembler.validate(manifest, policy, places);
        } catch (InputException e) {
            throw known(e);
        }
    }

    /** Runs a further check of the manifest, with errors in files that a person knows. */
    public void check(Runnable check) {
        try {
            check.run();
        } catch (InputException e) {
            throw known(e);
        }
    }

    private InputException known(InputException e) {
        return new InputException(e.problems().stream()
                .map(p -> new InputException.Problem(places.apply(p.where()), named(p.text())))
                .toList());
    }

    private String named(String sentence) {
        String named = sentence;
        for (var file : code.entrySet()) {
            named = named.replace("'" + file.getKey() + "'", "'" + file.getValue() + "'");
        }
        return named;
    }
}
