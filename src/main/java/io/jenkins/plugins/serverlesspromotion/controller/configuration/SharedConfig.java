package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import java.util.List;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code shared[]}: test functions that checks of several services may invoke. */
@Restricted(NoExternalUse.class)
public final class SharedConfig extends PolicyPart<SharedConfig> {
    private List<String> functions;
    private List<String> accounts;
    private List<String> services;

    @DataBoundConstructor
    public SharedConfig() {}

    public TextList getFunctions() {
        return TextList.shown(functions);
    }

    @DataBoundSetter
    public void setFunctions(TextList functions) {
        this.functions = TextList.kept(functions);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getFunctionsText() {
        return getFunctions().words();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setFunctionsText(String text) {
        setFunctions(TextList.ofWords(text));
    }

    public TextList getAccounts() {
        return TextList.shown(accounts);
    }

    @DataBoundSetter
    public void setAccounts(TextList accounts) {
        this.accounts = TextList.kept(accounts);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getAccountsText() {
        return getAccounts().words();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setAccountsText(String text) {
        setAccounts(TextList.ofWords(text));
    }

    public TextList getServices() {
        return TextList.shown(services);
    }

    @DataBoundSetter
    public void setServices(TextList services) {
        this.services = TextList.kept(services);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getServicesText() {
        return getServices().words();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setServicesText(String text) {
        setServices(TextList.ofWords(text));
    }

    @Override
    Map<String, Object> tree() {
        return new PolicyTree()
                .texts("functions", getFunctions().items())
                .texts("accounts", getAccounts().items())
                .texts("services", getServices().items())
                .map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<SharedConfig> {}
}
