package io.jenkins.plugins.serverlesspromotion.controller.notifications;

/**
 * A message could not be delivered. The text is for the log and contains no secret, so also no address of a webhook.
 */
final class DeliveryException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    /** @param passing whether trying again later may help */
    DeliveryException(String sentence, boolean passing) {
        super(sentence);
        this.passing = passing;
    }

    boolean isPassing() {
        return passing;
    }
}
