package io.jenkins.plugins.serverlesspromotion.format.manifest;

import io.jenkins.plugins.serverlesspromotion.engine.release.CacheRule;
import io.jenkins.plugins.serverlesspromotion.engine.release.ContentTypeRule;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.Suggestion;
import io.jenkins.plugins.serverlesspromotion.format.input.TextPatterns;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** Reads the rules of a site for the headers of its files. */
final class SiteRulesReader {
    private static final List<String> DIRECTIVES = List.of(
            "public",
            "private",
            "no-cache",
            "no-store",
            "no-transform",
            "must-revalidate",
            "proxy-revalidate",
            "must-understand",
            "immutable",
            "max-age",
            "s-maxage",
            "stale-while-revalidate",
            "stale-if-error");

    private final TypedReader typedReader;

    SiteRulesReader(TypedReader typedReader) {
        this.typedReader = typedReader;
    }

    List<CacheRule> cache(TypedReader.Fields site) {
        return rules(site, "cache", ManifestSection.CACHE_RULE, "control", this::control, CacheRule::new);
    }

    List<ContentTypeRule> contentTypes(TypedReader.Fields site) {
        return rules(
                site,
                "contentTypes",
                ManifestSection.CONTENT_TYPE_RULE,
                "type",
                node -> matching(
                        node,
                        TextPatterns.MEDIA_TYPE,
                        "is no media type; write one such as application/wasm or text/html; charset=utf-8"),
                ContentTypeRule::new);
    }

    private interface ValueReader {
        Optional<String> read(Node node);
    }

    private <R> List<R> rules(
            TypedReader.Fields site,
            String key,
            KeyTable table,
            String value,
            ValueReader reader,
            BiFunction<String, String, R> rule) {
        var rules = new ArrayList<R>();
        Optional<Node> node = site.optional(key);
        List<Node> items = node.map(typedReader::list).orElse(List.of());
        int most = site.most(key);
        if (items.size() > most) {
            typedReader.problem(node.orElseThrow().where(), "holds " + items.size() + " rules; the most is " + most);
            return rules;
        }
        for (Node item : items) {
            typedReader.mapping(item).ifPresent(map -> {
                var fields = typedReader.fields(map, table);
                Optional<String> files = fields.required("files", "a pattern of files, as in files: \"assets/**\"")
                        .flatMap(this::files);
                Optional<String> header =
                        fields.required(value, "the value of the header").flatMap(reader::read);
                if (files.isPresent() && header.isPresent()) {
                    rules.add(rule.apply(files.get(), header.get()));
                }
            });
        }
        return rules;
    }

    private Optional<String> files(Node node) {
        return matching(
                node,
                TextPatterns.FILES,
                "is no pattern of files; write a path in the folder of the site, with * for a part of a name and ** for"
                        + " folders, as in *.wasm or assets/**, and one rule for each pattern");
    }

    private Optional<String> matching(Node node, Pattern pattern, String otherwise) {
        return typedReader.text(node).filter(text -> {
            boolean matches = pattern.matcher(text).matches();
            if (!matches) {
                typedReader.problem(node.where(), "'" + TypedReader.shown(text) + "' " + otherwise);
            }
            return matches;
        });
    }

    private Optional<String> control(Node node) {
        return typedReader.text(node).filter(text -> {
            boolean matches = TextPatterns.CACHE_CONTROL.matcher(text).matches();
            if (!matches) {
                typedReader.problem(
                        node.where(),
                        "'" + TypedReader.shown(text) + "' is no value of Cache-Control" + hint(text)
                                + "; write directives such as public, max-age=3600");
            }
            return matches;
        });
    }

    /** The first directive that is not known, with the one that may be meant. */
    private static String hint(String text) {
        for (String directive : text.split(",", -1)) {
            String name = directive.strip().split("=", 2)[0];
            if (!DIRECTIVES.contains(name)) {
                return Suggestion.of(name, DIRECTIVES)
                        .map(known -> "; did you mean " + known + "?")
                        .orElse("");
            }
        }
        return "";
    }
}
