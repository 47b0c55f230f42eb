package io.jenkins.plugins.serverlesspromotion.engine.ownership;

import static org.junit.Assert.assertEquals;

import java.util.List;
import org.junit.Test;

/** Every form in which AWS takes a name is the same resource. */
public class ResourceIdTest {
    private static final String ACCOUNT = "222222222222";

    @Test
    public void everyFormOfAFunctionsNameIsThatFunction() {
        var victim = ResourceId.function("victim", ACCOUNT, "eu-west-1");
        for (String form : List.of(
                "victim:live",
                "victim:$LATEST",
                "function:victim",
                "function:victim:live",
                ACCOUNT + ":victim",
                ACCOUNT + ":function:victim",
                ACCOUNT + ":function:victim:7",
                "eu-west-1:" + ACCOUNT + ":function:victim",
                "arn:aws:lambda:eu-west-1:" + ACCOUNT + ":function:victim",
                "arn:aws:lambda:eu-west-1:" + ACCOUNT + ":function:victim:live")) {
            assertEquals(form, victim, ResourceId.function(form, ACCOUNT, "eu-west-1"));
        }
    }

    @Test
    public void aFunctionOfAnotherAccountOrRegionIsThere() {
        assertEquals(
                "333333333333/eu-west-1",
                ResourceId.function("333333333333:victim", ACCOUNT, "eu-west-1").place());
        assertEquals(
                "333333333333/us-gov-west-1",
                ResourceId.function(
                                "arn:aws-us-gov:lambda:us-gov-west-1:333333333333:function:victim:live",
                                ACCOUNT,
                                "eu-west-1")
                        .place());
        assertEquals(
                ACCOUNT + "/us-east-1",
                ResourceId.function("us-east-1:" + ACCOUNT + ":function:victim", ACCOUNT, "eu-west-1")
                        .place());
    }
}
