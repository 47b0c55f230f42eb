package io.jenkins.plugins.serverlesspromotion.format.manifest;

import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.NoEchoParameters;
import io.jenkins.plugins.serverlesspromotion.engine.release.ParameterLiterals;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import java.util.List;
import java.util.TreeSet;

/**
 * Requires that values of parameters with NoEcho come from AWS, never from the manifest: the journal contains the
 * manifest and keeps it permanently.
 */
public final class NoEchoCheck {
    private final MarkedManifest marked;
    private final Problems problems = new Problems();
    private final TreeSet<String> noEcho = new TreeSet<>();

    public NoEchoCheck(MarkedManifest marked) {
        this.marked = marked;
    }

    /** @param bytes the template of {@code target}, which is readable */
    public void template(Manifest.CloudFormation target, byte[] bytes) {
        Object tree = new TemplateReader().tree(target.template(), bytes);
        for (String parameter : NoEchoParameters.in(tree)) {
            noEcho.add(target.name() + "." + parameter);
            for (String path : ParameterLiterals.places(marked.manifest(), target, parameter)) {
                problems.add(
                        where(target, path, parameter),
                        "is a literal value of parameter " + parameter + ", which has NoEcho in template "
                                + target.template()
                                + ": it would stay readable in the journal. Put the value into Secrets Manager and use a"
                                + " variable with secret:, as in variables: { key: { secret: ID } } and " + parameter
                                + ": \"${key}\"");
            }
        }
    }

    /**
     * A parameter can be next to {@code cloudformation} or inside it, and a variable can have one value for all
     * environments.
     */
    private SourceLocation where(Manifest.CloudFormation target, String path, String parameter) {
        if (!path.startsWith("variables.")) {
            return marked.parameter(target, parameter);
        }
        SourceLocation one = marked.where(path);
        SourceLocation all = marked.where(path.replaceAll("\\.[^.]*$", ""));
        return one.line() == 0 && all.line() > 0 ? all : one;
    }

    public void addTo(Problems other) {
        problems.addTo(other);
    }

    /**
     * The parameters with NoEcho of all templates, each as {@code TARGET.PARAMETER}.
     *
     * @throws InputException naming file, line and key of each literal value; the value itself is not in the message
     */
    public List<String> parameters() {
        problems.throwIfAny();
        return List.copyOf(noEcho);
    }
}
