package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A published release, with the location of its bytes.
 *
 * @param store name of the artifact store in policy
 * @param versions S3 version id by artifact digest ({@code sha256:…}): a read never uses "the newest"
 * @param by who or what published it first
 * @param noEcho the parameters with NoEcho, each as {@code TARGET.PARAMETER}, in order; null: not known, because it was
 *     published by a version that did not read them
 */
public record Published(
        ReleaseRef ref,
        Release release,
        Provenance provenance,
        String store,
        Map<String, String> versions,
        Instant at,
        String by,
        List<String> noEcho) {
    public Published {
        noEcho = noEcho == null ? null : List.copyOf(new TreeSet<>(noEcho));
        versions = java.util.Collections.unmodifiableMap(new TreeMap<>(versions));
        if (!ref.id().equals(release.id())) {
            throw new IllegalArgumentException(ref.id() + " is not " + release.id());
        }
    }

    /** A release with unknown NoEcho parameters. */
    public Published(
            ReleaseRef ref,
            Release release,
            Provenance provenance,
            String store,
            Map<String, String> versions,
            Instant at,
            String by) {
        this(ref, release, provenance, store, versions, at, by, null);
    }

    public Published with(Provenance more) {
        return new Published(ref, release, more, store, versions, at, by, noEcho);
    }

    /** @param parameters each as {@code TARGET.PARAMETER} */
    public Published withNoEcho(List<String> parameters) {
        return new Published(ref, release, provenance, store, versions, at, by, parameters);
    }

    /** The parameters of a target whose values must not be shown: all that it sets, when NoEcho is not known. */
    public Set<String> hidden(Manifest.CloudFormation target) {
        var hidden = new TreeSet<>(target.parameters().keySet());
        if (noEcho != null) {
            hidden.removeIf(parameter -> !noEcho.contains(target.name() + "." + parameter));
        }
        return hidden;
    }

    /**
     * The literal values in its manifest that must not be shown. When NoEcho is not known, all parameters count. Values
     * that are names of the service, the release or {@code environment} do not, because texts must stay readable.
     */
    public HiddenValues hiddenValues(String environment) {
        var values = new TreeSet<String>();
        for (Manifest.Target target : release.manifest().targets()) {
            if (target instanceof Manifest.CloudFormation stack) {
                values.addAll(ParameterLiterals.values(release.manifest(), stack, hidden(stack), environment));
            }
        }
        if (noEcho == null) {
            values.removeIf(value -> ref.id().contains(value) || environment.contains(value));
        }
        return new HiddenValues(values);
    }
}
