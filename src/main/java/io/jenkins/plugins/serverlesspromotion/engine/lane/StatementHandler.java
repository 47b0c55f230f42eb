package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneBuilder.PromotionDraft;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Takes people's statements about unknown requesters and authors into a lane. */
final class StatementHandler {
    private final LaneBuilder lane;
    private final GateContext around;

    StatementHandler(LaneBuilder lane, GateContext around) {
        this.lane = lane;
        this.around = around;
    }

    String stated(Fact.RequestersStated fact) {
        String actor = "user:" + fact.person().id();
        Optional<PromotionDraft> found = lane.find(fact.promotion());
        if (found.isEmpty() || found.get().isOver()) {
            return lane.refuse(found.orElse(null), actor, "statement", DecisionHandler.over(found));
        }
        PromotionDraft p = found.get();
        Promotion before = p.seal();
        Optional<String> whyNot = Gates.whyNotState(fact.person(), before, around, lane.now)
                .or(() -> whyNotSay(
                        fact.reason(),
                        fact.people().size(),
                        p.seal().requestersStated().size()))
                .or(() -> names(fact.people(), fact.person().id())
                        ? Optional.of("you requested this yourself, so another person must state it")
                        : Optional.empty());
        if (whyNot.isPresent()) {
            return lane.refuse(p, actor, "statement", whyNot.get());
        }
        List<Approvals> opened = Gates.openedByStatement(fact.person(), before, around, lane.now);
        int publishers = opened.stream().anyMatch(gate -> gate.people().hasUnknownPublisher())
                ? around.known(before).orElseThrow().publishers().size()
                : 0;
        Instant at = nextStatement(p);
        var names = new PersonNames(around.rules());
        var statement = new PeopleStatements.RequestersStatement(
                fact.person(), at, names.withIds(fact.people()), fact.reason().strip(), publishers);
        p.decisions(d -> d.withRequests(d.requests().stream()
                        .map(r -> opened.stream().anyMatch(gate -> gate.people().hasUnknownRequester(r))
                                ? r.stated(at)
                                : r)
                        .toList())
                .with(d.statements().with(statement)));
        lane.say(
                Event.Type.REQUESTERS_STATED,
                p,
                actor,
                "stated that "
                        + (fact.people().isEmpty() ? "no person" : String.join(", ", fact.people()))
                        + " requested it: " + fact.reason().strip());
        p.decisions(d -> d.waitingSince() == null ? d : d.waitingSince(lane.now));
        return null;
    }

    String attested(Fact.AuthorsAttested fact) {
        String actor = "user:" + fact.person().id();
        Optional<PromotionDraft> found = lane.find(fact.promotion());
        if (found.isEmpty() || found.get().isOver()) {
            return lane.refuse(found.orElse(null), actor, "attestation", DecisionHandler.over(found));
        }
        PromotionDraft p = found.get();
        Optional<String> whyNot = Gates.whyNotAttest(fact.person(), fact.release(), p.seal(), around, lane.now)
                .or(() -> whyNotSay(
                        fact.reason(),
                        fact.people().size(),
                        p.seal().authorsAttested().size()))
                .or(() -> whyNotAuthors(fact));
        if (whyNot.isPresent()) {
            return lane.refuse(p, actor, "attestation", whyNot.get());
        }
        var attestation = new PeopleStatements.AuthorsAttestation(
                fact.person(),
                lane.now,
                fact.release(),
                new PersonNames(around.rules()).withIds(fact.people()),
                fact.reason().strip());
        p.decisions(d -> d.with(d.statements().with(attestation)));
        lane.say(
                Event.Type.AUTHORS_ATTESTED,
                p,
                actor,
                "attested that " + String.join(", ", fact.people()) + " wrote " + fact.release() + ": "
                        + fact.reason().strip());
        p.decisions(d -> d.waitingSince() == null ? d : d.waitingSince(lane.now));
        return null;
    }

    /** Later than every statement before it, because requests refer to it by its time. */
    private Instant nextStatement(PromotionDraft p) {
        return p.seal().requestersStated().stream()
                .map(s -> s.at().plusNanos(1))
                .filter(lane.now::isBefore)
                .max(Comparator.naturalOrder())
                .orElse(lane.now);
    }

    private boolean names(Set<String> people, String person) {
        var names = new PersonNames(around.rules());
        return names.isAmong(person, names.all(people));
    }

    private Optional<String> whyNotAuthors(Fact.AuthorsAttested fact) {
        if (fact.people().isEmpty()) {
            return Optional.of("name the people who wrote " + fact.release());
        }
        if (names(fact.people(), fact.person().id())) {
            return Optional.of("you wrote part of this yourself, so another person must attest it");
        }
        // If it were accepted, it would keep the gate closed and could not be corrected.
        var names = new PersonNames(around.rules());
        return fact.people().stream()
                .filter(name -> !names.isKnown(name))
                .sorted()
                .findFirst()
                .map(name ->
                        "cannot establish who " + name + " is: name users of roles or of 'aliases' of the policy, or"
                                + " what 'aliases' or 'mailDomains' assign to one");
    }

    private static Optional<String> whyNotSay(String reason, int people, int recorded) {
        if (DecisionHandler.isBlank(reason)) {
            return Optional.of("give a reason: how do you know");
        }
        if (people > LaneLimits.PEOPLE) {
            return Optional.of(LaneLimits.PEOPLE + " people are the limit");
        }
        return recorded < LaneLimits.APPROVALS
                ? Optional.empty()
                : Optional.of(LaneLimits.APPROVALS + " of them are recorded for this promotion, which is the limit");
    }
}
