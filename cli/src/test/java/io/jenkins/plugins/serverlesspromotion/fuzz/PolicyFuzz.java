package io.jenkins.plugins.serverlesspromotion.fuzz;

import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;

/** The policy of a platform team. */
public final class PolicyFuzz {
    private static final String FILE = "policy.yaml";

    private PolicyFuzz() {}

    /** @param data the file */
    public static void fuzzerTestOneInput(byte[] data) {
        Expect.withinMemory(() -> {
            Policy policy;
            try {
                policy = PolicyReader.read(FILE, data);
            } catch (InputException e) {
                Expect.refusal(e, FILE, data);
                return;
            }
            Expect.written(policy, Policy.class);
            for (String service : policy.services().keySet()) {
                for (String environment : policy.environmentsOf(service)) {
                    Expect.written(LaneRules.of(policy, service, environment).orElseThrow(), LaneRules.class);
                }
            }
        });
    }
}
