package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Alarm;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What the gate of alarms is told of CloudWatch: each name in each place, and why not where that cannot be had. */
public class AlarmGateTest {
    private static final String PLACE = "orders-dev/eu-west-1";

    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    private FunctionLab function;
    private Deployer.Work work;

    @Before
    public void up() throws Exception {
        function = new FunctionLab(sandbox, 0.01);
        work = sandbox.lab().work("orders.dev.1", sandbox.lab().publish("1.0.0", 128, AwsSuite.V1));
    }

    @After
    public void close() {
        function.close();
    }

    private List<Alarm> read(Deployer.Work where, String... names) throws InterruptedException {
        return sandbox.lab().deployer().alarms(where, List.of(names));
    }

    @Test
    public void everyStateIsToldAsItIs() throws Exception {
        for (String state : List.of("OK", "ALARM", "INSUFFICIENT_DATA")) {
            function.alarm(state);
            assertEquals(
                    List.of(
                            new Alarm(PLACE, FunctionLab.ALARM, Alarm.State.valueOf(state), "a test says so"),
                            new Alarm(PLACE, "nobody", Alarm.State.MISSING, null)),
                    read(work, FunctionLab.ALARM, "nobody"));
        }
    }

    @Test
    public void aPlaceThatDoesNotAnswerSaysWhyAndTheOthersAnswer() throws Exception {
        function.alarm("OK");
        var both = sandbox.lab()
                .work(
                        "orders.dev.1",
                        work.release(),
                        List.of(List.of(new Place(Lab.DEV, Lab.REGION)), List.of(new Place("gone", "eu-west-1"))));
        List<Alarm> alarms = read(both, FunctionLab.ALARM);
        assertEquals(Alarm.State.OK, alarms.get(0).state());
        assertEquals("gone/eu-west-1", alarms.get(1).place());
        assertEquals(Alarm.State.UNREADABLE, alarms.get(1).state());
        assertTrue(alarms.get(1).detail(), alarms.get(1).detail().contains("account gone is not in the policy"));
    }
}
