package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Command;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PeopleStatements;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionPlanning;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.LeftResource;
import io.jenkins.plugins.serverlesspromotion.format.json.DriftReadings;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import io.jenkins.plugins.serverlesspromotion.format.json.LaneForm;
import io.jenkins.plugins.serverlesspromotion.format.json.PlanForm;
import io.jenkins.plugins.serverlesspromotion.format.json.PolicyForm;
import io.jenkins.plugins.serverlesspromotion.format.json.PromotionForm;
import io.jenkins.plugins.serverlesspromotion.format.json.WireNames;
import io.jenkins.plugins.serverlesspromotion.format.json.WireNaming;
import io.jenkins.plugins.serverlesspromotion.format.json.WireTable;
import io.jenkins.plugins.serverlesspromotion.golden.GoldenFiles;
import io.jenkins.plugins.serverlesspromotion.golden.Seen;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.Test;

public class WireNamesTest {
    /** What only REST, {@code --json} or a cache has, and what is written in a form of its own. */
    private static final Set<Class<?>> NOT_IN_THE_JOURNAL = Set.of(
            GateStatus.GateResult.class,
            Inspector.DriftResult.class,
            Inspector.Inspected.class,
            Recoverer.Diagnosis.class,
            Recoverer.Option.class,
            Recoverer.RecoveryAction.class,
            JournalRecord.class,
            DriftReadings.class,
            DriftReading.class,
            DriftReading.Known.class,
            LeftResource.class,
            PolicyForm.class,
            Lane.Hold.class,
            LaneForm.class,
            PromotionForm.class,
            PlanForm.class);

    /** They are the default, and a policy that says it is the policy that does not: never written. */
    private static final Set<String> NEVER_WRITTEN = Set.of(
            Policy.Arrival.class.getName() + " " + Policy.Arrival.ON_REQUEST.name(),
            Gate.Comment.class.getName() + " " + Gate.Comment.OPTIONAL.name());

    @Test
    public void everyRecordAndEnumThatTheJournalAndDigestsHoldIsInTheTable() {
        var reached = new LinkedHashSet<Class<?>>();
        for (Class<?> root : List.of(
                Entry.class,
                Release.class,
                LaneRules.class,
                Command.class,
                PolicyForm.class,
                LaneForm.class,
                PromotionForm.class)) {
            reach(root, reached);
        }
        // Written and read as a PolicyForm, a LaneForm or a PromotionForm.
        reached.removeAll(Set.of(
                Policy.class,
                Lane.class,
                Promotion.class,
                PromotionPlanning.class,
                PromotionDecisions.class,
                PeopleStatements.class));
        var known = new HashSet<Class<?>>(WireNames.TABLE.records());
        known.addAll(WireNames.TABLE.enums());
        reached.removeIf(type -> type.isSealed() || known.contains(type));
        assertEquals("without a line in WireNames", Set.of(), reached);
    }

    private static void reach(Type type, Set<Class<?>> reached) {
        if (type instanceof ParameterizedType generic) {
            for (Type argument : generic.getActualTypeArguments()) {
                reach(argument, reached);
            }
            return;
        }
        Class<?> raw = (Class<?>) type;
        if (!WireNaming.isOurs(raw) || !reached.add(raw)) {
            return;
        }
        if (raw.isSealed()) {
            for (Class<?> member : raw.getPermittedSubclasses()) {
                reach(member, reached);
            }
        } else if (raw.isRecord()) {
            for (RecordComponent component : raw.getRecordComponents()) {
                reach(component.getGenericType(), reached);
            }
        }
    }

    @Test
    public void everyMemberAndConstantOccursInAGoldenFile() {
        var seen = new Seen();
        GoldenFiles.records().forEach(record -> seen.walk(record.entry()));
        GoldenFiles.digestedObjects().forEach(seen::walk);
        var wanted = new ArrayList<Class<?>>(WireNames.TABLE.records());
        wanted.addAll(WireNames.TABLE.enums());
        wanted.removeAll(NOT_IN_THE_JOURNAL);
        wanted.removeIf(Command.class::isAssignableFrom);
        Set<String> missing = seen.missing(wanted);
        missing.removeAll(NEVER_WRITTEN);
        assertEquals(
                "without a value in any golden file; make new ones with GoldenGenerator, see"
                        + " docs/developer/journal-format.md",
                Set.of(),
                missing);
    }

    @Test
    public void whatIsNotInTheTableCannotBeWritten() {
        record Stranger(String name) {}
        var e = assertThrows(RuntimeException.class, () -> Json.canonical(new Stranger("x")));
        assertTrue(e.getMessage(), e.getMessage().contains("Stranger has no name in JSON; add a line for it"));
        var enumeration =
                assertThrows(RuntimeException.class, () -> Json.canonical(Map.of("a", WireNamesTest.Colour.RED)));
        assertTrue(enumeration.getMessage(), enumeration.getMessage().contains("Colour has no name in JSON"));
    }

    enum Colour {
        RED,
        GREEN
    }

    record Painted(String javaName, Colour shade, List<String> notes, int coats, Promotion.State state) {}

    private static WireTable table() {
        // A copy of the real table is not needed: these tests write only what is here.
        var table = new WireTable();
        WireNames.TABLE.copyTo(table);
        return table.record(Painted.class, "name colour notes? coats? state").constants(Colour.class, c -> switch (c) {
            case RED -> "red";
            case GREEN -> "green";
        });
    }

    @Test
    public void namesInJsonAreThoseOfTheTableAndNotOfJava() throws Exception {
        ObjectMapper mapper = Json.build(table());
        var painted = new Painted("door", Colour.GREEN, List.of("n"), 2, Promotion.State.ROLLED_BACK);
        String json = mapper.writeValueAsString(painted);
        assertEquals(
                "{\"name\":\"door\",\"colour\":\"green\",\"notes\":[\"n\"],\"coats\":2,\"state\":\"ROLLED_BACK\"}",
                json);
        assertEquals(painted, mapper.readValue(json, Painted.class));
    }

    @Test
    public void aLaterMemberIsLeftOutWhileItIsEmptyAndReadAsEmptyWhenItIsAbsent() throws Exception {
        ObjectMapper mapper = Json.build(table());
        String json = "{\"name\":\"door\",\"colour\":\"red\",\"state\":\"FAILED\"}";
        var painted = new Painted("door", Colour.RED, List.of(), 0, Promotion.State.FAILED);
        assertEquals(json, mapper.writeValueAsString(painted));
        assertEquals(painted, mapper.readValue(json, Painted.class));
    }

    @Test
    public void aLineThatDoesNotFitItsRecordIsAnError() {
        record Pair(String first, String second) {}
        wrong("has 2 components, but 1 names", t -> t.record(Pair.class, "first"));
        wrong("has 2 components, but 3 names", t -> t.record(Pair.class, "first second third"));
        wrong("'first' twice", t -> t.record(Pair.class, "first first"));
        wrong("twice or not at all", t -> t.record(Pair.class, "first ?"));
        wrong("stands in two lines", t -> t.record(Pair.class, "a b").record(Pair.class, "a b"));
        wrong("gives two constants the same name", t -> t.constants(Colour.class, c -> "same"));
    }

    /** Two components of one type that change places would change places in JSON, and no number would tell. */
    @Test
    public void componentsInAnotherOrderThanTheirNamesAreAnError() {
        record Pair(String second, String first) {}
        wrong(
                "has the component 'second' where the member 'first' is expected",
                t -> t.record(Pair.class, "first second"));
    }

    private static void wrong(String says, java.util.function.Consumer<WireTable> line) {
        var e = assertThrows(IllegalStateException.class, () -> line.accept(new WireTable()));
        assertTrue(e.getMessage(), e.getMessage().contains(says));
    }

    @Test
    public void aReservedNameIsNotGivenToAnythingElse() {
        record Taken(String name) {}
        wrong(
                "takes the reserved name 'writerChanged'",
                t -> t.reserve("writerChanged").type(Taken.class, "writerChanged", "name"));
    }

    @Test
    public void noTwoTypesOfAFamilyHaveTheSameName() {
        for (Class<?> family : Json.SEALED) {
            assertEquals(
                    family.getPermittedSubclasses().length,
                    WireNames.TABLE.family(family).stream()
                            .map(WireNames.TABLE::type)
                            .collect(Collectors.toSet())
                            .size());
        }
    }
}
