package io.jenkins.plugins.serverlesspromotion.controller.matrix;

import static io.jenkins.plugins.serverlesspromotion.controller.releases.Desk.planDigest;
import static io.jenkins.plugins.serverlesspromotion.controller.releases.Desk.promotion;
import static io.jenkins.plugins.serverlesspromotion.controller.releases.Desk.promotions;
import static io.jenkins.plugins.serverlesspromotion.controller.releases.Desk.store;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.FilePath;
import hudson.model.Cause;
import hudson.model.CauseAction;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.matrix.MatrixRow.Outcome;
import io.jenkins.plugins.serverlesspromotion.controller.matrix.MatrixRow.Verb;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * The rows of steps: for each person and each kind of job one build, which calls every step once and writes into its log
 * what came of it. A step acts as its job, so it is the same for everybody who may start the job, administrators included;
 * what differs is who is then among those who have asked.
 */
final class StepCells {
    /** What policy says of a job decides, as {@link Stage} has it. */
    enum Kind {
        /** May do everything there is to do with the service. */
        GRANTED,
        /** Stands there too, with a right that no row is about. */
        PARTLY,
        /** Has all rights for another service. */
        UNLISTED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean isOf(MatrixRow row) {
            return row.call().get(0).equals(word());
        }
    }

    /** What {@link #manifest} deploys, as {@code api.yaml}. */
    static final String TEMPLATE = "Resources: { Topic: { Type: \"AWS::SNS::Topic\" } }";

    private static final Pattern SAID = Pattern.compile("cell (\\d+) (answered|failed) (.*)");
    private static final Pattern PROMOTION = Pattern.compile("promotion:([^,\\]]+)");

    private final JenkinsRule j;
    private final Stage stage;
    private final Map<Role, Browser> browsers;
    private final List<MatrixRow> rows;
    private final Map<Role, String> services = new EnumMap<>(Role.class);
    private final Map<Role, List<String>> asked = new EnumMap<>(Role.class);
    private final List<String> wrong = new ArrayList<>();

    StepCells(JenkinsRule j, Stage stage, Map<Role, Browser> browsers, List<MatrixRow> rows) {
        this.j = j;
        this.stage = stage;
        this.browsers = browsers;
        this.rows = rows.stream().filter(MatrixRow::isStep).toList();
    }

    /** Everything that did not come as its cell says. */
    List<String> run() throws Exception {
        for (Role role : Role.values()) {
            services.put(role, stage.another("service"));
        }
        long before = store().records(r -> true).size();
        var folder = j.createProject(Folder.class, "team");
        Map<Kind, Map<Role, WorkflowRun>> builds = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            Map<Role, WorkflowRun> ofKind = new EnumMap<>(Role.class);
            for (Role role : Role.values()) {
                ofKind.put(role, start(folder, kind, role));
            }
            builds.put(kind, ofKind);
        }
        j.waitUntilNoActivity();
        List<JournalRecord> fresh = store().records(r -> r.seq() >= before);
        for (Kind kind : Kind.values()) {
            for (Role role : Role.values()) {
                build(kind, role, builds.get(kind).get(role), fresh);
            }
        }
        stage.settle();
        for (Role role : Role.values()) {
            nobodyDecidesAboutTheirOwn(role);
        }
        folder.delete();
        stage.spent();
        return wrong;
    }

    private WorkflowRun start(Folder folder, Kind kind, Role role) throws Exception {
        var job = folder.createProject(WorkflowJob.class, kind.word() + "-" + role.user());
        job.setDefinition(new CpsFlowDefinition(script(kind, services.get(role)), true));
        // As Jenkins writes it down when somebody starts a build who is not logged in.
        var cause = new Cause.UserIdCause(role == Role.ANONYMOUS ? null : role.user());
        return job.scheduleBuild2(0, new CauseAction(cause)).waitForStart();
    }

    private String script(Kind kind, String service) {
        var script = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            MatrixRow row = rows.get(i);
            if (kind.isOf(row)) {
                String call = "def a = " + row.name() + "(" + arguments(row, service) + ")";
                String workspace = "writeFile file: 'release.yaml', text: '''" + manifest(service)
                        + "'''\nwriteFile file: 'api.yaml', text: '" + TEMPLATE + "'\n";
                String said = "\necho \"cell " + i + " answered ${a}\"";
                script.append("try { ")
                        .append(needsWorkspace(row) ? "node {\n" + workspace + call + said + "\n}" : call + said)
                        .append("\n} catch (Exception e) { echo \"cell ")
                        .append(i)
                        .append(" failed ${e.message}\" }\n");
            }
        }
        return script.toString();
    }

    static String manifest(String service) {
        return "apiVersion: promotion/v1\nservice: " + service
                + "\ntargets: [ { name: api, cloudformation: { template: api.yaml, stack: \"api-${environment}\" } } ]\n";
    }

    private static boolean needsWorkspace(MatrixRow row) {
        StepDescriptor step = StepDescriptor.byFunctionName(row.name());
        return step != null && step.getRequiredContext().contains(FilePath.class);
    }

    private static String arguments(MatrixRow row, String service) {
        return row.call().subList(1, row.call().size()).stream()
                .map(word -> word.replace("{service}", service).split("=", 2))
                .map(a -> a[0] + ": " + (a[1].matches("true|false") ? a[1] : "'" + a[1] + "'"))
                .collect(Collectors.joining(", "));
    }

    private void build(Kind kind, Role role, WorkflowRun run, List<JournalRecord> fresh) throws Exception {
        String by = "job:" + run.getParent().getFullName() + "#" + run.getNumber();
        var answers = new String[rows.size()];
        for (String line : run.getLog(Integer.MAX_VALUE)) {
            Matcher said = SAID.matcher(line);
            if (said.matches()) {
                answers[Integer.parseInt(said.group(1))] = said.group(2) + " " + said.group(3);
            }
        }
        boolean mayRecord = false;
        for (int i = 0; i < rows.size(); i++) {
            MatrixRow row = rows.get(i);
            if (kind.isOf(row)) {
                Outcome expected = row.cells().get(role);
                mayRecord |= row.records() && expected == Outcome.DONE;
                String why = answers[i] == null
                        ? "was never called: " + run.getLog(Integer.MAX_VALUE)
                        : cell(row, role, by, expected, answers[i], fresh);
                if (why != null) {
                    wrong.add(row.endpoint() + " in a job that is " + kind.word() + " and was started by " + role.user()
                            + ": " + why);
                }
            }
        }
        List<String> expected = expected(kind, role);
        List<String> theirs = fresh.stream()
                .filter(record -> !PermissionMatrixTest.isRefusal(record))
                .map(Recorded::of)
                .filter(recorded -> recorded.by().equals(by))
                .map(Recorded::words)
                .toList();
        if (!theirs.equals(expected)) {
            wrong.add("recorded of " + by + " " + theirs + " and not " + expected);
        }
        if (!mayRecord) {
            fresh.stream()
                    .filter(record -> !PermissionMatrixTest.isRefusal(record)
                            && Json.pretty(record).contains('"' + by + '"'))
                    .forEach(record -> wrong.add(by + " changed something: " + record.entry()));
        }
    }

    /** What is recorded of a build that this person has started: what the rows say of the steps that are done. */
    private List<String> expected(Kind kind, Role role) throws Exception {
        var expected = new ArrayList<String>();
        for (MatrixRow row : rows) {
            if (kind.isOf(row) && row.cells().get(role) == Outcome.DONE) {
                expected.addAll(row.filled(name -> services.get(role)).entries());
            }
        }
        return expected;
    }

    /** Null when it came as expected. */
    private String cell(MatrixRow row, Role role, String by, Outcome expected, String answer, List<JournalRecord> fresh)
            throws Exception {
        if (expected == Outcome.DENIED) {
            boolean recorded = fresh.stream()
                    .map(JournalRecord::entry)
                    .anyMatch(entry -> entry instanceof Entry.Refused refused
                            && refused.who().equals(by)
                            && answer.equals("failed " + refused.what() + " refused: " + refused.why()));
            return recorded ? null : "was not refused, or that is not recorded: " + answer;
        }
        if (expected != Outcome.DONE) {
            return "a step is done or refused";
        }
        if (!answer.startsWith("answered ")) {
            return answer;
        }
        return effect(row, role, by, answer);
    }

    /** What is left of a step that was done: with its job, and with who started that. */
    private String effect(MatrixRow row, Role role, String by, String answer) throws Exception {
        Set<String> people = role == Role.ANONYMOUS ? Set.of() : Set.of(role.user());
        return switch (row.name()) {
            case "promoteRelease", "rollbackRelease" -> {
                Matcher id = PROMOTION.matcher(answer);
                if (!id.find()) {
                    yield answer;
                }
                PromotionDecisions.Request request =
                        promotion(id.group(1)).requests().get(0);
                if (row.name().equals("promoteRelease")) {
                    asked.computeIfAbsent(role, r -> new ArrayList<>()).add(id.group(1));
                }
                yield request.by().equals(by) && request.people().equals(people) ? null : "was recorded as " + request;
            }
            case "publishRelease" -> {
                var publishers = new TreeSet<>(Set.of(by));
                publishers.add(people.isEmpty() ? "unknown" : "user:" + role.user());
                var published = store().release(services.get(role), argument(row, "version"));
                yield published.isPresent()
                                && publishers.equals(
                                        Set.copyOf(published.get().provenance().publishers()))
                        ? null
                        : "was recorded as " + published;
            }
            case "recordEvidence" -> {
                var evidence = store().evidence(argument(row, "release").replace("{service}", services.get(role)));
                yield evidence.stream().anyMatch(e -> by.equals(e.producer() + "#" + e.run()))
                        ? null
                        : "was recorded as " + evidence;
            }
            case "releaseStatus" -> answer.contains("version:1.1.0") ? null : answer;
            default -> "say in StepCells what this step leaves behind";
        };
    }

    private static String argument(MatrixRow row, String name) {
        Predicate<String> named = word -> word.startsWith(name + "=");
        return row.call().stream()
                .filter(named)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(row.endpoint() + " has no argument " + name))
                .substring(name.length() + 1);
    }

    /** A promotion that somebody's build has asked for is one that they have asked for. */
    private void nobodyDecidesAboutTheirOwn(Role role) throws Exception {
        for (String id : asked.getOrDefault(role, List.of())) {
            var form = List.of("planDigest=" + planDigest(id));
            String path = "promotion-releases/api/promotion/" + id + "/approve";
            boolean permitted = role.permissions().contains(PromotionPermissions.APPROVE)
                    || role.permissions().contains(Jenkins.ADMINISTER);
            int own = browsers.get(role).post(path, form).statusCode();
            if (own != (permitted ? 409 : 403)) {
                wrong.add(role.user() + " approving what their own build asked for was answered " + own);
            }
            int others = browsers.get(Role.APPROVER).post(path, form).statusCode();
            if (others != (role == Role.APPROVER || role == Role.ANONYMOUS ? 409 : 200)) {
                wrong.add("approving what a build of " + role.user() + " asked for was answered " + others);
            }
            if (role == Role.ANONYMOUS) {
                notEnough(id, browsers.get(Role.REQUESTER).post(path, form).statusCode());
            }
        }
    }

    /** No one whom policy wants can approve, because either may have asked, for all that is known. */
    private void notEnough(String id, int second) {
        boolean told =
                promotions().gates(id).stream().anyMatch(g -> g.sentence().contains("cannot establish who asked"));
        Promotion now = promotion(id);
        if (second != 409 || !now.approvals().isEmpty() || now.state() != Promotion.State.WAITING || !told) {
            wrong.add("what a build asked for that nobody in particular has started is " + now);
        }
    }

    /** Steps without a row for some kind of job. */
    static List<String> missing(Set<String> endpoints, List<MatrixRow> rows) {
        var missing = new ArrayList<String>();
        for (String endpoint : endpoints) {
            if (endpoint.startsWith("step ")) {
                for (Kind kind : Kind.values()) {
                    if (rows.stream().noneMatch(r -> r.isStep() && r.endpoint().equals(endpoint) && kind.isOf(r))) {
                        missing.add(endpoint + " in a job that is " + kind.word() + ": " + Verb.STEP + " or "
                                + Verb.LOOK + " " + kind.word());
                    }
                }
            }
        }
        return missing;
    }
}
