package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.serverlesspromotion.Patience;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** Cuts work off at every single request it makes, before and after its effect, and does it again from the start. */
final class CutOff {
    private final SandboxLab sandbox;

    CutOff(SandboxLab sandbox) {
        this.sandbox = sandbox;
    }

    interface Task {
        Object run() throws Exception;
    }

    /** A request, by what a crash point needs. */
    private record Point(String service, String operation, int occurrence, String phase) {}

    /** Runs {@code task} to every point it has and cuts it off there, then {@code again} in the same world. */
    void everywhere(Task task, Task again) throws Exception {
        byte[] world = sandbox.control().snapshot();
        int before = sandbox.control().log().size();
        task.run();
        List<Point> points = points(
                sandbox.control().log().subList(before, sandbox.control().log().size()));
        assertTrue(String.valueOf(points.size()), points.size() >= 8);
        int reached = 0;
        for (Point point : points) {
            sandbox.control().restore(world);
            sandbox.lab().restart();
            sandbox.control().arm(point.service(), point.operation(), "*", point.occurrence(), point.phase());
            var thread = new Thread(() -> {
                try {
                    task.run();
                } catch (Exception | AssertionError e) {
                    // Cut off: whatever it says, nobody heard it.
                }
            });
            thread.start();
            SandboxLab.await(point + " or the end", () -> sandbox.control().crashReached() || !thread.isAlive());
            reached += sandbox.control().crashReached() ? 1 : 0;
            thread.interrupt();
            thread.join(Patience.MILLIS);
            assertTrue(point + " did not stop", !thread.isAlive());
            sandbox.control().disarm();
            sandbox.lab().restart();
            try {
                again.run();
            } catch (AssertionError e) {
                throw new AssertionError("cut off at " + point + ": " + e.getMessage(), e);
            }
        }
        // How often a poller asks differs from run to run; nearly all points must have been real ones.
        assertTrue(reached + " of " + points.size(), reached * 4 > points.size() * 3);
    }

    private static List<Point> points(List<JsonNode> requests) {
        var points = new ArrayList<Point>();
        var counts = new HashMap<String, Integer>();
        for (JsonNode request : requests) {
            String service = request.path("service").asText();
            String operation = request.path("operation").asText();
            int occurrence = counts.merge(service + operation, 1, Integer::sum);
            points.add(new Point(service, operation, occurrence, "before"));
            // What only reads has no effect to lose the answer of.
            if (!operation.matches("(Describe|Get|Head|List|Validate|Assume).*")) {
                points.add(new Point(service, operation, occurrence, "after"));
            }
        }
        return points;
    }
}
