package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import hudson.util.FormValidation;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.controller.IdentityRules;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code settings}: settings of this controller that are no part of the policy. */
@Restricted(NoExternalUse.class)
public final class SettingsConfig extends PolicyPart<SettingsConfig> {
    private static final Pattern HOST = Pattern.compile("(\\*\\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

    private String maxLoginAge;
    private boolean requireRecentLogin;
    private boolean secondPersonForChanges;
    private List<String> serviceUsers;
    private List<String> automaticCauses;
    private List<String> verificationHosts;
    private String driftInterval;
    private String endpoint;
    private String trustedCertificates;
    private boolean pathStyleAccess;
    private boolean checksumsWhenRequired;
    private boolean sessionTags = true;
    private boolean sourceIdentity = true;

    @DataBoundConstructor
    public SettingsConfig() {}

    public String getMaxLoginAge() {
        return maxLoginAge;
    }

    @DataBoundSetter
    public void setMaxLoginAge(String maxLoginAge) {
        this.maxLoginAge = maxLoginAge;
    }

    public boolean isRequireRecentLogin() {
        return requireRecentLogin;
    }

    @DataBoundSetter
    public void setRequireRecentLogin(boolean requireRecentLogin) {
        this.requireRecentLogin = requireRecentLogin;
    }

    public boolean isSecondPersonForChanges() {
        return secondPersonForChanges;
    }

    @DataBoundSetter
    public void setSecondPersonForChanges(boolean secondPersonForChanges) {
        this.secondPersonForChanges = secondPersonForChanges;
    }

    public List<String> getServiceUsers() {
        return Lines.shown(serviceUsers);
    }

    @DataBoundSetter
    public void setServiceUsers(List<String> serviceUsers) {
        this.serviceUsers = Lines.kept(serviceUsers);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getServiceUsersText() {
        return Lines.join(getServiceUsers());
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setServiceUsersText(String text) {
        setServiceUsers(Lines.split(text));
    }

    /** Names of further classes of build causes that mean that no person started the build. */
    public List<String> getAutomaticCauses() {
        return Lines.shown(automaticCauses);
    }

    @DataBoundSetter
    public void setAutomaticCauses(List<String> automaticCauses) {
        this.automaticCauses = Lines.kept(automaticCauses);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getAutomaticCausesText() {
        return Lines.join(getAutomaticCauses());
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setAutomaticCausesText(String text) {
        setAutomaticCauses(Lines.split(text));
    }

    public List<String> getVerificationHosts() {
        return Lines.shown(verificationHosts);
    }

    @DataBoundSetter
    public void setVerificationHosts(List<String> verificationHosts) {
        this.verificationHosts = Lines.kept(verificationHosts);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getVerificationHostsText() {
        return Lines.join(getVerificationHosts());
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setVerificationHostsText(String text) {
        setVerificationHosts(Lines.split(text));
    }

    public String getDriftInterval() {
        return driftInterval;
    }

    @DataBoundSetter
    public void setDriftInterval(String driftInterval) {
        this.driftInterval = driftInterval;
    }

    public String getEndpoint() {
        return endpoint;
    }

    @DataBoundSetter
    public void setEndpoint(String endpoint) {
        this.endpoint = endpoint;
    }

    public String getTrustedCertificates() {
        return trustedCertificates;
    }

    @DataBoundSetter
    public void setTrustedCertificates(String trustedCertificates) {
        this.trustedCertificates = trustedCertificates;
    }

    public boolean isPathStyleAccess() {
        return pathStyleAccess;
    }

    @DataBoundSetter
    public void setPathStyleAccess(boolean pathStyleAccess) {
        this.pathStyleAccess = pathStyleAccess;
    }

    public boolean isChecksumsWhenRequired() {
        return checksumsWhenRequired;
    }

    @DataBoundSetter
    public void setChecksumsWhenRequired(boolean checksumsWhenRequired) {
        this.checksumsWhenRequired = checksumsWhenRequired;
    }

    public boolean isSessionTags() {
        return sessionTags;
    }

    @DataBoundSetter
    public void setSessionTags(boolean sessionTags) {
        this.sessionTags = sessionTags;
    }

    public boolean isSourceIdentity() {
        return sourceIdentity;
    }

    @DataBoundSetter
    public void setSourceIdentity(boolean sourceIdentity) {
        this.sourceIdentity = sourceIdentity;
    }

    /** Whether two send requests or checks to different places: policy cannot change that. */
    boolean reachesAsMuchAs(SettingsConfig other) {
        return Lines.text(endpoint).equals(Lines.text(other.endpoint))
                && Lines.text(trustedCertificates).equals(Lines.text(other.trustedCertificates))
                && Set.copyOf(getVerificationHosts()).equals(Set.copyOf(other.getVerificationHosts()));
    }

    @Override
    Map<String, Object> tree() {
        return new PolicyTree()
                .text("maxLoginAge", maxLoginAge)
                .value("requireRecentLogin", requireRecentLogin)
                .value("secondPersonForChanges", secondPersonForChanges)
                .texts("serviceUsers", getServiceUsers())
                .texts("automaticCauses", getAutomaticCauses())
                .texts("verificationHosts", getVerificationHosts())
                .text("driftInterval", driftInterval)
                .text("endpoint", endpoint)
                .text("trustedCertificates", trustedCertificates)
                .value("pathStyleAccess", pathStyleAccess)
                .value("checksumsWhenRequired", checksumsWhenRequired)
                .value("sessionTags", sessionTags)
                .value("sourceIdentity", sourceIdentity)
                .map();
    }

    /**
     * @param path of the setting: {@code settings.endpoint}
     * @param text the error
     */
    record Problem(String path, String text) {
        @Override
        public String toString() {
            return path + ": " + text;
        }
    }

    /** The errors; empty when all settings are valid. */
    List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        try {
            SettingValues.loginAge(maxLoginAge);
        } catch (IllegalArgumentException e) {
            problems.add(new Problem("settings.maxLoginAge", e.getMessage()));
        }
        try {
            SettingValues.driftInterval(driftInterval);
        } catch (IllegalArgumentException e) {
            problems.add(new Problem("settings.driftInterval", e.getMessage()));
        }
        try {
            SettingValues.endpoint(endpoint);
        } catch (IllegalArgumentException e) {
            problems.add(new Problem("settings.endpoint", e.getMessage()));
        }
        try {
            AwsSettings.defaults().withAuthorities(SettingValues.authorities(trustedCertificates));
        } catch (IllegalArgumentException e) {
            problems.add(new Problem("settings.trustedCertificates", e.getMessage()));
        }
        for (int i = 0; i < getVerificationHosts().size(); i++) {
            if (!HOST.matcher(lower(getVerificationHosts().get(i))).matches()) {
                problems.add(new Problem(
                        "settings.verificationHosts[" + i + "]",
                        "must be the name of a host, or *. and the end of names, without a port"));
            }
        }
        return problems;
    }

    /** The interval of drift checks; zero: no automatic checks. */
    public Duration driftInterval() {
        try {
            return SettingValues.driftInterval(driftInterval);
        } catch (IllegalArgumentException e) {
            return SettingValues.DRIFT_INTERVAL; // problems() reports it
        }
    }

    /** {@link #problems} reports an invalid value, so here it counts as the stricter default. */
    public IdentityRules identityRules() {
        Duration age;
        try {
            age = SettingValues.loginAge(maxLoginAge);
        } catch (IllegalArgumentException e) {
            age = IdentityRules.DEFAULTS.maxLoginAge();
        }
        return new IdentityRules(age, requireRecentLogin, Set.copyOf(getServiceUsers()), Clock.systemUTC());
    }

    /** @throws IllegalArgumentException when endpoint or certificates are not valid: there is no fallback */
    public AwsSettings awsSettings() {
        URI address = SettingValues.endpoint(endpoint);
        AwsSettings settings = AwsSettings.defaults().withSessionMarks(sessionTags, sourceIdentity);
        if (address != null) {
            settings = settings.at(address);
        }
        return settings.withAuthorities(SettingValues.authorities(trustedCertificates))
                .withS3(pathStyleAccess || address != null, checksumsWhenRequired)
                .withCheckHosts(getVerificationHosts().stream()
                        .map(SettingsConfig::lower)
                        .collect(java.util.stream.Collectors.toSet()));
    }

    private static String lower(String host) {
        return host.strip().toLowerCase(Locale.ROOT);
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<SettingsConfig> {
        @POST
        public FormValidation doCheckMaxLoginAge(@QueryParameter String value) {
            return check("maxLoginAge", value);
        }

        @POST
        public FormValidation doCheckDriftInterval(@QueryParameter String value) {
            return check("driftInterval", value);
        }

        @POST
        public FormValidation doCheckEndpoint(@QueryParameter String value) {
            return check("endpoint", value);
        }

        @POST
        public FormValidation doCheckTrustedCertificates(@QueryParameter String value) {
            return check("trustedCertificates", value);
        }

        @POST
        public FormValidation doCheckVerificationHostsText(@QueryParameter String value) {
            return check("verificationHosts", value);
        }

        private static FormValidation check(String field, String value) {
            checkMayConfigure();
            var settings = new SettingsConfig();
            switch (field) {
                case "maxLoginAge" -> settings.setMaxLoginAge(value);
                case "driftInterval" -> settings.setDriftInterval(value);
                case "endpoint" -> settings.setEndpoint(value);
                case "trustedCertificates" -> settings.setTrustedCertificates(value);
                default -> settings.setVerificationHostsText(value);
            }
            return settings.problems().stream()
                    .findFirst()
                    .map(problem -> FormValidation.error(problem.text()))
                    .orElseGet(FormValidation::ok);
        }
    }
}
