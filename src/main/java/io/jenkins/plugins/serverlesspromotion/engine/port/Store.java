package io.jenkins.plugins.serverlesspromotion.engine.port;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The journal and the views rebuilt from it. Safe for use by several threads; a read after {@link #append} has returned
 * sees the appended record.
 */
public interface Store extends AutoCloseable {
    /** Random id given at creation. */
    String id();

    /**
     * Appends and forces to disk; when it returns, the record survives a power cut.
     *
     * @throws IOException when it could not be made durable: the caller must not report it or act on it, and the store
     *     refuses further appends until it is opened again
     */
    JournalRecord append(Entry entry) throws IOException;

    /** The lane, empty when nothing has happened there. */
    Lane lane(LaneId id);

    /** Every lane with a record, in order. */
    List<LaneId> lanes();

    /** The release as it is deployed; its manifest can contain values that must not be shown. */
    Optional<Published> release(String service, String version);

    /** Newest first. */
    List<Published> releases(String service);

    /**
     * The evidence about a release: the newest of each kind by each producer.
     *
     * @param release id: {@code orders@1.4.2}
     */
    List<Evidence> evidence(String release);

    /**
     * Whether this statement of this key was ever recorded for the release, by anyone.
     *
     * @param release id: {@code orders@1.4.2}
     */
    boolean knows(String release, Evidence.Signed signed);

    /** Services with a release, in order. */
    List<String> services();

    /** Includes promotions that have ended. */
    Optional<Promotion> promotion(String id);

    /** Newest first, including those that have ended. */
    List<Promotion> promotions(LaneId lane);

    /**
     * The newest plan of a promotion, as it is carried out. An older plan can contain values that must not be shown.
     */
    Optional<Plan> plan(String promotion);

    /** The same for people: fingerprints replace values that must not be shown. */
    Optional<Plan> shownPlan(String promotion);

    /** The policy in force. */
    Optional<Entry.PolicyApplied> policy();

    /** The active pauses. */
    List<Pause> pauses();

    /** Changes of the configuration that have been proposed and have not ended, oldest first. */
    List<Proposal> proposals();

    /** People's decisions about owners, by resource. */
    Map<ResourceId, ResourceOwner> decidedOwners();

    /** Receives records of the journal one after the other. */
    @FunctionalInterface
    interface RecordReader {
        /**
         * @param bytes length of the record in the journal
         * @return whether the next one is wanted
         */
        boolean read(JournalRecord record, int bytes);
    }

    /**
     * Reads the records from number {@code from} on from disk, oldest first, until {@code reader} stops. Fingerprints
     * replace values that must not be shown.
     */
    void read(long from, RecordReader reader) throws IOException;

    /**
     * The records that {@code wanted} accepts, oldest first, read from disk. All of them are in memory at once. Use it
     * only for journals that are known to be small, as in tests; a response to a person or a program must read pages.
     * Fingerprints replace values that must not be shown.
     */
    List<JournalRecord> records(Predicate<JournalRecord> wanted) throws IOException;

    @Override
    void close() throws IOException;
}
