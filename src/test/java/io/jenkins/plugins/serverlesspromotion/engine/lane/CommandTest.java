package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static org.junit.Assert.assertEquals;

import java.util.List;
import org.junit.Test;

public class CommandTest {
    /** The runtime runs the same work once by it, so two pieces of work with one key would be one too few. */
    @Test
    public void everyPieceOfWorkHasAKeyOfItsOwn() {
        assertEquals(
                List.of(
                        "orders.prod.1/plan/1",
                        "orders.prod.1/plan/2",
                        "orders.prod.1/membership/1",
                        "orders.prod.1/deploy/1/orders-prod/eu-west-1/api",
                        "orders.prod.1/deploy/2/orders-prod/eu-west-1/api",
                        "orders.prod.1/verify/1/0",
                        "orders.prod.1/verify/1/1",
                        "orders.prod.1/undo/1/orders-prod/eu-west-1/api"),
                List.of(
                                new Command.MakePlan("orders.prod.1", 1),
                                new Command.MakePlan("orders.prod.1", 2),
                                new Command.ReadMembership("orders.prod.1", 1),
                                new Command.DeployStep("orders.prod.1", 1, "orders-prod/eu-west-1/api"),
                                new Command.DeployStep("orders.prod.1", 2, "orders-prod/eu-west-1/api"),
                                new Command.VerifyWave("orders.prod.1", 1, 0),
                                new Command.VerifyWave("orders.prod.1", 1, 1),
                                new Command.UndoStep("orders.prod.1", 1, "orders-prod/eu-west-1/api"))
                        .stream()
                        .map(Command::key)
                        .toList());
    }
}
