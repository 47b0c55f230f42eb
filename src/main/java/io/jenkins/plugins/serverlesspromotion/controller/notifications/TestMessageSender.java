package io.jenkins.plugins.serverlesspromotion.controller.notifications;

import hudson.ExtensionPoint;
import java.util.List;

/** Sends a test message for the form of {@link NotificationsConfig}, which does not depend on the notifier. */
interface TestMessageSender extends ExtensionPoint {
    /**
     * Sends a message now, with every channel of the saved notifications.
     *
     * @param user id of the user who gets the mail
     * @return one sentence for each channel
     * @throws DeliveryException when a channel failed or no notifications are saved
     */
    List<String> sendTest(String user) throws DeliveryException;
}
