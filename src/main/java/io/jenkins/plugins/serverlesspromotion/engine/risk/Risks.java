package io.jenkins.plugins.serverlesspromotion.engine.risk;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects findings of one stack. The constants are the kinds of findings that templates can have. */
final class Risks {
    static final String STATEFUL_DELETION = "statefulDeletion";
    static final String STATEFUL_REPLACEMENT = "statefulReplacement";
    static final String STATEFUL_UNPROTECTED = "statefulUnprotected";
    static final String PUBLIC_EXPOSURE = "publicExposure";
    static final String IAM_BROADENING = "iamBroadening";
    static final String REMOVED_ALARM = "removedAlarm";
    static final String REMOVED_LOGGING = "removedLogging";
    static final String NOT_PINNED = "notPinned";
    static final String NOT_ANALYSABLE = "notAnalysable";

    /** More places of one finding than this are counted, not listed: every plan keeps the list permanently. */
    private static final int PLACES = 20;

    private record Key(String kind, String subject, String sentence) {}

    private final String prefix;
    private final Map<Key, Set<Plan.Evidence>> found = new LinkedHashMap<>();

    /** @param prefix ids of the nested stacks that lead here, each followed by a slash */
    Risks(String prefix) {
        this.prefix = prefix;
    }

    /**
     * @param path its place in the template
     * @param before the current value, null for none
     * @param after the new value, null for none
     */
    void add(String kind, String subject, String sentence, String path, Object before, Object after) {
        found.computeIfAbsent(new Key(kind, subject, sentence), k -> new LinkedHashSet<>())
                .add(new Plan.Evidence(path, TemplateQuery.shown(before), TemplateQuery.shown(after)));
    }

    List<Plan.Finding> findings() {
        var all = new ArrayList<Plan.Finding>();
        found.forEach((key, places) -> {
            List<Plan.Evidence> evidence = places.stream().limit(PLACES).toList();
            String more = places.size() > PLACES ? " (and in " + (places.size() - PLACES) + " more places)" : "";
            all.add(new Plan.Finding(key.kind(), prefix + key.subject(), prefix + key.sentence() + more, evidence));
        });
        all.sort(Comparator.comparing(Plan.Finding::kind)
                .thenComparing(Plan.Finding::subject)
                .thenComparing(Plan.Finding::sentence));
        return all;
    }
}
