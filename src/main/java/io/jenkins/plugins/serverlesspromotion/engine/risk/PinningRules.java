package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * Finds code, definitions and container images that a template names in a way that leaves their content open: an object
 * in S3 without a version, an image by a tag. They can become something else without another release, so they are found
 * in every plan.
 */
final class PinningRules {
    private static final String DIGEST = "@sha256:";
    private static final String VERSION = "versionId=";
    private static final String UNKNOWN = "${";

    /** The key of a staged file is the digest of its content. */
    private static final Pattern STAGED = Pattern.compile("sha256/[0-9a-f]{2}/[0-9a-f]{64}");

    private enum Pinned {
        YES,
        NO,
        OPEN
    }

    private final ResolvedTemplate before;
    private final ResolvedTemplate after;
    private final String bucket;
    private final Risks risks;

    /** @param bucket of staged files; null where there is none */
    PinningRules(ResolvedTemplate before, ResolvedTemplate after, String bucket, Risks risks) {
        this.before = before;
        this.after = after;
        this.bucket = bucket;
        this.risks = risks;
    }

    void find() {
        for (ResolvedTemplate.Resource now : after.resources().values()) {
            ResolvedTemplate.Resource old = before.resources().get(now.id());
            for (PinnedPlaces.Place place : PinnedPlaces.of(now.type())) {
                var live = new TreeMap<String, Object>();
                if (old != null && old.type().equals(now.type())) {
                    walk(old.properties(), place.path(), "", live::put);
                }
                walk(now.properties(), place.path(), "", (path, value) -> value(now, place, path, value, live));
            }
        }
    }

    private static void walk(Object node, List<String> path, String at, BiConsumer<String, Object> found) {
        if (node instanceof TemplateQuery.Choice choice) {
            choice.options().forEach(option -> walk(option, path, at, found));
        } else if (node instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                walk(list.get(i), path, at + "[" + i + "]", found);
            }
        } else if (path.isEmpty()) {
            if (node != null) {
                found.accept(at, node);
            }
        } else if (node instanceof Map<?, ?>) {
            TemplateQuery.map(node).forEach((key, member) -> {
                if (path.get(0).equals("*") || path.get(0).equals(key)) {
                    walk(member, path.subList(1, path.size()), at.isEmpty() ? key : at + "." + key, found);
                }
            });
        }
    }

    private void value(
            ResolvedTemplate.Resource now,
            PinnedPlaces.Place place,
            String path,
            Object value,
            Map<String, Object> live) {
        boolean map = value instanceof Map<?, ?>;
        if (map && (place.key() == null || !TemplateQuery.map(value).containsKey(place.key()))
                || !map && !(value instanceof String)
                || !map && place.form() == PinnedPlaces.Form.OBJECT) {
            return;
        }
        Pinned pinned = map ? object(place, TemplateQuery.map(value)) : text(place, (String) value);
        if (pinned == Pinned.YES) {
            return;
        }
        String property = property(place);
        String at = now.path(path.isEmpty() ? place.key() : path);
        Object is = shown(place, path, value);
        Object was = live.get(path) == null ? null : shown(place, path, live.get(path));
        if (pinned == Pinned.NO) {
            risks.add(Risks.NOT_PINNED, now.id(), now.named() + " " + sentence(place, property, map), at, was, is);
        } else if (!TemplateQuery.key(is).equals(TemplateQuery.key(was))) {
            risks.add(
                    Risks.NOT_ANALYSABLE,
                    now.id(),
                    now.named() + " takes " + property
                            + " from a value that is not known, so whether it is pinned cannot be determined",
                    at,
                    was,
                    is);
        }
    }

    private static String property(PinnedPlaces.Place place) {
        return place.path().isEmpty() ? place.key() : place.property();
    }

    /** A place that is a part of {@code Properties} shows that part only. */
    private static Object shown(PinnedPlaces.Place place, String path, Object value) {
        return path.isEmpty() ? TemplateQuery.at(value, place.key()) : value;
    }

    private static String sentence(PinnedPlaces.Place place, String property, boolean map) {
        if (place.form() == PinnedPlaces.Form.IMAGE) {
            return "names the image in " + property
                    + " by a tag, which can become another image; pin it by its digest: NAME@sha256:…";
        }
        String file = place.local() ? "name a local file, which becomes part of the release" : null;
        String version = map
                ? place.version() == null ? null : "add " + place.version()
                : place.form() == PinnedPlaces.Form.URL ? "add ?versionId=… to the address" : null;
        String advice = version != null && file != null
                ? version + ", or " + file
                : version != null ? version : file != null ? file : "write the content into the template";
        return "names the content of " + property + " in a place where it can change; pin it: " + advice;
    }

    private Pinned object(PinnedPlaces.Place place, Map<String, Object> map) {
        Object version = place.version() == null ? null : map.get(place.version());
        if (version == null) {
            return isStaged(map.get(String.valueOf(place.bucket())), map.get(place.key())) ? Pinned.YES : Pinned.NO;
        }
        boolean known = !TemplateQuery.mayBeNothing(version)
                && TemplateQuery.list(version).stream().allMatch(v -> v instanceof String text && !isOpen(text));
        return known ? Pinned.YES : Pinned.OPEN;
    }

    private boolean isStaged(Object in, Object key) {
        return bucket != null
                && bucket.equals(in)
                && key instanceof String text
                && STAGED.matcher(text).matches();
    }

    private Pinned text(PinnedPlaces.Place place, String text) {
        if (place.form() == PinnedPlaces.Form.IMAGE) {
            return image(text);
        }
        boolean address = text.contains("://");
        if (!address && !isOpen(text)) {
            // A file of the release, or the ARN of something that has versions of its own.
            return place.local() || text.startsWith("arn:") ? Pinned.YES : Pinned.NO;
        }
        if (place.form() == PinnedPlaces.Form.URI) {
            boolean staged = bucket != null
                    && text.startsWith("s3://" + bucket + "/")
                    && STAGED.matcher(text.substring(bucket.length() + 6)).matches();
            return staged ? Pinned.YES : Pinned.NO;
        }
        int version = text.indexOf(VERSION);
        if (version >= 0) {
            return isOpen(text.substring(version)) ? Pinned.OPEN : Pinned.YES;
        }
        return mayEndOtherwise(text) ? Pinned.OPEN : Pinned.NO;
    }

    private static Pinned image(String text) {
        // Images of CodeBuild itself cannot be named by a digest; those that Lightsail was given are numbered.
        if (text.startsWith("aws/codebuild/") || text.startsWith(":")) {
            return Pinned.YES;
        }
        int digest = text.indexOf(DIGEST);
        if (digest >= 0) {
            return isOpen(text.substring(digest)) ? Pinned.OPEN : Pinned.YES;
        }
        return mayEndOtherwise(text) ? Pinned.OPEN : Pinned.NO;
    }

    private static boolean isOpen(String text) {
        return text.contains(UNKNOWN);
    }

    /** Whether a digest or a version, which stand at the end, may come out of a value that is not known. */
    private static boolean mayEndOtherwise(String text) {
        return isOpen(text)
                && text.substring(text.lastIndexOf('}') + 1).chars().allMatch(c -> Character.digit(c, 16) >= 0);
    }
}
