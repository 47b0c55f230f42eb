package io.jenkins.plugins.serverlesspromotion.aws.session;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;

/**
 * Proves that the owner of a resource was asked, and that it may be written to. Only {@code OwnerCheck} makes one, but
 * for the buckets of this product itself; {@link WriteGuard} lets no write through without one.
 */
public final class OwnershipProof {
    /** Where a request carries it. */
    static final ExecutionAttribute<OwnershipProof> ATTRIBUTE = new ExecutionAttribute<>("PromotionOwned");

    private final ResourceId resource;

    public OwnershipProof(ResourceId resource) {
        this.resource = resource;
    }

    /** The bucket of {@code account} for what is staged, which is the product's own. */
    public static OwnershipProof ofStaging(Policy.Account account, String region) {
        return new OwnershipProof(ResourceId.bucket(account.bucketIn(region), account.id()));
    }

    /** The bucket for artifacts, which is the product's own. */
    public static OwnershipProof ofArtifacts(Policy.Store store, Policy.Account account) {
        return new OwnershipProof(ResourceId.bucket(store.bucket(), account.id()));
    }

    public ResourceId resource() {
        return resource;
    }

    /** Puts the proof into a request: {@code r.overrideConfiguration(owned::allow)}. */
    public void allow(AwsRequestOverrideConfiguration.Builder request) {
        request.putExecutionAttribute(ATTRIBUTE, this);
    }
}
