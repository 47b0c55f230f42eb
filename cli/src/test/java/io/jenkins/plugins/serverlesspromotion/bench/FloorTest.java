package io.jenkins.plugins.serverlesspromotion.bench;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** The bench's arithmetic, on requests and times that are made up. */
public class FloorTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Floor FLOOR = new Floor(
            "a change", List.of("a", "b", "c", "d", "e", "f"), 1, 1, 0, new Floor.Limit(1.20, 19, 5));
    private static final Report.AtLeast TWICE = new Report.AtLeast(2);
    private static final Report.AtLeast LITTLE = new Report.AtLeast(1.15);

    private final Report report = new Report();
    private final Rows rows = new Rows(report);

    @Test
    public void aFloorIsItsCallsAChangeSetAndAnUpdate() {
        assertEquals(6 * 0.05 + 3 + 12, FLOOR.seconds(), 1e-9);
        assertEquals(6 * 0.05 + 3 + 12, Floor.STACK_CHANGE.seconds(), 1e-9);
        assertEquals(6 * 0.05 + 1.5, Floor.FUNCTION_CHANGE.seconds(), 1e-9);
        assertEquals(3 * 0.05, Floor.STACK_UNCHANGED.seconds(), 1e-9);
    }

    @Test
    public void whatTheLimitAllowsIsNotAMiss() {
        rows.overTheFloor("ours", FLOOR, three(run(FLOOR.seconds() * FLOOR.limit().over(), allowed())));
        assertEquals(List.of(), report.missed());
    }

    @Test
    public void oneCallMoreThanStatedIsAMiss() {
        List<JsonNode> log = allowed();
        log.add(request("s3", "HeadObject"));
        rows.overTheFloor("ours", FLOOR, three(run(FLOOR.seconds(), log)));
        assertEquals(List.of("ours, a change, calls is 20.0, wanted at most 19.00"), report.missed());
    }

    @Test
    public void oneReadOfTheStackMoreIsAMissThoughAnotherCallIsSaved() {
        List<JsonNode> log = allowed();
        log.set(log.size() - 1, request("cloudformation", "DescribeStacks"));
        rows.overTheFloor("ours", FLOOR, three(run(FLOOR.seconds(), log)));
        assertEquals(
                List.of("ours, a change, reads of CloudFormation is 6.0, wanted at most 5.00"),
                report.missed());
    }

    @Test
    public void moreTimeThanTheLimitIsAMissHoweverManyCallsItWent() {
        rows.overTheFloor("ours", FLOOR, three(run(FLOOR.seconds() * FLOOR.limit().over() + 0.5, allowed())));
        assertEquals(1, report.missed().size());
        assertTrue(report.missed().toString(), report.missed().get(0).startsWith("ours, a change, over its floor"));
    }

    @Test
    public void moreCallsOfOursWaiveNoTarget() {
        double theirs = 36;
        List<JsonNode> many = new ArrayList<>(Collections.nCopies(500, request("s3", "HeadObject")));
        Run slow = run(25, many);
        rows.against("aws", three(run(theirs, List.of())), "ours", three(slow), FLOOR, TWICE, LITTLE);
        assertEquals(List.of("aws, a change, over ours is 1.44, wanted at least 2.00"), report.missed());
    }

    @Test
    public void aTargetThatTheFloorRulesOutIsReplacedByALowerOne() {
        double theirs = FLOOR.seconds() * 1.9;
        assertEquals(LITTLE, Rows.target(theirs, FLOOR, TWICE, LITTLE));
        assertEquals(TWICE, Rows.target(FLOOR.seconds() * 2, FLOOR, TWICE, LITTLE));
        rows.against("sam", three(run(theirs, List.of())), "ours", three(run(theirs, allowed())), FLOOR, TWICE, LITTLE);
        assertEquals(List.of("sam, a change, over ours is 1.0, wanted at least 1.15"), report.missed());
    }

    @Test
    public void aRowWithoutALimitIsRefused() {
        assertThrows(NullPointerException.class, () -> report.row("a row", 1, null, "", Map.of()));
    }

    @Test
    public void whatCouldNotBeMeasuredIsAMiss() {
        report.notMeasured("sam", "it is not installed");
        assertEquals(1, report.missed().size());
    }

    /** As many calls and reads as the limit allows. */
    private static List<JsonNode> allowed() {
        var log = new ArrayList<JsonNode>();
        log.addAll(Collections.nCopies(FLOOR.limit().reads(), request("cloudformation", "DescribeStacks")));
        log.addAll(Collections.nCopies(
                FLOOR.limit().calls() - FLOOR.limit().reads(), request("s3", "HeadObject")));
        return log;
    }

    private static JsonNode request(String service, String operation) {
        return JSON.createObjectNode().put("service", service).put("operation", operation);
    }

    private static Run run(double seconds, List<JsonNode> log) {
        return Run.of(seconds, 0, log, List.of());
    }

    private static List<Run> three(Run run) {
        return List.of(run, run, run);
    }
}
