package io.jenkins.plugins.serverlesspromotion.aws.context;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.session.Partition;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Placeholders;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.release.Text;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Resolves the texts of a manifest for one place. Not safe for use by several threads. */
public final class Resolution {
    /** Replaces a value that must not be shown, as CloudFormation writes it. */
    public static final String MASKED = "****";

    /** Limit of nested variables; deeper nesting is a mistake. */
    private static final int DEEPEST = 10;

    private final Release release;
    private final String environment;
    private final Placeholders placeholders;
    private final VersionPinning versionPinning;
    private final Outputs outputs;
    private final Map<String, String> pinned = new TreeMap<>();

    public Resolution(
            Release release,
            String environment,
            Place place,
            Policy.Account account,
            VersionPinning versionPinning,
            Outputs outputs) {
        this.release = release;
        this.environment = environment;
        this.placeholders = new Placeholders(
                release.service(), release.version(), environment, place.account(), account.id(), place.region());
        this.versionPinning = versionPinning;
        this.outputs = outputs;
    }

    /** The outputs of other targets. */
    public interface Outputs {
        /** @throws DeploymentException when the output will never exist */
        Output value(String target, String output);
    }

    /**
     * @param value null while it is unknown, because its target must be deployed first
     * @param secret whether it shows a NoEcho parameter
     */
    public record Output(String value, boolean secret) {
        public static final Output UNKNOWN = new Output(null, false);
    }

    /**
     * A text as it is passed on and as it is shown; the two differ where an output is not known, or secret.
     *
     * @param known whether {@code passed} is the final value
     * @param secret whether an output in it shows a NoEcho parameter; {@code shown} has stars for that one
     */
    public record Value(String passed, String shown, boolean known, boolean secret) {
        /** Of a resource that is identified by this text; so the text is not a secret. */
        public String name() {
            return known ? passed : shown;
        }
    }

    /** A parameter of a stack: may refer to anything. */
    public Value parameter(String what, String text) {
        return resolve(what, text, true, 0);
    }

    /** Any other text: only CloudFormation resolves parameters and secrets, so they are not allowed here. */
    public Value text(String what, String text) {
        return resolve(what, text, false, 0);
    }

    /** A text that must be known now. */
    public String known(String what, String text) {
        Value value = text(what, text);
        if (!value.known()) {
            throw DeploymentException.failed(what + " depends on an output that is not known: " + value.shown());
        }
        return value.passed();
    }

    /** Versions of the referenced parameters and secrets, by reference. */
    public Map<String, String> pinned() {
        return pinned;
    }

    private Value resolve(String what, String text, boolean dynamic, int depth) {
        if (depth > DEEPEST) {
            throw DeploymentException.failed(
                    what + " refers to variables that refer to each other; resolve one of them");
        }
        var passed = new StringBuilder();
        var shown = new StringBuilder();
        boolean known = true;
        boolean secret = false;
        for (Text.Part part : Text.of(text).parts()) {
            Value value = part instanceof Text.Literal literal
                    ? same(literal.text())
                    : reference(what, ((Text.Reference) part).name(), dynamic, depth);
            passed.append(value.passed());
            shown.append(value.shown());
            known &= value.known();
            secret |= value.secret();
        }
        return new Value(passed.toString(), shown.toString(), known, secret);
    }

    private Value reference(String what, String name, boolean dynamic, int depth) {
        Optional<String> builtIn = placeholders.value(name);
        if (builtIn.isPresent()) {
            return same(builtIn.get());
        }
        if (name.equals("partition")) {
            return same(Partition.of(placeholders.region()));
        }
        if (name.startsWith("output.")) {
            String[] parts = name.split("\\.", 3);
            if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
                throw DeploymentException.failed(
                        what + " refers to ${" + name + "}; write ${output.TARGET.OUTPUT} with an output of a stack");
            }
            Output output = outputs.value(parts[1], parts[2]);
            return output.value() == null
                    ? new Value(standIn(parts[1], parts[2]), "${" + name + "}", false, output.secret())
                    : new Value(output.value(), output.secret() ? MASKED : output.value(), true, output.secret());
        }
        Manifest.Variable variable = release.manifest().variables().get(name);
        if (variable == null) {
            throw DeploymentException.failed(what + " refers to ${" + name + "}, which is no variable of "
                    + release.id() + "; define it in the manifest");
        }
        if (variable instanceof Manifest.Variable.PerEnvironment values) {
            String text = values.in(environment)
                    .orElseThrow(() -> DeploymentException.failed("variable " + name + " of " + release.id()
                            + " has no value for environment " + environment));
            return resolve(what, text, dynamic, depth + 1);
        }
        if (!dynamic) {
            throw DeploymentException.failed(what + " refers to ${" + name + "}, which is a parameter or secret of AWS;"
                    + " such a variable can only be used in parameters of cloudformation targets");
        }
        return same(dynamic(name, variable, depth));
    }

    private String dynamic(String name, Manifest.Variable variable, int depth) {
        VersionPinning.Pinned found = variable instanceof Manifest.Variable.SsmParameter ssm
                ? versionPinning.parameter(resolve("variable " + name, ssm.name(), false, depth + 1)
                        .passed())
                : versionPinning.secret(
                        resolve("variable " + name, ((Manifest.Variable.Secret) variable).id(), false, depth + 1)
                                .passed());
        pinned.put(found.reference(), found.version());
        return found.text();
    }

    /**
     * The value that CloudFormation gets for an output that is unknown during planning. It differs from every live
     * value, so that the change set shows all possible changes.
     */
    static String standIn(String target, String output) {
        return "promotion-pending-output-" + target + "-" + output;
    }

    private static Value same(String text) {
        return new Value(text, text, true, false);
    }
}
