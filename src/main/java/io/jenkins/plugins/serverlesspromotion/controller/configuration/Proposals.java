package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.security.Permission;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.engine.port.Proposal;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException;
import java.io.IOException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Changes made in the form that wait for a second person. The journal keeps them, so that neither a crash nor a restart
 * loses one. An accepted change that was not carried out is carried out at the next start.
 */
@Restricted(NoExternalUse.class)
public final class Proposals {
    private static final Logger LOGGER = Logger.getLogger(Proposals.class.getName());

    private Proposals() {}

    /** All open proposals, oldest first; empty when the store cannot be read. */
    public static List<Proposal> open() {
        return ProposalJournal.open();
    }

    /** Whether the proposal could still be accepted. */
    public static boolean isCurrent(Proposal proposal) {
        return proposal.made().base().equals(current());
    }

    /** Whether a user made it, also as another user whom the policy links with them; without an open journal no one. */
    public static boolean isOf(Proposal proposal, String user) {
        return EngineLifecycle.get()
                .promotions()
                .map(Promotions::configurationChanges)
                .filter(changes -> changes.isOf(proposal, user))
                .isPresent();
    }

    /** Path and reason of every error in it: with an error, no one can accept it. */
    public static List<String> problems(Proposal proposal) {
        return PolicyActivator.problems(
                ConfigurationContent.read(proposal.made().content()));
    }

    /**
     * The permission for accepting. A change of where signed requests are sent needs more than Configure, as in the
     * form.
     */
    public static Permission needed(Proposal proposal) {
        return ConfigurationContent.read(proposal.made().content())
                        .reachesAsMuchAs(ServerlessPromotionConfiguration.get().saved())
                ? PromotionPermissions.CONFIGURE
                : Jenkins.ADMINISTER;
    }

    /** Accepts a change and carries it out. The caller has checked permission and person. */
    public static void accept(String id, String by) throws IOException, RefusedException {
        var configuration = ServerlessPromotionConfiguration.get();
        synchronized (configuration) {
            carryOut(ProposalJournal.changes().accept(id, by, current()));
        }
    }

    /** Withdraws the user's own proposal, or rejects one of another person. */
    public static void reject(String id, String by, String reason) throws IOException, RefusedException {
        ProposalJournal.changes().reject(id, by, reason);
    }

    /** Completes changes that a crash has interrupted. Called when the store has been opened. */
    static void finish() {
        for (Proposal proposal : open()) {
            if (proposal.accepted().isPresent()) {
                try {
                    finish(proposal);
                } catch (IOException | RuntimeException e) {
                    LOGGER.log(Level.WARNING, "an accepted change of the configuration waits for the next start", e);
                }
            }
        }
    }

    private static void finish(Proposal accepted) throws IOException {
        var configuration = ServerlessPromotionConfiguration.get();
        synchronized (configuration) {
            Configured wanted = ConfigurationContent.read(accepted.made().content());
            if (current().equals(wanted.digest())) {
                ProposalJournal.changes().carriedOut(accepted);
            } else if (isCurrent(accepted)) {
                carryOut(accepted);
            } else {
                ProposalJournal.changes()
                        .lapsed(accepted, "the configuration was changed otherwise before it could be carried out");
            }
        }
    }

    private static void carryOut(Proposal accepted) throws IOException {
        ServerlessPromotionConfiguration.get()
                .replace(
                        ConfigurationContent.read(accepted.made().content()),
                        List.of(accepted.made().by(), accepted.accepted().orElseThrow()));
        ProposalJournal.changes().carriedOut(accepted);
    }

    private static String current() {
        return ServerlessPromotionConfiguration.get().saved().digest();
    }
}
