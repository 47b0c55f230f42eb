package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.serverlesspromotion.MayBeSkipped;
import io.jenkins.plugins.serverlesspromotion.ShownCells;
import io.jenkins.plugins.serverlesspromotion.Shows;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.Test;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;

/**
 * What must be shown: every state that CloudFormation knows a stack to be in, and every way of deploying with everything
 * that can happen to it. Which test shows what, the tests declare themselves ({@link Shows}). A state that is added by a
 * new SDK, and a scenario that is lost, skipped or declared for what nobody asked, fail here or in {@link ShownCells}.
 */
public class ScenariosTest {
    private static final String CHANGING = "_IN_PROGRESS";

    /** States in which something is being changed, and which still are a row of their own. */
    private static final Set<String> OWN_ROW = Set.of("REVIEW_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");

    private static final List<String> WAYS = List.of("stack", "allAtOnce", "canary", "site");

    private static final List<String> HAPPENINGS = List.of(
            "done", "nothing to do", "stale plan", "undone", "every fault once", "crash anywhere", "alarm goes off");

    /** What cannot happen, and why. */
    private static final Map<String, String> CANNOT_HAPPEN = Map.of(
            "allAtOnce: alarm goes off", "an alarm is watched between two shifts, and here is one",
            "site: alarm goes off", "files have no traffic to shift");

    @Test
    public void everyStateOfAStackIsShown() {
        var cells = new TreeSet<String>();
        // A stack that is not there has no state.
        cells.add("(absent)");
        for (StackStatus status : StackStatus.knownValues()) {
            String state = status.toString();
            cells.add(state.endsWith(CHANGING) && !OWN_ROW.contains(state) ? "*" + CHANGING : state);
        }
        assertEquals(List.of(), ShownCells.compare(Shows.STACK_STATES, cells));
    }

    @Test
    public void everyWayOfDeployingIsShownWithEverythingThatHappensToIt() {
        var cells = new TreeSet<String>();
        WAYS.forEach(way -> HAPPENINGS.forEach(what -> cells.add(way + ": " + what)));
        cells.removeAll(CANNOT_HAPPEN.keySet());
        assertEquals(WAYS.size() * HAPPENINGS.size() - CANNOT_HAPPEN.size(), cells.size());
        assertEquals(List.of(), ShownCells.compare(Shows.DEPLOYING, cells));
    }

    /** Emulators show nothing that has to be shown, since they are not always there; but each suite is run on them too. */
    @Test
    public void whatTheSandboxShowsIsAlsoTriedOnEmulators() {
        var runs = new TreeMap<String, Set<String>>();
        for (Class<?> suite : List.of(AwsSuite.class, LambdaSuite.class)) {
            runs.put(
                    suite.getSimpleName(),
                    ShownCells.classes().stream()
                            .filter(suite::isAssignableFrom)
                            .filter(type -> type.isAnnotationPresent(MayBeSkipped.class))
                            .map(type -> type.getAnnotation(MayBeSkipped.class).value())
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
        assertEquals(Map.of("AwsSuite", Set.of("ministack", "moto"), "LambdaSuite", Set.of("ministack", "moto")), runs);
    }
}
