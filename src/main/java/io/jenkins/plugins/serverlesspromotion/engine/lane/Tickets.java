package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneBuilder.PromotionDraft;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Kind;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions.Request;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions.TicketCheck;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.TicketPattern;
import io.jenkins.plugins.serverlesspromotion.engine.port.Patterns;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Checks tickets: their general rules, and the form that policy requires. Tickets are compared when one is given and
 * when the form changes, and the lane keeps the result. So evaluating a gate compares nothing.
 */
public final class Tickets {
    /** Characters of a ticket. */
    public static final int LONGEST = 200;

    /** Limit of tickets with a wrong form that the gate lists. */
    private static final int NAMED = 3;

    private static final char LINE_SEPARATOR = '\u2028';
    private static final char PARAGRAPH_SEPARATOR = '\u2029';

    private Tickets() {}

    /** Why {@code ticket} cannot be one, as a sentence to the person who entered it; empty when it can. */
    public static Optional<String> problem(String ticket) {
        String wrong = ticket.length() > LONGEST
                ? "has " + ticket.length() + " characters"
                : ticket.chars().anyMatch(Tickets::breaksLine) ? "has a line break or another control character" : null;
        return wrong == null
                ? Optional.empty()
                : Optional.of("the ticket " + wrong + "; a ticket is one line of at most " + LONGEST
                        + " characters: give its id alone, and what else matters as the reason");
    }

    private static boolean breaksLine(int c) {
        return Character.isISOControl(c) || c == LINE_SEPARATOR || c == PARAGRAPH_SEPARATOR;
    }

    /** The same for one that may be null. */
    static Optional<String> problem(Request request) {
        return Optional.ofNullable(request.ticket()).flatMap(Tickets::problem);
    }

    /** Why the ticket of an override does not have the form that policy requires, as a sentence; empty when it has. */
    static Optional<String> problem(String ticket, LaneRules rules, Patterns patterns) {
        Optional<String> problem = problem(ticket);
        String form = rules.environment().breakGlass().ticket();
        if (problem.isPresent() || form == null) {
            return problem;
        }
        Optional<String> unusable = unusable(form, patterns);
        if (unusable.isPresent()) {
            String path = TicketPattern.ofBreakGlass(rules.environment()).path();
            return unusable.map(why -> unusable(path, why, "can be overridden"));
        }
        return patterns.matches(form, ticket)
                ? Optional.empty()
                : Optional.of(ticket + " is no ticket of the form " + form);
    }

    private static Optional<String> unusable(String pattern, Patterns patterns) {
        return patterns == null ? Optional.of("cannot be compared with anything here") : patterns.problem(pattern);
    }

    private static String unusable(String path, String why, String what) {
        return "the pattern in " + path + " of the policy cannot be used: it " + why
                + ". Until it is replaced there, nothing " + what;
    }

    /** Compares the tickets of {@code p} where one was given or the form has changed, and keeps the result. */
    static void check(LaneBuilder lane, PromotionDraft p, Optional<Promotion> before, GateContext around) {
        if (p.kind() != Kind.FORWARD || p.isOver() || p.isRunning() || around.rules() == null) {
            return;
        }
        List<String> forms = forms(around.rules());
        boolean sameTickets =
                before.map(b -> given(b.requests()).equals(given(p.requests()))).orElse(false);
        TicketCheck known = p.decisions().ticketCheck();
        boolean sameForms = known == null ? forms.isEmpty() : known.patterns().equals(forms);
        if (sameTickets && sameForms) {
            return;
        }
        TicketCheck found = compared(p.requests(), forms, around.patterns());
        boolean changed = !Objects.equals(found, known);
        p.decisions(d -> d.withTicketCheck(found));
        if (changed && sameTickets) {
            lane.say(
                    Event.Type.TICKETS,
                    p,
                    null,
                    found == null ? "no ticket is needed any more" : "compared the tickets: " + text(found));
        }
    }

    private static String text(TicketCheck check) {
        String form = String.join(" and ", check.patterns());
        return check.unusable() != null
                ? check.unusable() + " " + check.problem()
                : check.ticket() != null ? check.ticket() + " has the form " + form : "none has the form " + form;
    }

    private static List<String> forms(LaneRules rules) {
        return TicketPattern.ofGates(rules.environment()).stream()
                .map(TicketPattern::pattern)
                .toList();
    }

    private static List<String> given(List<Request> requests) {
        return requests.stream().map(Request::ticket).filter(Objects::nonNull).toList();
    }

    private static TicketCheck compared(List<Request> requests, List<String> forms, Patterns patterns) {
        if (forms.isEmpty()) {
            return null;
        }
        for (String form : forms) {
            Optional<String> problem = unusable(form, patterns);
            if (problem.isPresent()) {
                return new TicketCheck(forms, null, form, problem.get());
            }
        }
        Optional<String> right = given(requests).stream()
                // Versions without a limit accepted longer ones.
                .filter(t -> problem(t).isEmpty())
                .filter(t -> forms.stream().allMatch(form -> patterns.matches(form, t)))
                .findFirst();
        return new TicketCheck(forms, right.orElse(null), null, null);
    }

    /** At least one requester must have given a ticket that matches every form. */
    static Optional<GateStatus> gate(Promotion promotion, GateContext around) {
        List<String> forms = forms(around.rules());
        if (forms.isEmpty()) {
            return Optional.empty();
        }
        TicketCheck kept = promotion.decisions().ticketCheck();
        // Not kept: the promotion has no request yet, the record is older, or the policy changed a moment ago.
        TicketCheck check = kept != null && kept.patterns().equals(forms)
                ? kept
                : compared(promotion.requests(), forms, around.patterns());
        if (check.unusable() != null) {
            return Optional.of(GateStatus.blocked(
                    GateStatus.Kind.TICKET,
                    unusable(path(around.rules(), check.unusable()), check.problem(), "passes this gate")));
        }
        return Optional.of(
                check.ticket() != null
                        ? GateStatus.passed(GateStatus.Kind.TICKET, check.ticket())
                        : GateStatus.pending(
                                GateStatus.Kind.TICKET, missing(promotion.requests(), String.join(" and ", forms))));
    }

    private static String path(LaneRules rules, String pattern) {
        return TicketPattern.ofGates(rules.environment()).stream()
                .filter(t -> t.pattern().equals(pattern))
                .findFirst()
                .orElseThrow()
                .path();
    }

    private static String missing(List<Request> requests, String form) {
        List<String> given = given(requests);
        List<String> fit = given.stream().filter(t -> problem(t).isEmpty()).toList();
        String what;
        if (given.isEmpty()) {
            what = "no ticket was named; it must look like " + form;
        } else if (fit.isEmpty()) {
            what = problem(given.get(0)).orElseThrow() + "; it must look like " + form;
        } else {
            what = fit.stream().limit(NAMED).collect(Collectors.joining(", "))
                    + (fit.size() > NAMED ? " and " + (fit.size() - NAMED) + " more" : "")
                    + " is no ticket of the form " + form;
        }
        return what + "; request the same promotion again with one";
    }
}
