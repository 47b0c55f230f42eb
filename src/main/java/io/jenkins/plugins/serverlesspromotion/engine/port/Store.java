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
 * The journal and the views rebuilt from it. Safe for use by several threads; whoever reads after {@link #append} has
 * returned sees what was appended.
 */
public interface Store extends AutoCloseable {
    /** Random id given at creation. */
    String id();

    /**
     * Appends and forces to disk; when it returns, the record survives a power cut.
     *
     * @throws IOException when it could not be made durable: nothing may be told or done on its strength, and the
     *     store refuses further appends until it is opened anew
     */
    JournalRecord append(Entry entry) throws IOException;

    /** The lane, empty when nothing ever happened there. */
    Lane lane(LaneId id);

    /** Every lane that anything happened in, in order. */
    List<LaneId> lanes();

    /** As it is deployed; its manifest can hold values that must not be shown. */
    Optional<Published> release(String service, String version);

    /** Newest first. */
    List<Published> releases(String service);

    /**
     * What was found out about a release: the newest evidence of each kind by each producer.
     *
     * @param release id: {@code orders@1.4.2}
     */
    List<Evidence> evidence(String release);

    /**
     * Whether this statement of this key was recorded for the release, however long ago and by whomever.
     *
     * @param release id: {@code orders@1.4.2}
     */
    boolean knows(String release, Evidence.Signed signed);

    /** Services with a release, in order. */
    List<String> services();

    /** Also those that are over. */
    Optional<Promotion> promotion(String id);

    /** Newest first, also those that are over. */
    List<Promotion> promotions(LaneId lane);

    /** The newest plan of a promotion, as it is carried out. An older one can hold values that must not be shown. */
    Optional<Plan> plan(String promotion);

    /** The same for people: fingerprints stand for values that must not be shown. */
    Optional<Plan> shownPlan(String promotion);

    /** The policy in force. */
    Optional<Entry.PolicyApplied> policy();

    /** What is paused now. */
    List<Pause> pauses();

    /** Changes of the configuration that have been proposed and have not come to their end, oldest first. */
    List<Proposal> proposals();

    /** What persons decided about owners, by resource. */
    Map<ResourceId, ResourceOwner> decidedOwners();

    /** Is given records of the journal one after the other. */
    @FunctionalInterface
    interface RecordReader {
        /**
         * @param bytes length of the record in the journal
         * @return whether the next one is wanted
         */
        boolean read(JournalRecord record, int bytes);
    }

    /**
     * Reads the records from number {@code from} on from disk, oldest first, until {@code reader} wants no more.
     * Fingerprints stand for values that must not be shown.
     */
    void read(long from, RecordReader reader) throws IOException;

    /**
     * The records that {@code wanted} accepts, oldest first, read from disk. All of them are in memory at once, so this
     * is for journals that are known to be small, as in tests; what answers a person or a program reads pages. As there,
     * fingerprints stand for values that must not be shown.
     */
    List<JournalRecord> records(Predicate<JournalRecord> wanted) throws IOException;

    @Override
    void close() throws IOException;
}
