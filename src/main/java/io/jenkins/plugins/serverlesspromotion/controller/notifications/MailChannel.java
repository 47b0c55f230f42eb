package io.jenkins.plugins.serverlesspromotion.controller.notifications;

import hudson.model.User;
import hudson.tasks.Mailer;
import io.jenkins.plugins.serverlesspromotion.controller.SingleLine;
import jakarta.mail.MessagingException;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.UnsupportedEncodingException;
import java.util.Optional;
import jenkins.plugins.mailer.tasks.MimeMessageBuilder;

/** Sends mail through Jenkins' mail server. Each person gets a separate message and sees no other address. */
final class MailChannel {
    private MailChannel() {}

    /** Whether Jenkins knows a mail server. */
    static boolean isConfigured() {
        String host = Mailer.descriptor().getSmtpHost();
        return host != null && !host.isBlank();
    }

    /** The address of a person who has used this Jenkins, as configured or as the realm knows it. */
    static Optional<String> addressOf(String user) {
        User known = User.getById(user, false);
        Mailer.UserProperty property = known == null ? null : known.getProperty(Mailer.UserProperty.class);
        return Optional.ofNullable(property == null ? null : property.getAddress())
                .filter(MailChannel::isAddress);
    }

    static boolean isAddress(String text) {
        try {
            new InternetAddress(text, true);
            return text.indexOf('@') > 0 && text.chars().noneMatch(Character::isISOControl);
        } catch (MessagingException e) {
            return false;
        }
    }

    /** @param url null: there is none */
    static void send(String address, String title, String text, String url) throws DeliveryException {
        try {
            MimeMessage message = new MimeMessageBuilder()
                    .addRecipients(address)
                    .setSubject("[Jenkins] " + SingleLine.of(title))
                    .setBody(text + "\n\n" + (url == null ? "" : url + "\n"))
                    .buildMimeMessage();
            message.setHeader("Auto-Submitted", "auto-generated");
            Transport.send(message);
        } catch (MessagingException e) {
            throw new DeliveryException("mail to " + address + ": " + e.getMessage(), true);
        } catch (UnsupportedEncodingException e) {
            throw new DeliveryException("mail to " + address + ": " + e.getMessage(), false);
        }
    }
}
