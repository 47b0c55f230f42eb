package io.jenkins.plugins.serverlesspromotion.controller;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import hudson.ExtensionList;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** An engine whose opening failed half way would record what people decide, and never carry it out. */
public class HalfOpenEngineTest {
    @Rule
    public final JenkinsRule j = new JenkinsRule();

    private static Store store() {
        return EngineLifecycle.get().store().orElseThrow();
    }

    private static List<?> records() throws Exception {
        return store().records(r -> true);
    }

    @Test
    public void anEngineThatFailedToOpenAcceptsNothingAndOpensAgain() throws Exception {
        EngineLifecycle.get().promotions().orElseThrow().pause("service orders", "alice", "incident");
        var before = List.copyOf(records());
        var half = new AtomicReference<Promotions>();
        var configurations = ExtensionList.lookup(EngineConfiguration.class);
        EngineConfiguration real = configurations.get(0);
        var failing = new EngineConfiguration() {
            @Override
            public IdentityRules identityRules() {
                return real.identityRules();
            }

            @Override
            public AwsSettings awsSettings() {
                return real.awsSettings();
            }

            @Override
            public void storeOpened() {
                half.set(EngineLifecycle.get().promotions().orElseThrow());
                throw new IllegalStateException("the configuration could not be read");
            }
        };
        configurations.remove(real);
        configurations.add(failing);

        EngineLifecycle.get().reopen();
        assertTrue(EngineLifecycle.get().promotions().isEmpty());
        assertTrue(EngineLifecycle.get().artifacts().isEmpty());
        String trouble = EngineLifecycle.get().trouble().orElseThrow();
        assertThat(trouble, containsString("the configuration could not be read"));
        assertTrue(ExtensionList.lookupSingleton(StoreMonitor.class).isActivated());
        assertThrows(
                "also who already held it", Exception.class, () -> half.get().pause("everything", "bob", "too early"));
        assertEquals("what was recorded can still be read", before, records());

        configurations.remove(failing);
        configurations.add(real);
        EngineLifecycle.get().reopen();
        assertTrue(EngineLifecycle.get().trouble().isEmpty());
        EngineLifecycle.get().promotions().orElseThrow().resume("service orders", "alice", "over");
        assertTrue(store().pauses().isEmpty());
    }
}
