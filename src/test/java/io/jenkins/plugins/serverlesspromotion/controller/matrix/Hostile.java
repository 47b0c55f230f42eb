package io.jenkins.plugins.serverlesspromotion.controller.matrix;

import static io.jenkins.plugins.serverlesspromotion.controller.releases.Desk.store;
import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.matrix.MatrixRow.Outcome;
import io.jenkins.plugins.serverlesspromotion.controller.matrix.MatrixRow.Verb;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * Sends names that nothing has to every row of the matrix that takes a name, and then the same request with a name that
 * exists: it must be done. Without the second, an endpoint that is gone would pass.
 */
final class Hostile {
    static final List<String> NAMES = List.of(
            "../../manage",
            "../../../../outside",
            "svc-1.prod.1/../abort",
            "..",
            "con.",
            "a\\b",
            "SVC-1",
            "svc\0-1",
            "\uff53vc-1",
            "<script>alert(1)</script>",
            "%2e");

    /** It is wrong, unknown, or nothing that can be done. */
    private static final Set<Integer> REFUSED = Set.of(400, 404, 409);

    private static final Set<Integer> EXITS = Set.of(2, 3, 5);

    private final JenkinsRule j;
    private final Stage stage;
    private final List<String> wrong = new ArrayList<>();
    private final Map<Role, Browser> browsers = new EnumMap<>(Role.class);

    Hostile(JenkinsRule j, Stage stage) {
        this.j = j;
        this.stage = stage;
    }

    /** Pages and REST whose path has a name. */
    static boolean takesANameInItsPath(MatrixRow row) {
        return row.isOverHttp() && isDoneForSomebody(row) && isName(row.call().get(0));
    }

    /** Pages and REST of which a field is a name. */
    static boolean takesANameInAField(MatrixRow row) {
        return row.isOverHttp()
                && isDoneForSomebody(row)
                && row.call().stream().skip(1).anyMatch(word -> isName(word) && !word.contains("{form}"));
    }

    static boolean isCommandThatTakesAName(MatrixRow row) {
        return row.isCommand() && isDoneForSomebody(row) && row.call().stream().anyMatch(Hostile::isName);
    }

    private static boolean isName(String word) {
        return word.contains("{") && !word.contains("{descriptor}");
    }

    private static boolean isDoneForSomebody(MatrixRow row) {
        return row.cells().containsValue(Outcome.DONE);
    }

    /** @return how many requests with a hostile name were sent */
    int everywhere(Predicate<MatrixRow> which, boolean inPath) throws Exception {
        List<MatrixRow> rows = MatrixRow.all().stream().filter(which).toList();
        for (MatrixRow row : rows) {
            row.filled(name -> stage.value(name, row.someone()));
            browser(row.someone()); // the first login makes a folder for the user
        }
        long before = size();
        Set<String> files = MatrixHome.files(j);
        int sent = 0;
        for (MatrixRow row : rows) {
            for (String name : NAMES) {
                String wrong = unlessRefused(row, call(row, name, inPath));
                if (wrong != null) {
                    this.wrong.add(wrong);
                }
                sent++;
            }
        }
        assertEquals(
                "nothing was done",
                List.of(),
                since(before).stream()
                        .filter(record -> !PermissionMatrixTest.isRefusal(record))
                        .toList());
        MatrixHome.assertSame(j, files);
        for (MatrixRow row : rows) {
            isDoneWithAHarmlessName(row);
        }
        assertEquals(String.join("\n", wrong), List.of(), wrong);
        return sent;
    }

    /** Of a command all names are hostile; of an address those in its path, or those in its fields. */
    private List<String> call(MatrixRow row, String name, boolean inPath) throws Exception {
        List<String> words = row.call();
        if (row.isCommand()) {
            return MatrixRow.filled(words, placeholder -> name);
        }
        var call = new ArrayList<String>();
        call.addAll(MatrixRow.filled(
                words.subList(0, 1), placeholder -> inPath ? encoded(name) : stage.value(placeholder)));
        call.addAll(MatrixRow.filled(
                words.subList(1, words.size()), placeholder -> inPath ? stage.value(placeholder) : name));
        return call;
    }

    /** Dots too: a client resolves them before it sends anything. */
    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace(".", "%2E")
                .replace("+", "%20");
    }

    /** Null when it was refused. */
    private String unlessRefused(MatrixRow row, List<String> call) throws Exception {
        Role role = row.someone();
        if (row.isCommand()) {
            Terminal came = Terminal.of(role, call);
            return EXITS.contains(came.exit()) ? null : call + " ended with " + came;
        }
        Browser browser = browser(role);
        List<String> fields = call.subList(1, call.size());
        var answer = row.verb() == Verb.GET ? browser.get(call.get(0), fields) : browser.post(call.get(0), fields);
        int status = answer.statusCode();
        // Stapler itself has no better answer to dots in a path; nothing of the plugin is asked.
        boolean dots = status == 500 && call.get(0).contains("%2E%2E");
        if (!REFUSED.contains(status) && !dots) {
            return row.endpoint() + " " + call + " was answered " + status;
        }
        boolean page = answer.header("Content-Type").orElse("").startsWith("text/html");
        return page && answer.body().contains("<script>alert") ? call + " was answered with a script" : null;
    }

    private void isDoneWithAHarmlessName(MatrixRow template) throws Exception {
        Role role = template.someone();
        MatrixRow row = template.filled(name -> stage.value(name, role));
        long before = size();
        String came = row.isCommand()
                ? PermissionMatrixTest.command(role, row, Outcome.DONE)
                : PermissionMatrixTest.http(browser(role), row, Outcome.DONE);
        List<String> recorded = since(before).stream()
                .map(Recorded::of)
                .filter(one -> one.by().equals("user:" + role.user()))
                .map(Recorded::words)
                .toList();
        if (came != null || !recorded.equals(row.entries())) {
            wrong.add(row.endpoint() + " with a harmless name: " + came + "; recorded " + recorded + " and not "
                    + row.entries());
        }
        if (size() != before) {
            stage.spent();
        }
    }

    private Browser browser(Role role) throws Exception {
        if (!browsers.containsKey(role)) {
            browsers.put(role, Browser.of(j, role.user()));
        }
        return browsers.get(role);
    }

    private static long size() {
        return EngineLifecycle.get().files().orElseThrow().size();
    }

    private static List<JournalRecord> since(long size) throws Exception {
        return store().records(record -> record.seq() >= size);
    }
}
