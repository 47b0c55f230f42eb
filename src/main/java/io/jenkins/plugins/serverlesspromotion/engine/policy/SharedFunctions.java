package io.jenkins.plugins.serverlesspromotion.engine.policy;

import java.util.List;

/**
 * Test functions that checks may invoke, whatever lane owns them.
 *
 * @param functions patterns of their names
 * @param accounts names of the accounts they are in; empty: all
 * @param services whose checks may invoke them; empty: all
 */
public record SharedFunctions(List<String> functions, List<String> accounts, List<String> services) {
    public SharedFunctions {
        functions = List.copyOf(functions);
        accounts = List.copyOf(accounts);
        services = List.copyOf(services);
    }
}
