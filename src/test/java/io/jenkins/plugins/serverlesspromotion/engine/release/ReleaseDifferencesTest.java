package io.jenkins.plugins.serverlesspromotion.engine.release;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class ReleaseDifferencesTest {
    private static Artifact file(String path, int content) {
        return new Artifact(path, String.format("%064x", content), 7);
    }

    private static Manifest.Target site(String name, String bucket) {
        return new Manifest.Site(name, List.of(), List.of(), "web", bucket, null);
    }

    private static Manifest manifest(Map<String, Manifest.Variable> variables, Manifest.Target... targets) {
        return new Manifest("orders", variables, List.of(targets), List.of(), List.of());
    }

    private static Release release(Manifest manifest, Artifact... files) {
        return new Release("orders", "1", manifest, List.of(files));
    }

    private static final Manifest SAME = manifest(Map.of(), site("web", "b"));

    @Test
    public void changedAddedAndRemovedFilesAreNamed() {
        assertEquals(
                "changed: build/api.zip, infra/api.yaml; added: web/b.js; removed: web/a.js",
                ReleaseDifferences.between(
                        release(
                                SAME,
                                file("build/api.zip", 1),
                                file("infra/api.yaml", 2),
                                file("same.zip", 3),
                                file("web/a.js", 4)),
                        release(
                                SAME,
                                file("build/api.zip", 5),
                                file("infra/api.yaml", 6),
                                file("same.zip", 3),
                                file("web/b.js", 4))));
        assertEquals("", ReleaseDifferences.between(release(SAME, file("a", 1)), release(SAME, file("a", 1))));
    }

    @Test
    public void partsOfTheManifestAreNamed() {
        Release before = release(manifest(
                Map.of("host", new Manifest.Variable.Secret("a"), "same", new Manifest.Variable.Secret("s")),
                site("web", "b"),
                site("old", "c")));
        Release after = release(manifest(
                Map.of("host", new Manifest.Variable.Secret("b"), "same", new Manifest.Variable.Secret("s")),
                site("web", "other"),
                site("new", "c")));
        assertEquals(
                "manifest: variable host, target new, target old, target web",
                ReleaseDifferences.between(before, after));
        var required = new Manifest(
                "orders",
                Map.of(),
                SAME.targets(),
                List.of(new Manifest.HttpCheck("https://a/", new Manifest.Expectation(200, null, null), 0)),
                List.of(new Manifest.Requires("payments", ">=1")));
        assertEquals("manifest: verify, requires", ReleaseDifferences.between(release(SAME), release(required)));
        assertEquals(
                "manifest: order of targets",
                ReleaseDifferences.between(
                        release(manifest(Map.of(), site("a", "a"), site("b", "b"))),
                        release(manifest(Map.of(), site("b", "b"), site("a", "a")))));
    }

    @Test
    public void manyAndLongNamesAreCountedAndShortened() {
        var before = new ArrayList<Artifact>();
        var after = new ArrayList<Artifact>();
        for (int i = 0; i < 10_000; i++) {
            before.add(file("web/" + "x".repeat(400) + i, 1));
            after.add(file("web/" + "x".repeat(400) + i, 2));
        }
        String text = ReleaseDifferences.between(
                release(SAME, before.toArray(Artifact[]::new)), release(SAME, after.toArray(Artifact[]::new)));
        assertTrue(text, text.startsWith("changed: …x"));
        assertTrue(text, text.endsWith("; and 9988 more"));
        assertTrue("is short: " + text.length(), text.length() < 1_500);
    }
}
