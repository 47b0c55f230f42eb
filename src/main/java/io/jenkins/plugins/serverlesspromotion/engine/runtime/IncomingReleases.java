package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the releases that bring changes into a lane together with one release. The authors of a release are those since
 * the last publication of its job. So an earlier release of the same job belongs to it, unless that release was live in
 * the lane.
 */
final class IncomingReleases {
    private static final String JOB = "job:";

    private IncomingReleases() {}

    /**
     * @param published all releases of the service
     * @return {@code candidate} first; then the releases between the live one and it; then earlier releases of the same
     *     jobs, back to the last one that was live in the lane
     */
    static List<Published> of(Lane lane, Published candidate, Collection<Published> published) {
        long from = lane.live() == null ? 0 : lane.live().release().number();
        long to = candidate.ref().number();
        var incoming = new ArrayList<Published>();
        incoming.add(candidate);
        published.stream()
                .filter(p -> p.ref().number() > from && p.ref().number() < to)
                .forEach(incoming::add);
        Set<String> open =
                incoming.stream().flatMap(p -> jobs(p).stream()).collect(Collectors.toCollection(HashSet::new));
        Set<Long> wereLive = wereLive(lane);
        List<Published> earlier = published.stream()
                .filter(p -> p.ref().number() <= from && p.ref().number() < to)
                .sorted(Comparator.comparingLong((Published p) -> p.ref().number())
                        .reversed())
                .toList();
        for (Published p : earlier) {
            if (open.isEmpty()) {
                break;
            }
            Set<String> jobs = jobs(p);
            if (wereLive.contains(p.ref().number())) {
                open.removeAll(jobs);
            } else if (!Collections.disjoint(jobs, open)) {
                incoming.add(p);
                open.addAll(jobs);
            }
        }
        return incoming;
    }

    private static Set<Long> wereLive(Lane lane) {
        Set<Long> numbers =
                lane.good().stream().map(l -> l.release().number()).collect(Collectors.toCollection(HashSet::new));
        if (lane.live() != null) {
            numbers.add(lane.live().release().number());
        }
        return numbers;
    }

    /** {@code job:team-orders/orders/main}, whichever build it was. */
    private static Set<String> jobs(Published published) {
        return published.provenance().publishers().stream()
                .filter(by -> by.startsWith(JOB))
                .map(by -> by.replaceFirst("#[0-9]+$", ""))
                .collect(Collectors.toSet());
    }
}
