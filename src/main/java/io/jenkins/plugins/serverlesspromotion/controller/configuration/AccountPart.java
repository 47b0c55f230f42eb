package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The fields of an account, and of {@code defaults.account} for accounts that do not set them. */
@Restricted(NoExternalUse.class)
public abstract class AccountPart<T extends AccountPart<T>> extends PolicyPart<T> {
    private String credentialsId;
    private String externalId;
    private String planRole;
    private String deployRole;
    private String executionRole;
    private String testRole;
    private String bucket;
    private List<String> checkHosts;
    private List<String> alarms;

    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(String credentialsId) {
        this.credentialsId = credentialsId;
    }

    public String getExternalId() {
        return externalId;
    }

    @DataBoundSetter
    public void setExternalId(String externalId) {
        this.externalId = externalId;
    }

    public String getPlanRole() {
        return planRole;
    }

    @DataBoundSetter
    public void setPlanRole(String planRole) {
        this.planRole = planRole;
    }

    public String getDeployRole() {
        return deployRole;
    }

    @DataBoundSetter
    public void setDeployRole(String deployRole) {
        this.deployRole = deployRole;
    }

    public String getExecutionRole() {
        return executionRole;
    }

    @DataBoundSetter
    public void setExecutionRole(String executionRole) {
        this.executionRole = executionRole;
    }

    public String getTestRole() {
        return testRole;
    }

    @DataBoundSetter
    public void setTestRole(String testRole) {
        this.testRole = testRole;
    }

    public String getBucket() {
        return bucket;
    }

    @DataBoundSetter
    public void setBucket(String bucket) {
        this.bucket = bucket;
    }

    public TextList getCheckHosts() {
        return TextList.shown(checkHosts);
    }

    @DataBoundSetter
    public void setCheckHosts(TextList checkHosts) {
        this.checkHosts = TextList.kept(checkHosts);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getCheckHostsText() {
        return getCheckHosts().lines();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setCheckHostsText(String text) {
        setCheckHosts(TextList.ofLines(text));
    }

    public TextList getAlarms() {
        return TextList.shown(alarms);
    }

    @DataBoundSetter
    public void setAlarms(TextList alarms) {
        this.alarms = TextList.kept(alarms);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getAlarmsText() {
        return getAlarms().lines();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setAlarmsText(String text) {
        setAlarms(TextList.ofLines(text));
    }

    /** Adds these fields after those of the account itself. */
    final PolicyTree access(PolicyTree policyTree) {
        return policyTree
                .text("credentialsId", credentialsId)
                .text("externalId", externalId)
                .text("planRole", planRole)
                .text("deployRole", deployRole)
                .text("executionRole", executionRole)
                .text("testRole", testRole)
                .text("bucket", bucket)
                .texts("checkHosts", getCheckHosts().items())
                .texts("alarms", getAlarms().items());
    }

    /** The checks of the fields. */
    @Restricted(NoExternalUse.class)
    public abstract static class AccountDescriptor<T extends AccountPart<T>> extends PartDescriptor<T> {
        @POST
        public ListBoxModel doFillCredentialsIdItems(@QueryParameter String credentialsId) {
            return CredentialItems.of(credentialsId);
        }

        @POST
        public FormValidation doCheckCredentialsId(@QueryParameter String value) {
            return CredentialItems.check(value);
        }

        @POST
        public FormValidation doCheckExternalId(@QueryParameter String value) {
            return FieldCheck.account("externalId", value);
        }

        @POST
        public FormValidation doCheckPlanRole(@QueryParameter String value) {
            return FieldCheck.account("planRole", value);
        }

        @POST
        public FormValidation doCheckDeployRole(@QueryParameter String value) {
            return FieldCheck.account("deployRole", value);
        }

        @POST
        public FormValidation doCheckExecutionRole(@QueryParameter String value) {
            return FieldCheck.account("executionRole", value);
        }

        @POST
        public FormValidation doCheckTestRole(@QueryParameter String value) {
            return FieldCheck.account("testRole", value);
        }

        @POST
        public FormValidation doCheckBucket(@QueryParameter String value) {
            return FieldCheck.account("bucket", value);
        }

        @POST
        public FormValidation doCheckCheckHostsText(@QueryParameter String value) {
            return FieldCheck.accountLines("checkHosts", value);
        }

        @POST
        public FormValidation doCheckAlarmsText(@QueryParameter String value) {
            return FieldCheck.accountLines("alarms", value);
        }
    }
}
