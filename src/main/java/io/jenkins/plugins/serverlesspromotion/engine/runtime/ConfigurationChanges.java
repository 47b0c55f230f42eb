package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry.ConfigurationProposed;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry.ConfigurationSettled;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry.ConfigurationSettled.Outcome;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneLimits;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PersonNames;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Proposal;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/**
 * Changes of the configuration that need a second person. The caller that carries out an accepted change reports this
 * afterwards. After a crash between the two, the change is in {@link #open} again.
 */
public final class ConfigurationChanges {
    private final Store store;
    private final Clock clock;
    private final Lock wide;
    private final Refusals refusals;

    /** @param wide the write lock of what all lanes share: no transition of a lane is decided or written under it */
    ConfigurationChanges(Store store, Clock clock, Lock wide, Refusals refusals) {
        this.store = store;
        this.clock = clock;
        this.wide = wide;
        this.refusals = refusals;
    }

    /** All proposals that have not ended, oldest first. */
    public List<Proposal> open() {
        return store.proposals();
    }

    /**
     * Proposes a change. An earlier proposal of the same person that no one has accepted is withdrawn: the form shows
     * the whole configuration, so the new proposal replaces the earlier one.
     *
     * @param by a user's id
     * @param base digest of the current configuration
     * @param differences a sentence for each key that changes
     * @param content the whole configuration after the change
     * @return the proposal's id
     */
    public String propose(String by, String base, List<String> differences, String content) throws IOException {
        wide.lock();
        try {
            String id = id(by, clock.instant().toString(), base, content);
            for (Proposal old : open()) {
                if (isOf(old, by) && old.accepted().isEmpty()) {
                    settle(old.id(), Outcome.WITHDRAWN, by, "proposed again as " + id);
                }
            }
            store.append(new ConfigurationProposed(id, by, base, differences, content));
            return id;
        } finally {
            wide.unlock();
        }
    }

    /**
     * Accepts a proposal. The acceptance is on disk when this returns, and {@link #carriedOut} must follow. A proposal
     * that was accepted before and not carried out is returned again.
     *
     * @param by a user's id
     * @param base digest of the current configuration
     * @throws RefusedException when the person proposed it, or the configuration has changed since the proposal
     */
    public Proposal accept(String id, String by, String base) throws IOException, RefusedException {
        wide.lock();
        try {
            String what = "accept change " + id + " of the configuration";
            Proposal proposal = find(id, by, what);
            if (isOf(proposal, by)) {
                throw refuse(by, what, "you proposed this, so another person must accept it");
            }
            if (!proposal.made().base().equals(base)) {
                throw refuse(
                        by,
                        what,
                        "the configuration has been changed since this was proposed, so it would undo that; reject it,"
                                + " and have it proposed again");
            }
            if (proposal.accepted().isEmpty()) {
                settle(id, Outcome.ACCEPTED, by, null);
            }
            return proposal.accepted().isPresent() ? proposal : proposal.acceptedBy(by);
        } finally {
            wide.unlock();
        }
    }

    /** Records that the accepted change is in force. */
    public void carriedOut(Proposal accepted) throws IOException {
        settle(accepted.id(), Outcome.CARRIED_OUT, accepted.accepted().orElseThrow(), null);
    }

    /** Records that the accepted change can no longer be carried out. */
    public void lapsed(Proposal accepted, String reason) throws IOException {
        settle(accepted.id(), Outcome.LAPSED, accepted.accepted().orElseThrow(), reason);
    }

    /** Ends a proposal that no one has accepted. The proposer withdraws it; another person rejects it. */
    public void reject(String id, String by, String reason) throws IOException, RefusedException {
        wide.lock();
        try {
            String what = "reject change " + id + " of the configuration";
            Proposal proposal = find(id, by, what);
            if (proposal.accepted().isPresent()) {
                throw refuse(
                        by, what, "it was accepted by " + proposal.accepted().get() + " already");
            }
            Optional<String> tooLong = LaneLimits.tooLong("reason", reason);
            if (tooLong.isPresent()) {
                throw refuse(by, what, tooLong.get());
            }
            settle(id, isOf(proposal, by) ? Outcome.WITHDRAWN : Outcome.REJECTED, by, reason);
        } finally {
            wide.unlock();
        }
    }

    /** Whether a user made a proposal, also as another user whom policy links with them. */
    public boolean isOf(Proposal proposal, String user) {
        Policy.People people = store.policy().map(p -> p.policy().people()).orElse(null);
        return PersonNames.areOne(people, proposal.made().by(), user);
    }

    private Proposal find(String id, String by, String what) throws IOException, RefusedException {
        Optional<Proposal> proposal =
                open().stream().filter(p -> p.id().equals(id)).findFirst();
        if (proposal.isEmpty()) {
            throw refuse(by, what, "there is no such proposal any more; look at those that are open");
        }
        return proposal.get();
    }

    private RefusedException refuse(String by, String what, String why) throws IOException {
        return refusals.refuse("user:" + by, what, why);
    }

    private void settle(String id, Outcome outcome, String by, String reason) throws IOException {
        store.append(new ConfigurationSettled(id, outcome, by, reason));
    }

    private static String id(String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
