package io.jenkins.plugins.serverlesspromotion.engine.plan;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * A finding of a plan with every place it was found in: the same finding in several places becomes one sentence.
 *
 * @param places each once, in the order of the plan
 */
public record Risk(Plan.Finding finding, List<Place> places) {
    /** Every kind of finding: irreversible changes first, then changes that open access. */
    public static final List<String> KINDS = List.of(
            "statefulDeletion",
            "statefulReplacement",
            "siteDeletion",
            "adopts",
            "publicExposure",
            "iamBroadening",
            "statefulUnprotected",
            "removedAlarm",
            "removedLogging",
            "notPinned",
            "notAnalysable",
            "targetLeftBehind",
            "adoptsByPolicy",
            "besideStack",
            "leftBehind",
            "forwardOnly");

    public Risk {
        places = List.copyOf(places);
    }

    /** Worst first; kinds that this version does not know come before all others. */
    public static List<Risk> of(Plan plan) {
        var first = new LinkedHashMap<String, Plan.Finding>();
        var places = new LinkedHashMap<String, List<Place>>();
        for (Plan.TargetPlan target : plan.targets()) {
            for (Plan.Finding finding : target.content().findings()) {
                first.putIfAbsent(finding.sentence(), finding);
                places.computeIfAbsent(finding.sentence(), s -> new ArrayList<>())
                        .add(target.place());
            }
        }
        return first.values().stream()
                .sorted(Comparator.comparingInt(f -> KINDS.indexOf(f.kind())))
                .map(f ->
                        new Risk(f, places.get(f.sentence()).stream().distinct().toList()))
                .toList();
    }
}
