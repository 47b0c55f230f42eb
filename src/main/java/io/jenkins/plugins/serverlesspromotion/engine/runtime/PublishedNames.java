package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.Observation;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Owners.Use;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipRules;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceNames;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import java.util.HashMap;

/**
 * Refuses a release that names a resource of another owner, before it is planned. Publishers do not see other services,
 * so no refusal names one.
 */
final class PublishedNames {
    private final Policy policy;
    private final OwnershipRules rules;

    PublishedNames(Policy policy, OwnershipRules rules) {
        this.policy = policy;
        this.rules = rules;
    }

    /** Why {@code release} may not be published; null when every name is allowed. */
    String refusal(Release release) {
        var seen = new HashMap<ResourceId, String>();
        for (String environment : policy.environmentsOf(release.service())) {
            var lane = new ResourceOwner(release.service(), environment);
            for (ResourceNames.Named named : ResourceNames.in(release, policy, environment)) {
                ResourceId resource = named.resource();
                boolean invoked = resource.kind() == ResourceId.Kind.CHECK;
                String where = "target " + named.target() + " of the manifest names, in environment " + environment
                        + ", " + resource;
                if (resource.isAccessPoint()) {
                    return where + ", which is the name of an access point; write the name of its bucket";
                }
                if (rules.ask(lane, resource, Observation.NONE, invoked ? Use.PLAN_INVOKE : Use.PLAN_WRITE)
                        .refused()) {
                    return where + ", which belongs to " + whose(lane, resource) + "; name another one, or have "
                            + (invoked ? "'shared'" : "'owns'") + " of the policy changed";
                }
                String other = invoked ? null : seen.putIfAbsent(resource, environment);
                if (other != null && !other.equals(environment)) {
                    return where + ", and in environment " + other + " the same one; use ${environment} in its name, so"
                            + " that each environment has its own";
                }
            }
        }
        return null;
    }

    private String whose(ResourceOwner lane, ResourceId resource) {
        if (rules.policy().used(resource).isPresent()) {
            return "this product itself";
        }
        var owners = rules.owners(
                resource.kind() == ResourceId.Kind.CHECK ? resource.as(ResourceId.Kind.FUNCTION) : resource);
        return owners.stream().allMatch(o -> o.service().equals(lane.service()))
                ? "environment "
                        + String.join(
                                " and ",
                                owners.stream().map(ResourceOwner::environment).toList())
                : "another service";
    }
}
