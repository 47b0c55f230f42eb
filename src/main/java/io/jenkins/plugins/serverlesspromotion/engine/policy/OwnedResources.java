package io.jenkins.plugins.serverlesspromotion.engine.policy;

import java.util.List;

/**
 * Resources that belong to a service. In the patterns {@code *} stands for anything but {@code /}, {@code ${service}}
 * and {@code ${environment}} for their names. The patterns apply in the accounts that the service is placed in.
 *
 * @param environment null: in every environment
 */
public record OwnedResources(
        String environment,
        List<String> stacks,
        List<String> functions,
        List<String> buckets,
        List<String> distributions) {
    public OwnedResources {
        stacks = List.copyOf(stacks);
        functions = List.copyOf(functions);
        buckets = List.copyOf(buckets);
        distributions = List.copyOf(distributions);
    }
}
