package io.jenkins.plugins.serverlesspromotion.engine.audit;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Test;

/** What an entry is about is data in it, and only in older records words of a text. */
public class EntryTest {
    private static Entry.Refused refused(String what, String promotion) {
        return new Entry.Refused("user:bob", what, "no permission", List.of(), promotion);
    }

    @Test
    public void aRefusalConcernsThePromotionThatItNames() {
        assertTrue(refused("whatever", "orders.prod.17").concerns("orders.prod.17"));
        assertFalse(refused("whatever", "orders.prod.17").concerns("orders.prod.1"));
        assertFalse(refused("approve orders.prod.17 like orders.prod.16", "orders.prod.17")
                .concerns("orders.prod.16"));
    }

    @Test
    public void anOlderRefusalConcernsThePromotionAmongItsWords() {
        assertTrue(refused("plan orders.prod.17 again", null).concerns("orders.prod.17"));
        assertFalse(refused("plan orders.prod.17 again", null).concerns("orders.prod.1"));
    }
}
