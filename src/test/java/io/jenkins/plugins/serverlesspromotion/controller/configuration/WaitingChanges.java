package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.model.User;
import hudson.security.ACL;
import java.util.function.Consumer;
import net.sf.json.JSONObject;

/** A configured policy, and changes of the configuration that wait for a second person, for the tests of other packages. */
public final class WaitingChanges {
    private WaitingChanges() {}

    /** @param policy as a file has it, with or without settings */
    public static void configure(String policy) throws Exception {
        tryOut(policy);
        if (!PolicyActivator.get().problems().isEmpty()) {
            throw new AssertionError(PolicyActivator.get().problems());
        }
    }

    /** As {@link #configure}, also where it is not right. */
    public static void tryOut(String policy) throws Exception {
        ConfiguredPolicies.configure(policy);
    }

    /**
     * What that user saves in the form, once its fields are bound.
     *
     * @return id of the proposal that it became
     */
    public static String propose(String user, Consumer<SettingsConfig> change) throws Exception {
        var configuration = ServerlessPromotionConfiguration.get();
        Configured wanted = ConfigurationContent.read(ConfigurationContent.of(configuration.saved()));
        change.accept(wanted.givenSettings());
        try (var as = ACL.as2(User.getById(user, true).impersonate2())) {
            configuration.submit(wanted);
        }
        var open = Proposals.open();
        return open.get(open.size() - 1).id();
    }

    /** The form as a browser sends it, opened with what is configured: all is taken out but some settings. */
    public static String form() {
        var configuration = ServerlessPromotionConfiguration.get();
        var settings = new JSONObject().element("secondPersonForChanges", true);
        String endpoint = configuration.saved().settings().getEndpoint();
        if (endpoint != null) {
            settings.element("endpoint", endpoint); // only an administrator may change it
        }
        return new JSONObject()
                .element("opened", configuration.saved().digest())
                .element(configuration.getJsonSafeClassName(), new JSONObject().element("settings", settings))
                .toString();
    }
}
