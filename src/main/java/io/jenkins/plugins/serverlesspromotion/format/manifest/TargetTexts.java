package io.jenkins.plugins.serverlesspromotion.format.manifest;

import io.jenkins.plugins.serverlesspromotion.engine.release.Text;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.RelativePath;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks texts of targets that are names: files of the release, resources in AWS. */
final class TargetTexts {
    private final TypedReader typedReader;
    private final ManifestReferences references;

    TargetTexts(TypedReader typedReader, ManifestReferences references) {
        this.typedReader = typedReader;
        this.references = references;
    }

    /** A path inside the folder of the manifest, the same in every environment. */
    Optional<String> path(Node node) {
        return typedReader.filled(node).flatMap(text -> {
            references.none(node, text);
            try {
                return Optional.of(RelativePath.of(text));
            } catch (IllegalArgumentException e) {
                typedReader.problem(node.where(), e.getMessage());
                return Optional.empty();
            }
        });
    }

    /**
     * A text with references. The alphabet is checked for the literal parts only, because the values of references are
     * unknown here.
     *
     * @param length at most, of the literal parts
     * @param what for messages: {@code a stack's name}
     * @param characters the alphabet in words
     */
    Optional<String> pattern(Node node, String target, Pattern alphabet, int length, String what, String characters) {
        Optional<String> text = typedReader.filled(node);
        if (text.isEmpty()) {
            return text;
        }
        references.text(target, node, text.get());
        String literal = Text.withoutReferences(text.get());
        if (!alphabet.matcher(literal).matches()) {
            // An unclosed ${ has its own message.
            if (!literal.contains("${")) {
                typedReader.problem(
                        node.where(),
                        what + " holds " + characters + " only, not '" + TypedReader.shown(literal) + "'");
            }
        } else if (literal.length() > length) {
            typedReader.problem(node.where(), what + " has at most " + length + " characters");
        }
        return text;
    }
}
