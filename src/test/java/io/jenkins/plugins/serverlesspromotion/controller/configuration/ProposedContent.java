package io.jenkins.plugins.serverlesspromotion.controller.configuration;

/** What a proposal holds. */
public final class ProposedContent {
    private ProposedContent() {}

    /** The configuration as it is now. */
    public static String ofNow() {
        return ConfigurationContent.of(ServerlessPromotionConfiguration.get().saved());
    }
}
