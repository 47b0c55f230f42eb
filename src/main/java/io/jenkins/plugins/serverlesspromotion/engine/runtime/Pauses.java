package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneLimits;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.stream.Collectors;

/** Pauses scopes and resumes them. A scope cannot be paused twice at the same time. */
final class Pauses {
    private final Store store;
    private final Clock clock;
    private final Lock wide;
    private final Refusals refusals;

    /** @param wide the write lock of what all lanes share: no transition of a lane is decided or written under it */
    Pauses(Store store, Clock clock, Lock wide, Refusals refusals) {
        this.store = store;
        this.clock = clock;
        this.wide = wide;
        this.refusals = refusals;
    }

    void pause(String scope, String by, String reason) throws IOException, RefusedException {
        wide.lock();
        try {
            if (paused(scope)) {
                throw refusals.refuse(by, "pause " + scope, scope + " is paused already");
            }
            store.append(new Entry.Paused(new Pause(scope, by, clock.instant(), LaneLimits.shortened(reason))));
        } finally {
            wide.unlock();
        }
    }

    void resume(String scope, String by, String reason) throws IOException, RefusedException {
        wide.lock();
        try {
            if (!paused(scope)) {
                throw refusals.refuse(by, "resume " + scope, scope + " is not paused; " + paused());
            }
            Optional<String> tooLong = LaneLimits.tooLong("reason", reason);
            if (tooLong.isPresent()) {
                throw refusals.refuse(by, "resume " + scope, tooLong.get());
            }
            store.append(new Entry.Resumed(scope, by, reason));
        } finally {
            wide.unlock();
        }
    }

    private String paused() {
        List<Pause> pauses = store.pauses();
        return pauses.isEmpty()
                ? "nothing is paused"
                : "paused " + (pauses.size() == 1 ? "is " : "are ")
                        + pauses.stream().map(Pause::scope).collect(Collectors.joining(", "));
    }

    private boolean paused(String scope) {
        return store.pauses().stream().anyMatch(p -> p.scope().equals(scope));
    }
}
