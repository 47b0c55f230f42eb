package io.jenkins.plugins.serverlesspromotion.engine.plan;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId.Kind;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an environment owns and a release no longer names: stacks, functions and buckets of sites that stay live although
 * no target deploys them any more.
 */
public final class LeftBehind {
    private static final Set<Kind> KINDS = Set.of(Kind.STACK, Kind.FUNCTION, Kind.BUCKET);

    private LeftBehind() {}

    /**
     * @param targets the whole plan of the release
     * @param accounts by name
     * @param owned by the environment
     * @return in the order of {@code owned}; without those of a kind of which the plan does not know a name yet
     */
    public static List<OwnershipClaim> of(
            List<Plan.TargetPlan> targets, Map<String, Policy.Account> accounts, Collection<OwnershipClaim> owned) {
        var named = new HashSet<ResourceId>();
        var open = new HashSet<String>();
        for (Plan.TargetPlan target : targets) {
            target.claims().forEach(claim -> named.add(claim.resource()));
            Policy.Account account = accounts.get(target.place().account());
            String name = target.content().subject();
            Kind kind = kind(target.kind());
            if (account == null || kind == null || name == null) {
                continue;
            }
            if (name.contains("${")) {
                open.add(kind + account.id());
            } else {
                named.add(resource(kind, name, account.id(), target.place().region()));
            }
        }
        return without(named, owned).stream()
                .filter(claim -> !open.contains(claim.kind() + claim.resource().accountId()))
                .toList();
    }

    /** The stacks, functions and buckets in {@code owned} that are not in {@code named}. */
    public static List<OwnershipClaim> without(Collection<ResourceId> named, Collection<OwnershipClaim> owned) {
        return owned.stream()
                .filter(claim -> KINDS.contains(claim.kind()) && !named.contains(claim.resource()))
                .toList();
    }

    private static Kind kind(String target) {
        return switch (target) {
            case "cloudformation" -> Kind.STACK;
            case "lambda" -> Kind.FUNCTION;
            case "site" -> Kind.BUCKET;
            default -> null;
        };
    }

    private static ResourceId resource(Kind kind, String name, String account, String region) {
        return switch (kind) {
            case STACK -> ResourceId.stack(name, account, region);
            case FUNCTION -> ResourceId.function(name, account, region);
            default -> ResourceId.bucket(name, account);
        };
    }

    /** For people: {@code stack orders-old in 033333333333/eu-west-1 is left behind: orders@2.0.0 does not name it}. */
    public static String sentence(ResourceId resource, String release) {
        return resource + " is left behind: " + release + " does not name it, and it stays live until it is removed";
    }
}
