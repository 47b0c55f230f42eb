package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import io.jenkins.plugins.serverlesspromotion.golden.GoldenFiles;
import java.util.Set;
import java.util.TreeSet;
import org.junit.Test;

/** Which members of a record can hold a value that must not be shown: each one is decided, and none is forgotten. */
public class FreeTextsTest {
    private static final String FINGERPRINT = "hmac-sha256:" + "0".repeat(64);

    /** Names, ids, digests, times, constants, what policy says, and what persons wrote: no value of a manifest or of AWS. */
    private static final Set<String> NAMES = Set.of("""
            abort account accounts action actor after alarms alias aliases arrival artifacts assurance at
            authors base basis because branch branches bucket buckets by capabilities changeSet checkHosts
            choice code comment commits content control credentialsId days deployRole differences digest directory
            distribution distributions duration email envelope environment environments exactness
            executionRole exempt expiresAfter externalId failure files finding findings from function functions
            gates gone groups handles how id job key kind lastStart layers liveDigest mailDomains maxAge may
            name noEcho openAt outcome overrun parameters path patterns pause people pins place planDigest
            planRole policyDigest problem producer product promotion proposal publicKey publishers queuedAt
            reason region regions release releaseDigest replacement repository requests resources result
            review revision role rollback rollbackTriggers run scope service services setAside since stack stackPolicy
            stacks state stated statement status step store subject target targets template templateDigest testRole
            ticket timeBox to type until unusable users verdict version versions voided waitingSince what who
            withdrawn zone
            """.strip().split("\\s+"));

    private final JournalCodec codec = new JournalCodec();

    @Test
    public void everyMemberWithATextIsReplacedOrNamedHere() {
        var kept = new TreeSet<String>();
        for (JournalRecord record : GoldenFiles.records()) {
            Entry replaced = codec.replaced(record.entry(), text -> FINGERPRINT);
            // Read back as it would be from an export.
            codec.decode(codec.encode(new JournalRecord(record.seq(), record.at(), replaced)));
            kept("", Json.mapper().valueToTree(replaced), kept);
        }
        assertEquals(new TreeSet<>(NAMES), kept);
    }

    /** The members whose texts are still there. A name that a person gave is no member: the one around it counts. */
    private static void kept(String member, JsonNode node, Set<String> kept) {
        if (node.isTextual() && !node.textValue().equals(FINGERPRINT)) {
            kept.add(member);
        } else if (node.isArray()) {
            node.forEach(item -> kept(member, item, kept));
        } else {
            node.fields().forEachRemaining(e -> {
                boolean isMember = e.getKey().matches("[a-zA-Z0-9]*[a-zA-Z]");
                kept(isMember ? e.getKey() : member, e.getValue(), kept);
            });
        }
    }

    @Test
    public void whatHasNothingToReplaceIsTheSameObject() {
        for (JournalRecord record : GoldenFiles.records()) {
            assertSame(record.entry(), codec.replaced(record.entry(), text -> text));
        }
    }
}
