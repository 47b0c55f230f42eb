package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionListener;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The newest progress lines of running work, such as stack events. They are only shown and not recorded: a restart
 * loses them, and the end of the promotion removes them.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class RecentLines extends PromotionListener {
    private static final int KEPT = 6;
    private static final int LONGEST = 300;

    private final Map<String, Map<String, Deque<String>>> lines = new HashMap<>();

    /** The newest first. */
    static List<String> of(String promotion, String step) {
        return ExtensionList.lookupSingleton(RecentLines.class).get(promotion, step);
    }

    private synchronized List<String> get(String promotion, String step) {
        return List.copyOf(lines.getOrDefault(promotion, Map.of()).getOrDefault(step, new ArrayDeque<>()));
    }

    @Override
    public synchronized void note(String promotion, String step, String line) {
        Deque<String> kept =
                lines.computeIfAbsent(promotion, p -> new HashMap<>()).computeIfAbsent(step, s -> new ArrayDeque<>());
        kept.addFirst(Shown.cut(line, LONGEST));
        if (kept.size() > KEPT) {
            kept.removeLast();
        }
    }

    @Override
    public synchronized void changed(LaneId lane, Transition transition) {
        transition.lane().promotions().stream().filter(p -> p.state().isOver()).forEach(p -> lines.remove(p.id()));
    }
}
