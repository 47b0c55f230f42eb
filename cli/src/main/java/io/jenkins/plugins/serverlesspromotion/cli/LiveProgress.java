package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Event;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Observer;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Shows the progress of a promotion. A terminal gets a picture that is drawn again at each change. Other outputs get
 * one line with its time for each event.
 */
final class LiveProgress implements Observer {
    private static final int RECENT = 6;

    private final Invocation invocation;
    private final Store store;

    /** The newest line of each step that is being carried out. Guarded by this. */
    private final Map<String, String> notes = new LinkedHashMap<>();

    private final Deque<String> recent = new ArrayDeque<>();
    private String promotion;
    private ScheduledExecutorService ticker;
    private volatile String trouble;

    LiveProgress(Invocation invocation, Store store) {
        this.invocation = invocation;
        this.store = store;
    }

    /** Why work cannot continue; null while it can. */
    String trouble() {
        return trouble;
    }

    synchronized void begin(String id) {
        promotion = id;
        notes.clear();
        recent.clear();
        if (isDrawn()) {
            ticker = Executors.newSingleThreadScheduledExecutor(task -> {
                var thread = new Thread(task, "progress");
                thread.setDaemon(true);
                return thread;
            });
            ticker.scheduleWithFixedDelay(this::draw, 0, 1, TimeUnit.SECONDS);
        }
    }

    synchronized void end() {
        if (ticker != null) {
            draw();
            ticker.shutdownNow();
            ticker = null;
            invocation.screen().keep();
        }
        promotion = null;
    }

    private boolean isDrawn() {
        return invocation.screen().isLive() && !invocation.options().quiet;
    }

    @Override
    public synchronized void note(String promotion, String step, String line) {
        notes.put(step, line);
        happened(step + ": " + line);
    }

    @Override
    public synchronized void changed(LaneId lane, Transition transition) {
        for (Event event : transition.events()) {
            if (event.type() == Event.Type.REFUSED) {
                continue; // reported as the command's error
            }
            String who = event.promotion() == null ? lane.toString() : event.promotion();
            happened(who + ": " + event.text());
        }
    }

    private void happened(String line) {
        String timed = Wording.clock(invocation.now(), invocation.zone()) + " " + line;
        recent.addLast(timed);
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
        if (isDrawn()) {
            draw();
        } else {
            invocation.screen().note(timed);
        }
    }

    private synchronized void draw() {
        if (promotion == null) {
            return;
        }
        store.promotion(promotion).ifPresent(p -> {
            List<String> lines = new ArrayList<>(ProgressView.lines(p, notes, invocation.now()));
            recent.forEach(line -> lines.add("  " + line));
            invocation.screen().redraw(lines);
        });
    }

    @Override
    public void trouble(String sentence, Throwable cause) {
        String because = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        trouble = sentence + ": " + because;
        invocation.screen().trace(cause);
    }
}
