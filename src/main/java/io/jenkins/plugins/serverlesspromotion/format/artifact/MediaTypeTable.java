package io.jenkins.plugins.serverlesspromotion.format.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.serverlesspromotion.engine.port.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The media types of mime-db, which collects those of IANA, Apache and nginx. */
public final class MediaTypeTable implements MediaTypes {
    /** The folder has the version of the dependency. */
    private static final String RESOURCE = "/META-INF/resources/webjars/mime-db/1.54.0/db.json";

    private static final String TEXT = "text/";
    private static final String UTF_8 = "; charset=utf-8";

    /**
     * Where several types have an extension: one in general use rather than one of a vendor or experiment, one that IANA
     * registered, one that names what it is rather than {@code application}, and the shorter one.
     */
    private static final Comparator<Candidate> BEST = Comparator.<Candidate>comparingInt(c -> c.isOctets() ? 0 : 1)
            .thenComparingInt(Candidate::generality)
            .thenComparingInt(Candidate::authority)
            .thenComparingInt(Candidate::family)
            .thenComparing(
                    Comparator.<Candidate>comparingInt(c -> c.type().length()).reversed())
            .thenComparing(Candidate::type);

    private final Map<String, String> byExtension;

    public MediaTypeTable() {
        var best = new HashMap<String, Candidate>();
        JsonNode all = read();
        all.fieldNames().forEachRemaining(type -> {
            var candidate = new Candidate(type, all.get(type).path("source").asText(""));
            all.get(type)
                    .path("extensions")
                    .forEach(extension ->
                            best.merge(extension.asText(), candidate, (a, b) -> BEST.compare(a, b) >= 0 ? a : b));
        });
        var types = new HashMap<String, String>();
        best.forEach((extension, c) -> types.put(extension, c.type().startsWith(TEXT) ? c.type() + UTF_8 : c.type()));
        this.byExtension = Map.copyOf(types);
    }

    private static JsonNode read() {
        try (InputStream in = MediaTypeTable.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing: the path has the version of mime-db");
            }
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String of(String name) {
        String file = name.substring(name.lastIndexOf('/') + 1);
        int dot = file.lastIndexOf('.');
        return dot < 0
                ? UNKNOWN
                : byExtension.getOrDefault(file.substring(dot + 1).toLowerCase(Locale.ROOT), UNKNOWN);
    }

    private record Candidate(String type, String source) {
        boolean isOctets() {
            return type.equals(UNKNOWN);
        }

        int generality() {
            String name = type.substring(type.indexOf('/') + 1);
            return name.startsWith("prs.") ? 0 : name.startsWith("x-") ? 1 : name.startsWith("vnd.") ? 2 : 3;
        }

        int authority() {
            return switch (source) {
                case "nginx" -> 0;
                case "apache" -> 1;
                case "iana" -> 3;
                default -> 2;
            };
        }

        int family() {
            return switch (type.substring(0, type.indexOf('/'))) {
                case "video" -> 3;
                case "audio", "font" -> 2;
                case "application" -> 1;
                default -> 0;
            };
        }
    }
}
