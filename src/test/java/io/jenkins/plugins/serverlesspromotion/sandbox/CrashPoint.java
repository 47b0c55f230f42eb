package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A request that never gets its answer, so that a driver can kill the client exactly there. The point is named by
 * service, operation, resource, the how-manieth such request since arming, and the phase: {@code before} the request
 * has arrived and nothing is done, {@code after} its effect is there and the answer is not sent.
 */
final class CrashPoint {
    private final String service;
    private final String operation;
    private final String resource;
    private final int occurrence;
    private final boolean after;
    private final CountDownLatch released = new CountDownLatch(1);
    private int seen;
    private long hit = -1;

    CrashPoint(String service, String operation, String resource, int occurrence, boolean after) {
        this.service = service;
        this.operation = operation;
        this.resource = resource;
        this.occurrence = occurrence;
        this.after = after;
    }

    /** Counts a request; the one that is the point is remembered. */
    synchronized void count(Call call) {
        if (hit < 0
                && IamPolicy.glob(service, call.service, false)
                && IamPolicy.glob(operation, call.operation, false)
                && IamPolicy.glob(resource, call.resource, false)
                && ++seen == occurrence) {
            hit = call.seq;
        }
    }

    private boolean reached;

    /** Whether this call ends here; then it waits until the point is disarmed. */
    boolean hold(Call call, boolean afterEffect, RequestLog.Entry entry) {
        synchronized (this) {
            if (hit != call.seq || after != afterEffect) {
                return false;
            }
            entry.outcome = "held";
            reached = true;
            notifyAll();
        }
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    void release() {
        released.countDown();
    }

    synchronized Map<String, Object> report() {
        return SandboxJson.map(
                "armed", true,
                "reached", reached,
                "service", service,
                "operation", operation,
                "resource", resource,
                "occurrence", occurrence,
                "phase", after ? "after" : "before",
                "seen", seen,
                "seq", reached ? hit : null);
    }
}
