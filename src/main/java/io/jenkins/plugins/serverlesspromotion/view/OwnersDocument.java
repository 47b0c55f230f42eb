package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.runtime.OwnerReport;
import io.jenkins.plugins.serverlesspromotion.format.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The owners of resources, for programs. */
public final class OwnersDocument {
    private OwnersDocument() {}

    /** The whole document. */
    public static JsonObject of(OwnerReport report) {
        return of(report, 0, Integer.MAX_VALUE);
    }

    /**
     * A page of each list, and {@code more}: whether any list has further entries.
     *
     * @param from the first entry wanted, from 0
     * @param limit at most so many entries of each list
     */
    public static JsonObject page(OwnerReport report, int from, int limit) {
        long end = (long) from + limit;
        boolean more = report.contested().size() > end
                || report.decided().size() > end
                || report.recorded().size() > end
                || report.proposals().size() > end;
        return of(report, from, limit).with("more", more);
    }

    private static JsonObject of(OwnerReport report, int from, int limit) {
        var proposals = new JsonObject();
        report.proposals().entrySet().stream()
                .skip(from)
                .limit(limit)
                .forEach(proposal -> proposals.with(proposal.getKey(), proposal.getValue()));
        return new JsonObject()
                .with(
                        "contested",
                        part(
                                report.contested(),
                                from,
                                limit,
                                e -> new JsonObject()
                                        .with("resource", e.getKey())
                                        .with("claimedBy", e.getValue())))
                .with(
                        "decided",
                        part(
                                report.decided(),
                                from,
                                limit,
                                e -> new JsonObject()
                                        .with("resource", e.getKey())
                                        .with("owner", e.getValue())))
                .with(
                        "recorded",
                        part(
                                report.recorded(),
                                from,
                                limit,
                                e -> new JsonObject().with("owner", e.getKey()).with("owns", e.getValue())))
                .with("proposals", proposals);
    }

    private static <K, V> List<JsonObject> part(
            Map<K, V> all, int from, int limit, Function<Map.Entry<K, V>, JsonObject> shown) {
        return all.entrySet().stream().skip(from).limit(limit).map(shown).toList();
    }
}
