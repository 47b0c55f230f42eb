package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneLimits;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Tickets;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * A command. It returns an exit code, or throws an exception that {@link ErrorReporter} turns into a sentence and an
 * exit code.
 */
abstract class Action implements Callable<Integer> {
    /** The journal keeps every comment and reason permanently, so their length has a bound. */
    private static final int LONGEST_TEXT = LaneLimits.TEXT;

    final Invocation invocation;

    Action(Invocation invocation) {
        this.invocation = invocation;
    }

    final Screen screen() {
        return invocation.screen();
    }

    final String repeated() {
        return invocation.options().repeated();
    }

    /** Warns, on every action that is recorded for a person, that the identity is not verified. */
    final void declareSelf() {
        screen().declare("acting as " + invocation.person().id()
                + " (self-declared: this command line does not check who you are; a Jenkins controller does)");
    }

    /** @throws CommandException when the text is empty or longer than 2,000 characters */
    static String text(String option, String given) {
        if (given == null) {
            return null;
        }
        String text = given.strip();
        if (text.isEmpty() || text.length() > LONGEST_TEXT) {
            throw CommandException.usage(option + " needs a text of 1 to " + LONGEST_TEXT + " characters");
        }
        return text;
    }

    /** @throws CommandException when it is empty, longer than 200 characters or more than one line */
    static String ticket(String given) {
        if (given == null) {
            return null;
        }
        String ticket = given.strip();
        if (ticket.isEmpty()) {
            throw CommandException.usage("--ticket names no ticket; give its id or leave the option out");
        }
        Tickets.problem(ticket).ifPresent(problem -> {
            throw CommandException.usage("--ticket: " + problem);
        });
        return ticket;
    }

    final PromotionDecisions.Request request(String reason, String ticket) {
        return new PromotionDecisions.Request(
                invocation.options().actor(),
                Set.of(invocation.person().id()),
                invocation.now(),
                text("--reason", reason),
                ticket(ticket),
                null);
    }

    /** Works on a promotion until it has nothing left to do, and reports the result. */
    final int carryOn(Home home, String promotion, Following following) throws Exception {
        if (following.noWait) {
            return shown(home, promotion);
        }
        home.start(promotion);
        Promotion then = home.follow(promotion, following.timeout);
        if (!home.rests(then)) {
            screen().warn(then.id() + " is still " + Wording.word(then.state()) + " after "
                    + Wording.length(following.timeout) + "; nothing is lost, continue with: promotion work"
                    + repeated());
        }
        return Outcome.show(home, invocation, then);
    }

    /**
     * Shows a promotion for which nothing was carried out. The user requested that, so it is no failure that it is
     * unfinished.
     */
    final int shown(Home home, String promotion) {
        Promotion p = home.store().promotion(promotion).orElseThrow();
        ReviewModel reviewModel = ReviewModel.of(home, invocation, p);
        return Outcome.show(invocation, reviewModel, p.state().isOver() ? Exit.of(p, reviewModel.gates()) : Exit.DONE);
    }

    /** For a command that only recorded something: reports which work is left. */
    final void remindOfWork(Home home) {
        if (!home.outstanding().isEmpty()) {
            screen().note(Wording.count(home.outstanding().size(), "promotion has", "promotions have")
                    + " work to do; start it with: promotion work" + repeated());
        }
    }

    /** The options of commands that follow what they started. */
    static final class Following {
        @picocli.CommandLine.Option(
                names = "--no-wait",
                description = "Only record it; carry nothing out. 'promotion work' does that later.")
        boolean noWait;

        @picocli.CommandLine.Option(
                names = "--timeout",
                paramLabel = "TIME",
                defaultValue = "60m",
                converter = DurationConverter.class,
                description = "How long to follow it, as in 90s, 60m, 2h. Default: ${DEFAULT-VALUE}. What is"
                        + " unfinished then continues with 'promotion work'.")
        Duration timeout;
    }
}
