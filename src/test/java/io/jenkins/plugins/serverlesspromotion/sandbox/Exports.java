package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.util.Map;

/** Exported outputs: names are unique in an account and Region, and one in use can neither change nor go. */
final class Exports {
    private Exports() {}

    /**
     * Makes the exports of a stack what its outputs say.
     *
     * @throws AwsError ValidationError when another stack has the name or a stack imports the old value
     */
    static void publish(World world, Stack stack, Map<String, Stack.Output> outputs) {
        Region region = world.region(stack.account, stack.region);
        for (Stack.Output output : outputs.values()) {
            if (output.export() != null) {
                Region.Export other = region.exports.get(output.export());
                if (other != null && !other.stackId().equals(stack.id)) {
                    throw AwsError.validation("Export with name " + output.export() + " is already exported by stack "
                            + region.stacks.get(other.stackId()).name + ". Rollback requested by user.");
                }
                if (other != null && !other.value().equals(output.value())) {
                    checkUnused(region, output.export(), "updated");
                }
            }
        }
        for (Region.Export export : region.exports.values().toArray(new Region.Export[0])) {
            boolean still =
                    outputs.values().stream().anyMatch(output -> export.name().equals(output.export()));
            if (export.stackId().equals(stack.id) && !still) {
                checkUnused(region, export.name(), "deleted");
                region.exports.remove(export.name());
            }
        }
        outputs.values().stream()
                .filter(output -> output.export() != null)
                .forEach(output -> region.exports.put(
                        output.export(), new Region.Export(output.export(), output.value(), stack.id)));
    }

    /** Refuses when a stack imports what the given one exports. */
    static void checkUnused(World world, Stack stack) {
        Region region = world.region(stack.account, stack.region);
        region.exports.values().stream()
                .filter(export -> export.stackId().equals(stack.id))
                .forEach(export -> checkUnused(region, export.name(), "deleted"));
    }

    private static void checkUnused(Region region, String name, String done) {
        for (Stack stack : region.stacks.values()) {
            if (!stack.gone() && stack.imports.contains(name)) {
                throw AwsError.validation(
                        "Export " + name + " cannot be " + done + " as it is in use by " + stack.name);
            }
        }
    }

    static void withdraw(World world, Stack stack) {
        world.region(stack.account, stack.region)
                .exports
                .values()
                .removeIf(export -> export.stackId().equals(stack.id));
    }
}
