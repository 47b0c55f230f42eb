package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.GateExplanation;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the policy evaluates a release in an environment now, for one person. Nothing is recorded. Where no one has
 * requested it, it is explained as if its publisher had.
 *
 * @param release id: {@code orders@1.4.2}
 * @param person for whom it is explained, null: a system account
 * @param other whether that is another person than the viewer
 * @param commits that would come in, newest first
 */
public record ReleaseExplanation(
        String release,
        String environment,
        Person person,
        boolean other,
        Collection<String> commits,
        GateExplanation explained) {

    /**
     * @param ticket that a request would name, null: none
     * @param sees which services the viewer may see
     */
    public static ReleaseExplanation of(
            ViewReader reader,
            Promotions promotions,
            LaneId lane,
            Published published,
            String ticket,
            Person person,
            boolean other,
            Predicate<String> sees,
            Instant now) {
        var request = new PromotionDecisions.Request(published.by(), people(published), now, null, ticket, null);
        GateExplanation explained =
                promotions.explain(lane, published.ref(), request, person).seenBy(sees);
        return new ReleaseExplanation(
                published.ref().id(), lane.environment(), person, other, commits(reader, lane, published), explained);
    }

    /** The people who published it. */
    private static Set<String> people(Published published) {
        return Stream.concat(Stream.of(published.by()), published.provenance().publishers().stream())
                .filter(p -> p.startsWith("user:"))
                .map(Wording::who)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Collection<String> commits(ViewReader reader, LaneId lane, Published published) {
        var live = reader.lane(lane).live();
        long from = live == null ? 0 : live.release().number();
        var commits = new LinkedHashSet<String>();
        reader.releases(lane.service()).stream()
                .filter(p -> p.ref().number() > from
                        && p.ref().number() <= published.ref().number())
                .forEach(p -> commits.addAll(p.provenance().commits()));
        return commits;
    }

    /** {@code orders@1.4.2 → prod} */
    public String subject() {
        return release + " → " + environment;
    }

    /** {@code waits for window, approval, if it were requested now}, or that all gates have passed. */
    public String summary() {
        String how = explained.open() ? "all gates have passed" : "waits for " + closed();
        return how + explained.promotion().map(p -> ", as " + p.id()).orElse(", if it were requested now");
    }

    private String closed() {
        Stream<String> gates = explained.closed().stream().map(GateNames::name);
        Stream<String> pause = explained.pause() == null ? Stream.empty() : Stream.of(GateNames.PAUSE);
        return Stream.concat(gates, pause).collect(Collectors.joining(", "));
    }

    public List<GateRow> gates(Instant now) {
        return new GateRows(explained.rules(), now)
                .of(
                        explained.gates(),
                        explained.roles(),
                        explained.pause(),
                        new GateRows.Onlooker(
                                person, other, explained.whyNot().orElse(null), explained.author(), commits));
    }

    /** Whether that person could approve it, or has done so. */
    public boolean able() {
        return person != null && (approved() || explained.whyNot().isEmpty());
    }

    /** Whether that person has given an approval that counts. */
    public boolean approved() {
        return person != null
                && explained.promotion().stream()
                        .flatMap(p -> p.standing().stream())
                        .anyMatch(a -> a.person().id().equals(person.id()));
    }

    /** Why that person cannot approve it, as a sentence to that person; null when they can. */
    public String youCannotApprove() {
        return approved() ? ReviewFacts.APPROVED : explained.whyNot().orElse(null);
    }

    /** The same as a sentence. */
    public String verdict() {
        Optional<String> whyNot = explained.whyNot();
        if (person == null) {
            return whyNot.orElse("");
        }
        String id = person.id();
        if (approved()) {
            return other ? id + " has approved it." : "You (" + id + ") have approved it.";
        }
        if (!other) {
            return whyNot.map(why -> "You (" + id + ") could not approve it: " + why)
                    .orElse("You (" + id + ") could approve it.");
        }
        String groups = person.groups().isEmpty()
                ? "none that the realm reports"
                : String.join(", ", new TreeSet<>(person.groups()));
        return whyNot.map(why -> id + " could not approve it; the message for " + id + " would be: " + why
                        + " (groups: " + groups + ")")
                .orElse(id + " could approve it (groups: " + groups + ").");
    }
}
