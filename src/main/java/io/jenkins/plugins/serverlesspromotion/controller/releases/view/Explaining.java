package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.NotAPersonException;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.ServerlessPromotionConfiguration;
import io.jenkins.plugins.serverlesspromotion.controller.releases.Messages;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Authorization;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Decisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.ReleaseLookup;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.GateExplanation;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/**
 * What the policy makes of a release in an environment now, for one person: as {@link Decisions}, for every surface.
 * Whoever may see the service may ask for themselves; what it would be for somebody else is for those who configure or
 * audit. Nothing is recorded.
 *
 * @param published the release
 * @param person for whom it is explained, null: not a person
 * @param other whether that is somebody else than who asks
 * @param commits that would come in, newest first
 */
public record Explaining(
        Published published,
        String environment,
        Person person,
        boolean other,
        Collection<String> commits,
        GateExplanation explained) {

    /**
     * @param release id: {@code orders@1.4.2}
     * @param ticket that a request would name, may be blank
     * @param user for whom, blank: whoever asks
     */
    public static Explaining of(String release, String environment, String ticket, String user)
            throws DecisionException {
        String other = Authorization.text("user", user);
        if (other != null && !mayAskForOthers()) {
            Authorization.check("explain the policy for " + other, null, PromotionPermissions.AUDIT);
        }
        Published published = ReleaseLookup.release(release);
        if (!Names.isName(environment)) {
            throw Authorization.wrong("'" + environment + "' is not an environment");
        }
        String named = Authorization.ticket(ticket);
        Person person = other == null ? Authorization.onlooker() : person(other);
        Promotions promotions = EngineLifecycle.get().promotions().orElseThrow(Authorization::unavailable);
        var lane = new LaneId(published.ref().service(), environment);
        var request =
                new PromotionDecisions.Request(published.by(), people(published), Instant.now(), null, named, null);
        GateExplanation explained = promotions
                .explain(lane, published.ref(), request, person)
                .seenBy(Authorization.serviceVisibility()::sees);
        return new Explaining(published, environment, person, other != null, commits(lane, published), explained);
    }

    /** Whether whoever asks may ask what it would be for somebody else. */
    public static boolean mayAskForOthers() {
        return Jenkins.get().hasPermission(PromotionPermissions.AUDIT)
                || Jenkins.get().hasPermission(PromotionPermissions.CONFIGURE);
    }

    private static Person person(String user) throws DecisionException {
        try {
            return ServerlessPromotionConfiguration.get().identity().other(user);
        } catch (NotAPersonException e) {
            throw new DecisionException(DecisionException.Kind.WRONG, e.getMessage(), e);
        }
    }

    /** The people who published it: as nobody has asked yet, it is explained as if they did. */
    private static Set<String> people(Published published) {
        var people = new TreeSet<String>();
        Stream.concat(Stream.of(published.by()), published.provenance().publishers().stream())
                .filter(p -> p.startsWith("user:"))
                .forEach(p -> people.add(Words.who(p)));
        return people;
    }

    private static Collection<String> commits(LaneId lane, Published published) throws DecisionException {
        var live = Authorization.store().lane(lane).live();
        long from = live == null ? 0 : live.release().number();
        var commits = new LinkedHashSet<String>();
        Authorization.store().releases(lane.service()).stream()
                .filter(p -> p.ref().number() > from
                        && p.ref().number() <= published.ref().number())
                .forEach(p -> commits.addAll(p.provenance().commits()));
        return commits;
    }

    public String release() {
        return published.ref().id();
    }

    /** {@code held up by window, approval}, or that nothing is. */
    public String summary() {
        String how = explained.open() ? Messages.Explain_open() : Messages.Explain_heldUp(closed());
        return how + explained.promotion().map(p -> Messages.Explain_as(p.id())).orElse(Messages.Explain_asked());
    }

    private String closed() {
        Stream<String> gates = explained.closed().stream().map(GateWords::name);
        Stream<String> pause = explained.pause() == null ? Stream.empty() : Stream.of(Messages.GateName_pause());
        return Stream.concat(gates, pause).collect(Collectors.joining(", "));
    }

    public List<GateWords.Row> gates(Instant now) {
        return new GateWords(explained.rules(), now)
                .rows(
                        explained.gates(),
                        explained.roles(),
                        explained.pause(),
                        new GateWords.Onlooker(
                                person, other, explained.whyNot().orElse(null), explained.author(), commits));
    }

    /** What it comes to for that person. */
    public String verdict() {
        Optional<String> whyNot = explained.whyNot();
        if (person == null) {
            return whyNot.orElse("");
        }
        if (!other) {
            return whyNot.map(why -> Messages.Explain_youCannot(person.id(), why))
                    .orElse(Messages.Explain_youCan(person.id()));
        }
        String groups = person.groups().isEmpty()
                ? Messages.Explain_noGroups()
                : String.join(", ", new ArrayList<>(new TreeSet<>(person.groups())));
        return whyNot.map(why -> Messages.Explain_otherCannot(person.id(), why, groups))
                .orElse(Messages.Explain_otherCan(person.id(), groups));
    }
}
