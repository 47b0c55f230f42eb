package io.jenkins.plugins.serverlesspromotion.controller.notifications;

/** Something could not be delivered. The message is for the log and holds no secret, so also no address of a webhook. */
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
