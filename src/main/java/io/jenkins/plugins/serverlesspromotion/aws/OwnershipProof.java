package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;

/**
 * Proves that the owner of a resource was asked, and that it may be written to. Only {@code OwnerCheck} makes one, but
 * for the buckets of this product itself; {@link WriteGuard} lets no write through without one.
 */
final class OwnershipProof {
    /** Where a request carries it. */
    static final ExecutionAttribute<OwnershipProof> ATTRIBUTE = new ExecutionAttribute<>("PromotionOwned");

    private final ResourceId resource;

    OwnershipProof(ResourceId resource) {
        this.resource = resource;
    }

    /** The bucket of {@code account} for what is staged, which is the product's own. */
    static OwnershipProof ofStaging(Policy.Account account, String region) {
        return new OwnershipProof(ResourceId.bucket(account.bucketIn(region), account.id()));
    }

    /** The bucket for artifacts, which is the product's own. */
    static OwnershipProof ofArtifacts(Policy.Store store, Policy.Account account) {
        return new OwnershipProof(ResourceId.bucket(store.bucket(), account.id()));
    }

    ResourceId resource() {
        return resource;
    }

    /** Puts the proof into a request: {@code r.overrideConfiguration(owned::allow)}. */
    void allow(AwsRequestOverrideConfiguration.Builder request) {
        request.putExecutionAttribute(ATTRIBUTE, this);
    }
}
