package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import io.jenkins.plugins.serverlesspromotion.controller.releases.Messages;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.RecoveryDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.RecoveryRuns;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.view.RecoveryWording;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The stacks of a lane and their recovery actions, for people. */
@Restricted(NoExternalUse.class)
public final class RecoveryView {
    private final List<Recoverer.Diagnosis> stacks;
    private final RecoveryRuns.RecoveryRun last;
    private final Instant now;

    /**
     * @param stacks null: not loaded yet
     * @param last null: no recovery was requested here since Jenkins was started
     */
    public RecoveryView(List<Recoverer.Diagnosis> stacks, RecoveryRuns.RecoveryRun last, Instant now) {
        this.stacks = stacks;
        this.last = last;
        this.now = now;
    }

    public record Stack(String key, String name, Words.Mark mark, String why, List<Option> options) {}

    /**
     * @param word that names it in the request
     * @param resources to choose from, or that are lost
     * @param whyNot why the viewer may not request it, null when they may
     */
    public record Option(
            String word,
            String label,
            String meaning,
            boolean takesResources,
            boolean deletes,
            List<String> resources,
            String whyNot) {}

    /** @param mark of the result */
    public record Last(String what, String by, Words.Moment since, boolean underWay, Words.Mark mark, String detail) {}

    public boolean isLooked() {
        return stacks != null;
    }

    public List<Stack> getStacks() {
        return stacks == null
                ? List.of()
                : stacks.stream().map(RecoveryView::stack).toList();
    }

    private static Stack stack(Recoverer.Diagnosis d) {
        String state = RecoveryWording.state(d);
        var mark = d.stuck()
                ? new Words.Mark(state, "symbol-close-circle", Words.BAD)
                : new Words.Mark(state, "symbol-check", Words.GOOD);
        return new Stack(
                d.key(),
                d.stack(),
                mark,
                d.why(),
                d.options().stream().map(RecoveryView::option).toList());
    }

    private static Option option(Recoverer.Option option) {
        Recoverer.RecoveryAction recoveryAction = option.choice();
        return new Option(
                recoveryAction.word(),
                label(recoveryAction),
                option.meaning(),
                recoveryAction.takesResources(),
                recoveryAction.deletes(),
                option.resources(),
                RecoveryDecisions.may(recoveryAction)
                        ? null
                        : recoveryAction.deletes() ? Messages.Doctor_mayNotDelete() : Messages.Doctor_mayNot());
    }

    private static String label(Recoverer.RecoveryAction recoveryAction) {
        return switch (recoveryAction) {
            case CONTINUE_ROLLBACK -> Messages.Doctor_continueRollback();
            case SKIP_RESOURCES -> Messages.Doctor_skipResources();
            case ROLL_BACK -> Messages.Doctor_rollBack();
            case DELETE -> Messages.Doctor_delete();
            case DELETE_AND_RETAIN -> Messages.Doctor_deleteAndRetain();
        };
    }

    /** Null when no recovery was requested here since Jenkins was started. */
    public Last getLast() {
        if (last == null) {
            return null;
        }
        String detail = last.failure() != null
                ? last.failure()
                : last.treatment() == null ? null : last.treatment().detail();
        boolean good = last.treatment() != null && last.treatment().good();
        Words.Mark mark = last.isUnderWay()
                ? new Words.Mark(Messages.Doctor_underWay(), "symbol-play", Words.ACTIVE)
                : good
                        ? new Words.Mark(Messages.Doctor_done(), "symbol-check", Words.GOOD)
                        : new Words.Mark(Messages.Doctor_notDone(), "symbol-close-circle", Words.BAD);
        return new Last(
                label(last.order().choice()) + ": " + last.order().stack(),
                Wording.who(last.order().by()),
                Words.moment(last.since(), now),
                last.isUnderWay(),
                mark,
                detail);
    }

    /** The stacks as lines of text. */
    static List<String> lines(List<Recoverer.Diagnosis> stacks) {
        var lines = new ArrayList<String>();
        for (Recoverer.Diagnosis d : stacks) {
            lines.add((d.stuck() ? "stuck: " : "") + d.key() + " stack " + d.stack() + " " + RecoveryWording.state(d)
                    + ": " + d.why());
            d.options().forEach(o -> lines.add("  " + RecoveryWording.option(o)));
        }
        return lines;
    }
}
