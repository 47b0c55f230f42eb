package io.jenkins.plugins.serverlesspromotion.controller.notifications;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.Terminator;
import hudson.security.ACL;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionListener;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionTitle;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.ServerlessPromotionConfiguration;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import jenkins.model.JenkinsLocationConfiguration;
import jenkins.security.ImpersonatingScheduledExecutorService;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Notifies people of the engine's events after they are on disk. The engine never waits for it, and nothing depends on
 * it. Failed notifications are in the log.
 */
@Extension
@Restricted(NoExternalUse.class)
public class Notifier extends PromotionListener implements TestMessageSender {
    private static final int QUEUE = 1000;
    private static final List<Duration> AGAIN =
            List.of(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(10));

    private final ScheduledExecutorService thinking = thread("Serverless Promotion notices");
    private final ScheduledExecutorService mailing = thread("Serverless Promotion mail");
    private final ScheduledExecutorService chatting = thread("Serverless Promotion chat");
    private final Deliveries composing = new Deliveries(thinking, QUEUE, List.of());
    private final Deliveries mails = new Deliveries(mailing, QUEUE, AGAIN);
    private final Deliveries chat = new Deliveries(chatting, QUEUE, AGAIN);
    private final Notices notices = new Notices(new EngineView());

    private static ScheduledExecutorService thread(String name) {
        return new ImpersonatingScheduledExecutorService(
                Executors.newSingleThreadScheduledExecutor(new NamingThreadFactory(new DaemonThreadFactory(), name)),
                ACL.SYSTEM2);
    }

    @Terminator
    public static void stop() {
        Notifier notifier = ExtensionList.lookupSingleton(Notifier.class);
        notifier.thinking.shutdownNow();
        notifier.mailing.shutdownNow();
        notifier.chatting.shutdownNow();
    }

    @Override
    public void changed(LaneId lane, Transition transition) {
        NotificationsConfig config = ServerlessPromotionConfiguration.get().notificationsInEffect();
        if (config != null && config.reports(lane) && Notices.concern(transition)) {
            composing.take("what happened in " + lane, () -> compose(config, lane, transition));
        }
    }

    private void compose(NotificationsConfig config, LaneId lane, Transition transition) {
        for (Notice notice : notices.of(lane, transition)) {
            report(config, notice);
        }
    }

    private void report(NotificationsConfig config, Notice notice) {
        String url = url(PagePaths.promotion(notice.promotion()));
        String what = notice.kind() + " of " + notice.promotion();
        if (config.isMail() && MailChannel.isConfigured()) {
            for (String address : addresses(config, notice)) {
                mails.take(
                        what + " by mail to " + address,
                        () -> MailChannel.send(address, notice.title(), notice.text(), url));
            }
        }
        if (config.hasWebhook()) {
            chat.take(what + " by webhook", () -> WebhookChannel.send(config, neutral(notice), forAll(notice), url));
        }
    }

    private static Set<String> addresses(NotificationsConfig config, Notice notice) {
        var addresses = new TreeSet<String>();
        notice.users().forEach(user -> MailChannel.addressOf(user).ifPresent(addresses::add));
        addresses.addAll(config.addresses(notice.lane().environment(), notice.roles()));
        return addresses;
    }

    /** A room is not a person. */
    private static String neutral(Notice notice) {
        return notice.title().replace(" waits for your ", " waits for ").replaceFirst("^your approval", "the approval");
    }

    private static String forAll(Notice notice) {
        return notice.users().isEmpty()
                ? notice.text()
                : notice.text() + "\nfor " + String.join(", ", new TreeSet<>(notice.users()));
    }

    /** Null where Jenkins does not know its own address. */
    static String url(String path) {
        String root = JenkinsLocationConfiguration.get().getUrl();
        return root == null || root.isBlank() ? null : root + path;
    }

    /** The state of the engine at the time of the notice. */
    private static final class EngineView implements Notices.Engine {
        @Override
        public List<GateStatus> gates(String promotion) {
            return EngineLifecycle.get()
                    .promotions()
                    .map(p -> p.gates(promotion))
                    .orElse(List.of());
        }

        @Override
        public Optional<String> whyNot(Person person, Promotion promotion) {
            return EngineLifecycle.get().promotions().flatMap(p -> p.whyNot(person, promotion));
        }

        @Override
        public Optional<LaneRules> rules(LaneId lane) {
            return EngineLifecycle.get()
                    .store()
                    .flatMap(s -> s.policy())
                    .map(Entry.PolicyApplied::policy)
                    .flatMap(p -> LaneRules.of(p, lane.service(), lane.environment()));
        }

        @Override
        public String title(Promotion promotion) {
            return PromotionTitle.of(promotion);
        }
    }

    @Override
    public List<String> sendTest(String user) throws DeliveryException {
        NotificationsConfig config = ServerlessPromotionConfiguration.get().notificationsInEffect();
        if (config == null) {
            throw new DeliveryException(Messages.NotificationsConfig_notSaved(), false);
        }
        String title = "test message of Serverless Promotion";
        String text = "sent by " + user;
        String url = url(PagePaths.RELEASES + "/");
        var done = new ArrayList<String>();
        if (config.isMail() && MailChannel.isConfigured()) {
            String address = MailChannel.addressOf(user).orElse(null);
            if (address == null) {
                done.add("no mail, because you have no mail address");
            } else {
                MailChannel.send(address, title, text, url);
                done.add("mail sent to " + address);
            }
        } else {
            done.add("no mail, because " + (config.isMail() ? "Jenkins has no mail server" : "it is switched off"));
        }
        if (config.hasWebhook()) {
            WebhookChannel.send(config, title, text, url);
            done.add("the webhook accepted it");
        } else {
            done.add("no webhook is configured");
        }
        return done;
    }
}
