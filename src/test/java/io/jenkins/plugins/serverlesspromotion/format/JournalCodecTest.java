package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Command;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneHold;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import io.jenkins.plugins.serverlesspromotion.format.json.LaneForm;
import io.jenkins.plugins.serverlesspromotion.format.json.PromotionForm;
import io.jenkins.plugins.serverlesspromotion.format.json.WireNames;
import io.jenkins.plugins.serverlesspromotion.format.json.WireTable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.Test;

public class JournalCodecTest {
    private static final Instant AT = Instant.parse("2026-11-21T10:15:30.123456789Z");

    private final JournalCodec codec = new JournalCodec();

    @Test
    public void everyKindOfEntryComesBackEqualAndInTheSameBytes() {
        var records = new RandomRecords(1);
        for (Class<?> kind : Entry.class.getPermittedSubclasses()) {
            for (int i = 0; i < 40; i++) {
                comesBack((Entry) records.make(kind));
            }
        }
    }

    @Test
    public void everyKindOfFactComesBackEqualAndInTheSameBytes() {
        var records = new RandomRecords(2);
        for (Class<?> kind : Fact.class.getPermittedSubclasses()) {
            for (int i = 0; i < 40; i++) {
                var fact = (Fact) records.make(kind);
                comesBack(new Entry.LaneAdvanced(fact, List.of(), Lane.empty(new LaneId("orders", "prod"))));
            }
        }
    }

    @Test
    public void theTwoTestsAboveSeeEveryMemberOfEverySealedFamily() {
        var records = new RandomRecords(3);
        for (int i = 0; i < 40; i++) {
            comesBack(records.make(Entry.PolicyApplied.class));
        }
        for (int i = 0; i < 150; i++) {
            comesBack(records.make(Entry.class));
            comesBack(records.make(Entry.LaneAdvanced.class));
            comesBack(records.make(Entry.ReleasePublished.class));
        }
        var wanted = new ArrayList<Class<?>>();
        for (Class<?> family : List.of(
                Entry.class,
                Fact.class,
                Manifest.Variable.class,
                Manifest.Target.class,
                Manifest.Check.class,
                Gate.class)) {
            wanted.addAll(Arrays.asList(family.getPermittedSubclasses()));
        }
        wanted.removeAll(records.made);
        assertEquals(List.of(), wanted);
    }

    private void comesBack(Entry entry) {
        var record = new JournalRecord(7, AT, entry);
        byte[] bytes = codec.encode(record);
        JournalRecord back = codec.decode(bytes);
        assertEquals(record, back);
        assertArrayEquals(bytes, codec.encode(back));
        assertFalse(new String(bytes, StandardCharsets.UTF_8).contains("\n"));
    }

    /** Plans recorded before findings had evidence. */
    @Test
    public void aFindingWithoutEvidenceIsStillRead() throws Exception {
        String old = "{\"kind\":\"iamChange\",\"sentence\":\"Role changes who may do what\",\"subject\":\"Role\"}";
        assertEquals(
                new Plan.Finding("iamChange", "Role", "Role changes who may do what"),
                Json.mapper().readValue(old, Plan.Finding.class));
    }

    @Test
    public void aLineOfBeforeChecksLeftEvidenceIsReadAsWithoutIt() {
        String fact =
                "{\"attempt\":1,\"checks\":[\"GET x answered 200\"],\"promotion\":\"orders.dev.1\",\"type\":\"verified\",\"wave\":0}";
        assertEquals(
                new Fact.Verified("orders.dev.1", 1, 0, List.of("GET x answered 200"), null),
                Json.read(fact.getBytes(StandardCharsets.UTF_8), Fact.class));
    }

    @Test
    public void commandsCarryTheirKindAndNothingDerived() throws Exception {
        for (Class<?> kind : Command.class.getPermittedSubclasses()) {
            Object command = new RandomRecords(4).make(kind);
            JsonNode json = Json.mapper().valueToTree(command);
            assertFalse(json.has("key"));
            assertEquals(command, Json.mapper().treeToValue(json, Command.class));
        }
    }

    @Test
    public void onlyComponentsOfRecordsAreWritten() {
        var records = new RandomRecords(5);
        for (int i = 0; i < 200; i++) {
            onlyComponents(records.make(Entry.class));
        }
    }

    private static void onlyComponents(Object made) {
        Object record = made instanceof Promotion promotion
                ? new PromotionForm.Of().convert(promotion)
                : made instanceof Lane lane ? new LaneForm.Of().convert(lane) : made;
        Set<String> allowed = WireNames.TABLE.members(record.getClass()).stream()
                .map(WireTable.Member::name)
                .collect(Collectors.toCollection(TreeSet::new));
        allowed.add("type");
        JsonNode json = Json.mapper().valueToTree(record);
        json.fieldNames()
                .forEachRemaining(name -> assertTrue(record.getClass() + " writes " + name, allowed.contains(name)));
        for (var component : record.getClass().getRecordComponents()) {
            Object value;
            try {
                component.getAccessor().setAccessible(true);
                value = component.getAccessor().invoke(record);
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
            if (value != null && value.getClass().isRecord() && !(value instanceof Policy)) {
                onlyComponents(value);
            } else if (value instanceof List<?> list) {
                list.stream()
                        .filter(v -> v != null && v.getClass().isRecord())
                        .forEach(JournalCodecTest::onlyComponents);
            }
        }
    }

    @Test
    public void placesWithNeitherReleaseSurvive() {
        var records = new RandomRecords(8);
        Lane lane = records.make(Lane.class);
        while (lane.live() == null) {
            lane = records.make(Lane.class);
        }
        assertNull(lane.live().places().get("orders-prod/eu-west-1"));
        var record = new JournalRecord(0, AT, new Entry.LaneAdvanced(new Fact.Reconsidered("x"), List.of(), lane));
        var back = (Entry.LaneAdvanced) codec.decode(codec.encode(record)).entry();
        assertTrue(back.lane().live().places().containsKey("orders-prod/eu-west-1"));
        assertEquals(lane, back.lane());
    }

    @Test
    public void theOrderOfAPolicySurvives() {
        Policy policy = new RandomRecords(6).make(Policy.class);
        assertEquals(
                List.of("staging", "prod", "dev"),
                List.copyOf(policy.environments().keySet()));
        var back = (Entry.PolicyApplied)
                codec.decode(codec.encode(new JournalRecord(1, AT, new Entry.PolicyApplied("d", policy, "olga"))))
                        .entry();
        assertEquals(
                List.of("staging", "prod", "dev"),
                List.copyOf(back.policy().environments().keySet()));
        assertEquals(
                List.of("staging", "prod", "dev"),
                List.copyOf(back.policy().stores().keySet()));
    }

    @Test
    public void theFormIsTheOneThatJournalsOnDiskHave() {
        String text = new String(
                codec.encode(new JournalRecord(3, AT, new Entry.Resumed("everything", "user:olga", "mended"))),
                StandardCharsets.UTF_8);
        assertEquals(
                "{\"at\":\"2026-11-21T10:15:30.123456789Z\",\"entry\":{\"by\":\"user:olga\",\"reason\":\"mended\","
                        + "\"scope\":\"everything\",\"type\":\"resumed\"},\"seq\":3,\"v\":1}",
                text);
    }

    /** As the first version of the format wrote it: what came later is absent, and stays so when it is written again. */
    @Test
    public void aPolicyFromBeforeThereWereGatesOfTimeIsReadAndWrittenAsItWas() {
        String line = "{\"at\":\"2026-11-21T10:15:30Z\",\"entry\":{\"by\":\"user:olga\",\"digest\":\"d\",\"policy\":{"
                + "\"accounts\":[],\"environments\":[{\"gates\":[{\"excludeRequesters\":true,\"expiresAfter\":\"PT24H\","
                + "\"require\":[{\"count\":1,\"role\":\"serviceOwner\"}],\"type\":\"approval\"}],\"name\":\"prod\","
                + "\"supersede\":false}],\"roles\":[],\"services\":[{\"jobs\":[],\"name\":\"orders\",\"owners\":{"
                + "\"groups\":[],\"name\":\"serviceOwner\",\"users\":[\"carol\"]},\"placements\":{\"prod\":{"
                + "\"pause\":\"PT0S\",\"waves\":[]}}}],\"stores\":[]},\"type\":\"policyApplied\"},\"seq\":1,\"v\":1}";
        JournalRecord record = codec.decode(line.getBytes(StandardCharsets.UTF_8));
        var applied = (Entry.PolicyApplied) record.entry();
        assertEquals(List.of(), applied.changes());
        assertEquals(List.of(), applied.policy().services().get("orders").paths());
        assertEquals(line, new String(codec.encode(record), StandardCharsets.UTF_8));
        String rules = new String(
                Json.canonical(LaneRules.of(applied.policy(), "orders", "prod").orElseThrow()), StandardCharsets.UTF_8);
        for (String later : List.of("freezes", "routes", "people", "paths", "arrival", "authors", "comment")) {
            assertFalse("approvals bound to its digest stay good: " + rules, rules.contains("\"" + later + "\""));
        }
    }

    @Test
    public void whatANewerProgramWroteIsRefusedWithTheNextStep() {
        refused("{\"v\":3,\"seq\":0,\"at\":\"x\",\"entry\":{\"type\":\"future\"}}", "newer");
        refused("{\"seq\":0}", "no format version");
        refused("{\"v\":\"1\",\"seq\":0}", "no format version");
    }

    private static final LaneHold RESERVED =
            new LaneHold(LaneHold.Kind.RESERVED, "user:olga", AT, AT.plusSeconds(3600), "load test");

    private JournalRecord lane(LaneHold... holds) {
        LaneId id = new LaneId("orders", "prod");
        var lane = new Lane(id, null, List.of(), List.of(holds), List.of(), 0, 0, List.of(), List.of());
        return new JournalRecord(1, AT, new Entry.LaneAdvanced(new Fact.Reconsidered("time"), List.of(), lane));
    }

    @Test
    public void aRecordHasTheLowestVersionThatCanHoldIt() {
        LaneHold rollback = new Lane.Hold("user:erin", AT, "rolled back").asLaneHold();
        for (JournalRecord old : List.of(lane(), lane(rollback))) {
            byte[] bytes = codec.encode(old);
            String text = new String(bytes, StandardCharsets.UTF_8);
            assertEquals(1, codec.version(bytes));
            assertTrue(text, text.endsWith(",\"v\":1}"));
            assertFalse(text, text.contains("holds"));
            assertEquals(old, codec.decode(bytes));
        }
        for (JournalRecord now : List.of(lane(RESERVED), lane(rollback, RESERVED))) {
            byte[] bytes = codec.encode(now);
            String text = new String(bytes, StandardCharsets.UTF_8);
            assertEquals(2, codec.version(bytes));
            assertTrue(text, text.endsWith(",\"v\":2}"));
            assertFalse(text, text.contains("\"hold\":"));
            assertEquals(now, codec.decode(bytes));
        }
    }

    @Test
    public void aRecordOfAnotherVersionThanItsMembersIsRefused() {
        String old = new String(codec.encode(lane()), StandardCharsets.UTF_8);
        refused(old.replace("\"v\":1", "\"v\":2"), "record 1 has format version 2 and its members are of version 1");
        String now = new String(codec.encode(lane(RESERVED)), StandardCharsets.UTF_8);
        refused(now.replace("\"v\":2", "\"v\":1"), "record 1 has format version 1 and its members are of version 2");
        refused(
                now.replace(
                        "\"holds\":",
                        "\"hold\":{\"by\":\"x\",\"reason\":\"y\",\"since\":\"2026-11-21T10:15:30Z\"},\"holds\":"),
                "both \"hold\" and \"holds\"");
    }

    @Test
    public void whatIsNoRecordIsRefused() {
        String at = "\"at\":\"2026-11-21T10:15:30Z\"";
        String entry = "\"entry\":{\"type\":\"storeRepaired\",\"finding\":\"x\"}";
        refused("", "no journal record");
        refused("[]", "no journal record");
        refused("null", "no journal record");
        refused("{", "no journal record");
        refused("{\"v\":1,\"v\":1,\"seq\":0," + at + "," + entry + "}", "no journal record");
        refused("{\"v\":1,\"seq\":0," + at + "," + entry + "} {}", "no journal record");
        refused("{\"v\":1,\"seq\":-1," + at + "," + entry + "}", "sequence");
        refused("{\"v\":1,\"seq\":0.5," + at + "," + entry + "}", "sequence");
        refused("{\"v\":1,\"seq\":0," + entry + "}", "record 0");
        refused("{\"v\":1,\"seq\":0," + at + "}", "record 0");
        refused("{\"v\":1,\"seq\":0," + at + ",\"more\":1," + entry + "}", "unknown members [more]");
        refused("{\"v\":1,\"seq\":0," + at + ",\"entry\":{\"type\":\"storeRepaired\",\"x\":1}}", "record 0");
        refused("{\"v\":1,\"seq\":0," + at + ",\"entry\":{\"type\":\"java.lang.Runtime\"}}", "record 0");
        refused("{\"v\":1,\"seq\":0," + at + ",\"entry\":{\"finding\":\"x\"}}", "record 0");
        var invalid = new byte[] {'"', (byte) 0xFF, '"'};
        assertThrows(IllegalArgumentException.class, () -> codec.decode(invalid));
    }

    @Test
    public void aMissingNumberIsNotZero() {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> Json.read(
                        "{\"promotion\":\"a\",\"type\":\"makePlan\"}".getBytes(StandardCharsets.UTF_8), Command.class));
        assertTrue(e.getMessage(), e.getMessage().contains("into type `int`"));
    }

    @Test
    public void damagedBytesAreNeverAnythingButAnIllegalArgument() {
        var random = new Random(9);
        var records = new RandomRecords(9);
        int refused = 0;
        for (int i = 0; i < 600; i++) {
            byte[] bytes = codec.encode(new JournalRecord(i, AT, records.make(Entry.class)));
            byte[] damaged =
                    random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes.clone();
            if (damaged.length > 0) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                codec.decode(damaged);
            } catch (IllegalArgumentException e) {
                refused++;
            }
        }
        assertTrue("only " + refused + " were refused", refused > 300);
    }

    /** Found by ./dev fuzz: the lane was read, and failed where it was shown. */
    @Test
    public void aPromotionOfAnotherLaneIsRefused() {
        String record = "{\"at\":\"2026-11-21T10:15:30Z\",\"entry\":{\"events\":[],\"fact\":{\"because\":\"\",\"type\":"
                + "\"reconsidered\"},\"lane\":{\"changes\":0,\"counted\":0,\"good\":[],\"id\":{\"environment\":\"prod\","
                + "\"service\":\"orders\"},\"promotions\":[{\"approvals\":[],\"id\":\"PROMOTION\",\"kind\":\"FORWARD\","
                + "\"planning\":0,\"requests\":[],\"since\":\"2026-11-21T10:15:30Z\",\"stale\":0,\"state\":\"PLANNING\"}]},"
                + "\"type\":\"laneAdvanced\"},\"seq\":1,\"v\":1}";
        codec.decode(record.replace("PROMOTION", "orders.prod.2").getBytes(StandardCharsets.UTF_8));
        refused(record.replace("PROMOTION", "orders.prod.2)"), "'orders.prod.2)' is not a promotion; ids look like");
        refused(record.replace("PROMOTION", "orders.dev.2"), "'orders.dev.2' is not a promotion of orders in prod");
    }

    private void refused(String json, String says) {
        var e = assertThrows(IllegalArgumentException.class, () -> codec.decode(json.getBytes(StandardCharsets.UTF_8)));
        assertTrue(e.getMessage(), e.getMessage().contains(says));
    }
}
