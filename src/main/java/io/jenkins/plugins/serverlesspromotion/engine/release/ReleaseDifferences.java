package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Names what differs between two releases of the same name, in a text of bounded length. */
public final class ReleaseDifferences {
    /** Names that are listed; the others are counted. */
    private static final int MOST_NAMED = 12;

    private static final int LONGEST_NAME = 100;

    private final Map<String, List<String>> names = new LinkedHashMap<>();
    private int named;
    private int more;

    private ReleaseDifferences() {}

    /**
     * Names the files that are changed, added and removed, and the parts of the manifest that differ.
     *
     * @return as in {@code changed: build/api.zip; added: web/b.js; manifest: target api}; empty when they are equal
     */
    public static String between(Release before, Release after) {
        var differences = new ReleaseDifferences();
        Map<String, Artifact> old = byPath(before);
        Map<String, Artifact> now = byPath(after);
        var paths = new TreeSet<>(old.keySet());
        paths.addAll(now.keySet());
        for (String kind : List.of("changed", "added", "removed")) {
            for (String path : paths) {
                if (kind.equals(kind(old.get(path), now.get(path)))) {
                    differences.add(kind, path);
                }
            }
        }
        manifest(before.manifest(), after.manifest()).forEach(part -> differences.add("manifest", part));
        return differences.text();
    }

    private static Map<String, Artifact> byPath(Release release) {
        return release.artifacts().stream()
                .collect(Collectors.toMap(Artifact::path, Function.identity(), (a, b) -> b, TreeMap::new));
    }

    private static String kind(Artifact old, Artifact now) {
        if (old == null) {
            return "added";
        }
        return now == null ? "removed" : old.equals(now) ? "" : "changed";
    }

    /** The parts of a manifest that differ, as a person finds them in it. */
    private static List<String> manifest(Manifest before, Manifest after) {
        var parts = new ArrayList<String>();
        keys(before.variables(), after.variables()).forEach(name -> parts.add("variable " + name));
        keys(byName(before), byName(after)).forEach(name -> parts.add("target " + name));
        if (!before.verify().equals(after.verify())) {
            parts.add("verify");
        }
        if (!before.requires().equals(after.requires())) {
            parts.add("requires");
        }
        if (parts.isEmpty() && !before.targets().equals(after.targets())) {
            parts.add("order of targets");
        }
        return parts;
    }

    private static Map<String, Manifest.Target> byName(Manifest manifest) {
        return manifest.targets().stream()
                .collect(Collectors.toMap(Manifest.Target::name, Function.identity(), (a, b) -> b, TreeMap::new));
    }

    private static List<String> keys(Map<String, ?> before, Map<String, ?> after) {
        var all = new TreeSet<>(before.keySet());
        all.addAll(after.keySet());
        return all.stream()
                .filter(key -> !Objects.equals(before.get(key), after.get(key)))
                .toList();
    }

    private void add(String kind, String name) {
        if (named == MOST_NAMED) {
            more++;
            return;
        }
        named++;
        String shown = name.length() <= LONGEST_NAME ? name : "…" + name.substring(name.length() - LONGEST_NAME);
        names.computeIfAbsent(kind, k -> new ArrayList<>()).add(shown);
    }

    private String text() {
        String text = names.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + String.join(", ", entry.getValue()))
                .collect(Collectors.joining("; "));
        return more == 0 ? text : text + "; and " + more + " more";
    }
}
