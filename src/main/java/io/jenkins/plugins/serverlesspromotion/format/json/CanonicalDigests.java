package io.jenkins.plugins.serverlesspromotion.format.json;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Digests;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Computes SHA-256 over canonical JSON. The hashed JSON names its kind ({@code {"release":…}}), so that a digest of one
 * kind cannot be used as a digest of another.
 */
public final class CanonicalDigests implements Digests {
    @Override
    public String release(Release release) {
        return digest("release", release);
    }

    @Override
    public String plan(List<Plan.TargetPlan> targets) {
        return digest("plan", targets.stream().map(PlanForm::of).toList());
    }

    @Override
    public String rules(LaneRules rules) {
        return digest("rules", rules);
    }

    @Override
    public String policy(Policy policy) {
        return digest("policy", policy);
    }

    /**
     * The digest of a controller's whole configuration.
     *
     * @param tree maps, lists, texts, numbers and booleans
     */
    public static String configuration(Object tree) {
        return digest("configuration", tree);
    }

    /** {@code sha256:} and 64 hexadecimal digits. */
    public static String sha256(byte[] bytes) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String digest(String kind, Object value) {
        return sha256(Json.canonical(java.util.Map.of(kind, value)));
    }
}
