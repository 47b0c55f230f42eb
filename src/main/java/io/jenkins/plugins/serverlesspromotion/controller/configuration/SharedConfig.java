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

    public Texts getFunctions() {
        return Texts.shown(functions);
    }

    @DataBoundSetter
    public void setFunctions(Texts functions) {
        this.functions = Texts.kept(functions);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getFunctionsText() {
        return getFunctions().words();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setFunctionsText(String text) {
        setFunctions(Texts.ofWords(text));
    }

    public Texts getAccounts() {
        return Texts.shown(accounts);
    }

    @DataBoundSetter
    public void setAccounts(Texts accounts) {
        this.accounts = Texts.kept(accounts);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getAccountsText() {
        return getAccounts().words();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setAccountsText(String text) {
        setAccounts(Texts.ofWords(text));
    }

    public Texts getServices() {
        return Texts.shown(services);
    }

    @DataBoundSetter
    public void setServices(Texts services) {
        this.services = Texts.kept(services);
    }

    /** For the form. */
    @Restricted(NoExternalUse.class)
    public String getServicesText() {
        return getServices().words();
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setServicesText(String text) {
        setServices(Texts.ofWords(text));
    }

    @Override
    Map<String, Object> tree() {
        return new Tree()
                .texts("functions", getFunctions().items())
                .texts("accounts", getAccounts().items())
                .texts("services", getServices().items())
                .map();
    }

    @Extension
    public static final class DescriptorImpl extends PartDescriptor<SharedConfig> {}
}
