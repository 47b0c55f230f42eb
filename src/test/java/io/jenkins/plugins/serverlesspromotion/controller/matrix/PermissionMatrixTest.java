package io.jenkins.plugins.serverlesspromotion.controller.matrix;

import static io.jenkins.plugins.serverlesspromotion.controller.releases.Desk.store;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.matrix.MatrixRow.Outcome;
import io.jenkins.plugins.serverlesspromotion.controller.matrix.MatrixRow.Verb;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Event;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import io.jenkins.plugins.serverlesspromotion.store.JournalTail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * Every endpoint, for everybody: {@code permission-matrix.txt} says what comes of it, and each cell of it is really called
 * here. Hole classes 1 to 4: unequal checks, a surface that forgets one, a read permission that decides, and changes by
 * GET or without a crumb.
 */
public class PermissionMatrixTest {
    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    private static final Stage STAGE = new Stage(240);

    private static final Map<Role, Browser> BROWSERS = new EnumMap<>(Role.class);

    private static List<MatrixRow> rows;
    private static EndpointInventory inventory;

    private final List<String> wrong = new ArrayList<>();

    static {
        j.timeout = 1200; // seconds for all of them together, also where everything is slow
    }

    @BeforeClass
    public static void open() throws Exception {
        STAGE.open(j);
        rows = MatrixRow.all();
        inventory = j.executeOnServer(EndpointInventory::ofRunningJenkins);
        for (Role role : Role.values()) {
            BROWSERS.put(role, role == Role.ANONYMOUS ? Browser.anonymous(j) : Browser.of(j, role.user()));
        }
    }

    @AfterClass
    public static void close() {
        STAGE.close();
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"2 page", "2 rest", "2 command", "2 step"})
    public void everyEndpointHasARow() {
        var missing = new TreeMap<>(inventory.endpoints());
        rows.forEach(row -> missing.remove(row.endpoint()));
        var lines = new StringBuilder();
        missing.forEach((name, where) ->
                lines.append("\n  ").append(name).append("   (").append(where).append(')'));
        assertTrue(
                "These can be reached, and nothing says by whom. Add a row for each to src/test/resources/"
                        + getClass().getPackageName().replace('.', '/') + "/" + MatrixRow.FILE
                        + "; its first lines say how, and Stage makes what a row acts on:" + lines,
                missing.isEmpty());
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "2 step")
    public void everyStepHasARowForEachKindOfJob() {
        assertEquals(List.of(), StepCells.missing(inventory.endpoints().keySet(), rows));
    }

    @Test
    public void everyRowIsAnEndpoint() {
        var unknown = new TreeSet<String>();
        var seen = new TreeSet<String>();
        for (MatrixRow row : rows) {
            if (!inventory.endpoints().containsKey(row.endpoint()) || !seen.add(row.endpoint() + " " + row.call())) {
                unknown.add(row.endpoint());
            }
        }
        assertEquals("rows of " + MatrixRow.FILE + " for what is not there, or twice", new TreeSet<>(), unknown);
        assertTrue(
                "the plugin was not found: " + rows.size(),
                inventory.endpoints().size() > 70);
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"2 page", "2 rest"})
    public void nothingGoesAroundJenkinsOwnDoor() {
        assertEquals(List.of(), inventory.backDoors());
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"1 page", "1 rest", "3 page", "3 rest", "16 page", "16 rest", "21 rest"})
    public void pagesAndRest() throws Exception {
        cells(row -> row.isOverHttp() && !row.endpoint().startsWith("form "));
    }

    @Test
    public void checksOfForms() throws Exception {
        cells(row -> row.endpoint().startsWith("form "));
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"1 command", "3 command", "16 command", "21 command"})
    public void commands() throws Exception {
        cells(MatrixRow::isCommand);
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"1 step", "9 step", "15 step", "16 step", "18 step"})
    public void steps() throws Exception {
        wrong.addAll(new StepCells(j, STAGE, BROWSERS, rows).run());
        assertEquals(String.join("\n", wrong), 0, wrong.size());
    }

    private void cells(java.util.function.Predicate<MatrixRow> which) throws Exception {
        for (MatrixRow row : rows) {
            if (which.test(row)) {
                for (Map.Entry<Role, Outcome> cell : row.cells().entrySet()) {
                    cell(row, cell.getKey(), cell.getValue());
                }
            }
        }
        assertEquals(String.join("\n", wrong), 0, wrong.size());
    }

    private void cell(MatrixRow row, Role role, Outcome expected) throws Exception {
        MatrixRow filled = filled(row, role);
        long before = size();
        List<Object> lanes = lanes();
        String came = row.isCommand() ? command(role, filled, expected) : http(BROWSERS.get(role), filled, expected);
        List<JournalRecord> fresh = since(before);
        String where = row.endpoint() + " for " + role.user() + ": ";
        if (came != null) {
            wrong.add(where + came);
        }
        effect(where, filled, role, expected, fresh);
        if (!fresh.stream().allMatch(PermissionMatrixTest::isRefusal)) {
            STAGE.spent();
        } else if (!lanes.equals(lanes())) {
            wrong.add(where + "a lane is not what it was");
        }
    }

    /**
     * Of who did it the journal has exactly what the row says, of anybody else nothing but what the engine does then: it
     * does so for the same lane, and may have begun before this reads the journal.
     */
    private void effect(String where, MatrixRow row, Role role, Outcome expected, List<JournalRecord> fresh) {
        String by = "user:" + role.user();
        var theirs = new ArrayList<String>();
        for (JournalRecord record : fresh) {
            Recorded recorded = Recorded.of(record);
            if (isRefusal(record)) {
                boolean named = Pattern.compile("\"(user:)?" + role.user() + "\"")
                        .matcher(Json.pretty(record))
                        .find();
                if (!named || expected == Outcome.DONE) {
                    wrong.add(where + "recorded " + record.entry());
                }
            } else if (!row.records() || expected != Outcome.DONE) {
                wrong.add(where + "changed something: " + record.entry());
            } else if (recorded.by().equals(by)) {
                theirs.add(recorded.words());
            } else if (!recorded.by().isEmpty() || row.entries().stream().noneMatch(e -> recorded.isOfLane(e))) {
                wrong.add(where + "recorded " + recorded);
            }
        }
        if (expected == Outcome.DONE && !theirs.equals(row.entries())) {
            wrong.add(where + "recorded of them " + theirs + " and not " + row.entries());
        }
        if (expected == Outcome.DENIED && role == Role.ANONYMOUS && !fresh.isEmpty()) {
            wrong.add(where + "somebody who has not logged in can fill the disk");
        }
    }

    /** For those for whom it would be done, and for nobody in particular. */
    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"4 page", "4 rest"})
    public void whatChangesSomethingRefusesGet() throws Exception {
        notDone("by GET", (role, row, call) -> {
            int status = BROWSERS.get(role)
                    .get(call.get(0), call.subList(1, call.size()))
                    .statusCode();
            // Stapler's own @POST passes on to the next, and there is none.
            boolean refused = status == 405 || row.verb() == Verb.ASK && status == 404;
            // What leads there may be refused before.
            boolean before = row.cells().get(role) != Outcome.DONE && (status == 403 || status == 404);
            return refused || before ? null : status;
        });
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"4 page", "4 rest"})
    public void whatChangesSomethingNeedsACrumb() throws Exception {
        notDone("without a crumb", (role, row, call) -> {
            int status = BROWSERS.get(role)
                    .postWithoutCrumb(call.get(0), call.subList(1, call.size()))
                    .statusCode();
            return status == 403 ? null : status;
        });
    }

    private interface Attempt {
        /** Status of the answer where that is not a refusal. */
        Integer of(Role role, MatrixRow row, List<String> call) throws Exception;
    }

    private void notDone(String how, Attempt attempt) throws Exception {
        for (MatrixRow row : rows) {
            if (row.verb() == Verb.POST || row.verb() == Verb.ASK) {
                for (Role role : EnumSet.of(row.someone(), Role.STRANGER)) {
                    List<String> call = filled(row, role).call();
                    long before = size();
                    Integer status = attempt.of(role, row, call);
                    if (status != null || size() != before) {
                        wrong.add(row.endpoint() + " " + how + " for " + role.user() + " was answered " + status);
                    }
                }
            }
        }
        assertEquals(String.join("\n", wrong), 0, wrong.size());
    }

    /** What goes on and what is in the lanes; those that are over leave with whatever comes next. */
    private static List<Object> lanes() {
        return store().lanes().stream()
                .map(store()::lane)
                .<Object>map(lane -> Arrays.asList(
                        lane.promotions().stream()
                                .filter(p -> !p.state().isOver())
                                .toList(),
                        lane.live(),
                        lane.holds(),
                        lane.reviews()))
                .toList();
    }

    private static long size() {
        return EngineLifecycle.get().files().orElseThrow().size();
    }

    /** Without what a store that was opened again records of owners: that comes at a time of its own, from no request. */
    private static List<JournalRecord> since(long size) throws IOException {
        return JournalTail.since(EngineLifecycle.get().files().orElseThrow(), size).stream()
                .filter(r -> !(r.entry() instanceof Entry.LaneAdvanced advanced
                        && advanced.fact() instanceof Fact.OwnersRecorded))
                .toList();
    }

    static boolean isRefusal(JournalRecord record) {
        return record.entry() instanceof Entry.Refused
                || record.entry() instanceof Entry.LaneAdvanced advanced
                        && !advanced.events().isEmpty()
                        && advanced.events().stream().allMatch(e -> e.type() == Event.Type.REFUSED);
    }

    private static MatrixRow filled(MatrixRow row, Role role) throws Exception {
        return row.filled(name -> name.equals("descriptor")
                ? inventory.descriptorUrl(row.endpoint().replaceAll("^\\w+ (.*)/.*$", "$1"))
                : STAGE.value(name, role));
    }

    /** Null when it came as expected. */
    static String http(Browser browser, MatrixRow row, Outcome expected) throws Exception {
        String path = row.call().get(0);
        List<String> fields = row.call().subList(1, row.call().size());
        var answer = row.verb() == Verb.GET ? browser.get(path, fields) : browser.post(path, fields);
        if (!expected.isStatus(answer.statusCode(), row.redirect() != null)) {
            return "answered " + answer.statusCode() + " and not " + expected.http;
        }
        if (expected != Outcome.DONE) {
            return null;
        }
        if (row.redirect() != null) {
            String to = browser.redirect(answer);
            return to.equals(row.redirect()) ? null : "sent the browser to " + to + " and not to " + row.redirect();
        }
        return row.shown() == null ? null : unlessShown(answer.body(), row.shown());
    }

    private static String unlessShown(String answer, String text) {
        boolean login = answer.contains("j_spring_security_check");
        return answer.contains(text) && !login ? null : "did not show '" + text + "' but " + answer;
    }

    static String command(Role role, MatrixRow row, Outcome expected) {
        Terminal came = Terminal.of(role, row.call());
        if (came.exit() != expected.exit) {
            return "ended with " + came.exit() + " and not " + expected.exit + ": " + came.said();
        }
        return expected == Outcome.DONE && row.shown() != null ? unlessShown(came.said(), row.shown()) : null;
    }
}
