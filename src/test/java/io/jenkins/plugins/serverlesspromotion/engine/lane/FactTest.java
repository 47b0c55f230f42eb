package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class FactTest {
    private static String told(int asked, String difference) {
        return new CheckResult(
                        "GET https://orders.acme.com/health",
                        "orders-prod/eu-west-1",
                        difference == null,
                        asked,
                        84,
                        "200",
                        null,
                        difference)
                .summary();
    }

    @Test
    public void aCheckTellsHowOftenItWasAskedAndWhatWasOtherwiseOnlyWhereThatSaysSomething() {
        assertEquals("200 in 84 ms", told(1, null));
        assertEquals("200 in 84 ms, asked 3 times", told(3, null));
        assertEquals("200 in 84 ms: body is 'down', not 'up'", told(1, "body is 'down', not 'up'"));
        assertEquals("200 in 84 ms, asked 3 times: it is late", told(3, "it is late"));
    }

    @Test
    public void aStepEndsInOneOfFiveWays() {
        var ends = EnumSet.of(
                Deployment.Status.DONE,
                Deployment.Status.UNCHANGED,
                Deployment.Status.FAILED,
                Deployment.Status.ERRORED,
                Deployment.Status.STALE);
        for (Deployment.Status no : EnumSet.complementOf(ends)) {
            assertEquals(
                    no + " is no result of a step",
                    assertThrows(IllegalArgumentException.class, () -> new Fact.StepResult(no, Map.of(), "", List.of()))
                            .getMessage());
        }
        ends.forEach(end -> assertEquals(end, new Fact.StepResult(end, Map.of(), "", List.of()).status()));
    }
}
