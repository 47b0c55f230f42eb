package io.jenkins.plugins.serverlesspromotion.format.manifest;

import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest.Variable;
import io.jenkins.plugins.serverlesspromotion.engine.release.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A text of the manifest in one scope, as far as it is known before anything is deployed. */
record KnownText(List<Piece> pieces) {
    /** What begins a dynamic reference of CloudFormation. */
    static final String DYNAMIC = "{{resolve:";

    /** As deep as a plan follows variables. */
    private static final int DEEPEST = 10;

    /** Characters and references of one text. What is longer is not a value of any resource. */
    private static final int MOST_WORK = 20_000;

    /** Forms of a dynamic reference that differ where a pattern may look: its kind and the length of its version. */
    private static final int FORMS = 4;

    private static final List<String> PARTITIONS = List.of("aws", "aws-cn", "aws-us-gov");

    /** A part of the text. */
    sealed interface Piece {}

    record Fixed(String value) implements Piece {}

    /** A part whose value is known later, such as an output. */
    record Open(String reference) implements Piece {}

    /**
     * A variable that CloudFormation gets as a dynamic reference.
     *
     * @param variable its name in the manifest
     * @param written the name of the parameter or secret as the manifest has it
     * @param id the same with its values; null when it is not known
     */
    record Dynamic(String variable, boolean secret, String written, String id) implements Piece {
        private String form(int number) {
            String name = id == null ? "x" : id;
            if (secret) {
                String arn = name.startsWith("arn:")
                        ? name
                        : "arn:" + PARTITIONS.get(number % PARTITIONS.size())
                                + ":secretsmanager:eu-west-1:123456789012:secret:" + name + "-AbCdEf";
                return DYNAMIC + "secretsmanager:" + arn + ":SecretString:::01234567-89ab-cdef-0123-456789abcdef}}";
            }
            return DYNAMIC + (number % 2 == 0 ? "ssm:" : "ssm-secure:") + name + (number < 2 ? ":1}}" : ":12}}");
        }
    }

    /** @param version of the release; null when it is not known */
    static KnownText of(Manifest manifest, String version, ValueScope scope, String text) {
        var reader = new Reader(manifest, version, scope);
        reader.add(text, 0);
        return new KnownText(List.copyOf(reader.pieces));
    }

    /** The value, when all of it is known and nothing is a dynamic reference. */
    Optional<String> value() {
        return pieces.stream().allMatch(Fixed.class::isInstance) ? Optional.of(form(0)) : Optional.empty();
    }

    /** What is passed, in several forms of its dynamic references; empty when a part is not known. */
    List<String> forms() {
        boolean known = pieces.stream()
                .allMatch(piece -> piece instanceof Fixed || piece instanceof Dynamic dynamic && dynamic.id() != null);
        var forms = new ArrayList<String>();
        for (int i = 0; known && i < FORMS; i++) {
            forms.add(form(i));
        }
        return forms;
    }

    /** The length that it has at least. */
    int shortest() {
        return pieces.stream()
                .mapToInt(piece -> piece instanceof Fixed fixed
                        ? fixed.value().length()
                        : piece instanceof Dynamic dynamic && dynamic.id() != null
                                ? dynamic.form(0).length()
                                : 0)
                .sum();
    }

    /** Known parts from the beginning on. */
    String prefix() {
        var prefix = new StringBuilder();
        for (Piece piece : pieces) {
            if (!(piece instanceof Fixed fixed)) {
                break;
            }
            prefix.append(fixed.value());
        }
        return prefix.toString();
    }

    /** Whether CloudFormation gets a dynamic reference in it, from a variable or as written. */
    boolean isDynamic() {
        return variable().isPresent()
                || pieces.stream()
                        .anyMatch(piece ->
                                piece instanceof Fixed fixed && fixed.value().contains(DYNAMIC));
    }

    /** The first variable that is passed as a dynamic reference. */
    Optional<Dynamic> variable() {
        return pieces.stream()
                .filter(Dynamic.class::isInstance)
                .map(Dynamic.class::cast)
                .findFirst();
    }

    private String form(int number) {
        return pieces.stream()
                .map(piece -> piece instanceof Fixed fixed
                        ? fixed.value()
                        : piece instanceof Dynamic dynamic ? dynamic.form(number) : "")
                .collect(Collectors.joining());
    }

    private static final class Reader {
        private final Manifest manifest;
        private final String version;
        private final ValueScope scope;
        private final List<Piece> pieces = new ArrayList<>();
        private int left = MOST_WORK;

        Reader(Manifest manifest, String version, ValueScope scope) {
            this.manifest = manifest;
            this.version = version;
            this.scope = scope;
        }

        void add(String text, int depth) {
            for (Text.Part part : Text.of(text).parts()) {
                if (left < 0) {
                    return;
                }
                left--;
                if (part instanceof Text.Literal literal) {
                    fixed(literal.text());
                } else {
                    reference(((Text.Reference) part).name(), depth);
                }
            }
        }

        private void fixed(String value) {
            left -= value.length();
            int last = pieces.size() - 1;
            if (last >= 0
                    && pieces.get(last) instanceof Fixed before
                    && before.value().length() < MOST_WORK) {
                pieces.set(last, new Fixed(before.value() + value));
            } else {
                pieces.add(new Fixed(value));
            }
            if (left < 0) {
                pieces.add(new Open(""));
            }
        }

        private void reference(String name, int depth) {
            if (ManifestReferences.BUILT_IN.contains(name)) {
                String value = name.equals("service")
                        ? manifest.service()
                        : name.equals("version") ? version : scope.value(name);
                if (value == null) {
                    pieces.add(new Open(name));
                } else {
                    fixed(value);
                }
                return;
            }
            Variable variable = manifest.variables().get(name);
            if (variable instanceof Variable.PerEnvironment values && depth < DEEPEST) {
                Optional<String> value = scope.environment() == null
                        ? Optional.ofNullable(values.values().get(Variable.PerEnvironment.ANY))
                        : values.in(scope.environment());
                if (value.isPresent()) {
                    add(value.get(), depth + 1);
                    return;
                }
            } else if (variable instanceof Variable.SsmParameter ssm) {
                pieces.add(new Dynamic(name, false, ssm.name(), id(ssm.name(), depth)));
                return;
            } else if (variable instanceof Variable.Secret secret) {
                pieces.add(new Dynamic(name, true, secret.id(), id(secret.id(), depth)));
                return;
            }
            pieces.add(new Open(name));
        }

        private String id(String text, int depth) {
            var inner = new Reader(manifest, version, scope);
            inner.left = left;
            inner.add(text, depth + 1);
            left = inner.left;
            return new KnownText(inner.pieces).value().orElse(null);
        }
    }
}
