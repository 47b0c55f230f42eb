package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import hudson.util.FormValidation;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code evidenceKeys[]}: a key whose signature proves the producer of a statement. */
@Restricted(NoExternalUse.class)
public final class EvidenceKeyConfig extends PolicyPart<EvidenceKeyConfig> {
    private final String name;
    private final String publicKey;

    @DataBoundConstructor
    public EvidenceKeyConfig(String name, String publicKey) {
        this.name = name;
        this.publicKey = publicKey;
    }

    public String getName() {
        return name;
    }

    public String getPublicKey() {
        return publicKey;
    }

    @Override
    Map<String, Object> tree() {
        return new PolicyTree()
                .mandatory("name", name)
                .mandatory("publicKey", publicKey == null ? null : publicKey.replace("\r", ""))
                .map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<EvidenceKeyConfig> {
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return FieldCheck.name("evidence key", value);
        }

        @POST
        public FormValidation doCheckPublicKey(@QueryParameter String value) {
            return FieldCheck.evidenceKey("publicKey", value);
        }
    }
}
