package io.jenkins.plugins.serverlesspromotion.journey;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.Test;

/** What the crash driver concludes from, on changes that are made up. */
public class CrashJudgementTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    public void nineOfTenPointsMustBeKilled() {
        assertNull(CrashDriver.tooFew(9, 10));
        assertNull(CrashDriver.tooFew(6, 6));
        assertEquals("only 5 of 6 points were killed; nine of ten are needed", CrashDriver.tooFew(5, 6));
        assertEquals("only 0 of 6 points were killed; nine of ten are needed", CrashDriver.tooFew(0, 6));
        assertEquals("only 0 of 0 points were killed; nine of ten are needed", CrashDriver.tooFew(0, 0));
    }

    @Test
    public void anEffectThatHappensTwiceIsADifference() {
        var expected = new Tally().add("publish", 1).add("update", 2);
        assertEquals(List.of(), new Tally().add("publish", 1).add("update", 2).differences(expected));
        assertEquals(
                List.of("2 times instead of 1: publish", "0 times instead of 2: update", "1 times instead of 0: create"),
                new Tally().add("publish", 2).add("create", 1).differences(expected));
    }

    @Test
    public void aChangeSetThatIsNotDeletedIsKept() {
        JsonNode create = change(1, "cloudformation:change-set", "orders-dev/promotion-1", "create");
        JsonNode delete = change(2, "cloudformation:change-set", "orders-dev/promotion-1", "delete");
        String kept = "222222222222 eu-west-1 cloudformation:change-set orders-dev kept";
        assertEquals(new Tally().add(kept, 1).counts(), Effects.inAccounts(List.of(create), 0).counts());
        assertEquals(new Tally().counts(), Effects.inAccounts(List.of(create, delete), 0).counts());
    }

    @Test
    public void everyVersionAndEveryCopyCounts() {
        var changes = List.of(
                change(1, "lambda:version", "orders-worker-dev:1", "publish"),
                change(2, "lambda:version", "orders-worker-dev:2", "publish"),
                change(3, "s3:object", "serverless-promotion-222222222222-eu-west-1/sha256/6c/6ce0", "copy"),
                change(4, "s3:object", "serverless-promotion-222222222222-eu-west-1/sha256/6c/6ce0", "copy"));
        Tally expected = new Tally()
                .add("222222222222 eu-west-1 lambda:version orders-worker-dev:1 publish", 1)
                .add("222222222222 eu-west-1 s3:object staging copy", 1);
        assertEquals(
                List.of(
                        "2 times instead of 1: 222222222222 eu-west-1 s3:object staging copy",
                        "1 times instead of 0: 222222222222 eu-west-1 lambda:version orders-worker-dev:2 publish"),
                Effects.inAccounts(changes, 0).differences(expected));
    }

    @Test
    public void everyStepHasItsEffectsStated() {
        assertEquals(Script.steps().size(), ExpectedEffects.steps().size());
        for (int i = 0; i < Script.steps().size(); i++) {
            assertNotEquals(
                    Script.steps().get(i).title(),
                    0,
                    ExpectedEffects.steps().get(i).journal.counts().size());
        }
    }

    private static JsonNode change(int number, String type, String id, String what) {
        return JSON.createObjectNode()
                .put("number", number)
                .put("account", "222222222222")
                .put("region", "eu-west-1")
                .put("type", type)
                .put("id", id)
                .put("what", what);
    }
}
