package io.jenkins.plugins.serverlesspromotion.aws.session;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;

/**
 * Proves that the ownership of a resource was checked and that it may be written to. Only {@code OwnerCheck} creates
 * one, except for the buckets of this product. {@link WriteGuard} allows no write without one.
 */
public final class OwnershipProof {
    /** The attribute of a request that contains it. */
    static final ExecutionAttribute<OwnershipProof> ATTRIBUTE = new ExecutionAttribute<>("PromotionOwned");

    private final ResourceId resource;

    public OwnershipProof(ResourceId resource) {
        this.resource = resource;
    }

    /** The bucket of {@code account} for staged artifacts, which this product owns. */
    public static OwnershipProof ofStaging(Policy.Account account, String region) {
        return new OwnershipProof(ResourceId.bucket(account.bucketIn(region), account.id()));
    }

    /** The bucket for artifacts, which this product owns. */
    public static OwnershipProof ofArtifacts(Policy.Store store, Policy.Account account) {
        return new OwnershipProof(ResourceId.bucket(store.bucket(), account.id()));
    }

    public ResourceId resource() {
        return resource;
    }

    /** Adds the proof to a request: {@code r.overrideConfiguration(owned::allow)}. */
    public void allow(AwsRequestOverrideConfiguration.Builder request) {
        request.putExecutionAttribute(ATTRIBUTE, this);
    }
}
