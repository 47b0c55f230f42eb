package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import hudson.util.FormValidation;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code artifactStores[]}: a versioned bucket that holds every release's artifacts. */
@Restricted(NoExternalUse.class)
public final class ArtifactStoreConfig extends PolicyPart<ArtifactStoreConfig> {
    private final String name;
    private final String bucket;
    private final String region;
    private final String account;

    @DataBoundConstructor
    public ArtifactStoreConfig(String name, String bucket, String region, String account) {
        this.name = name;
        this.bucket = bucket;
        this.region = region;
        this.account = account;
    }

    public String getName() {
        return name;
    }

    public String getBucket() {
        return bucket;
    }

    public String getRegion() {
        return region;
    }

    public String getAccount() {
        return account;
    }

    @Override
    Map<String, Object> tree() {
        return new PolicyTree()
                .mandatory("name", name)
                .mandatory("bucket", bucket)
                .mandatory("region", region)
                .mandatory("account", account)
                .map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<ArtifactStoreConfig> {
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return FieldCheck.name("artifact store", value);
        }

        @POST
        public FormValidation doCheckBucket(@QueryParameter String value) {
            return FieldCheck.store("bucket", value);
        }

        @POST
        public FormValidation doCheckRegion(@QueryParameter String value) {
            return FieldCheck.store("region", value);
        }
    }
}
