package io.jenkins.plugins.serverlesspromotion.journey;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.serverlesspromotion.cli.CommandLineInProcess.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Kills the program with {@code kill -9} at every point of the journey and checks that nothing was lost and nothing was
 * done twice.
 *
 * <p>A recorded run lists the points: every request that AWS gets (before it takes effect; after it has, before the
 * answer), and every act on the disk (before; after). For each point the accounts and the home are put back to where they
 * were before its step, a child process walks the step and is killed there, and then a person does what a person does:
 * {@code promotion work}, and the command again if nothing of it is known. Afterwards the step must have led to what
 * {@link ExpectedEffects} lists by hand, which the recorded run is held to as well: the same effects in the accounts and
 * in the journal, each as often, the same change sets left open; and the bytes that {@link Script} says must be live.
 * Then the rest of the journey is walked to its end, each step held to the same, and the audit log must verify.
 *
 * <p>A point that is not reached again shows nothing. Fewer than nine of ten points killed is therefore an error too.
 */
public final class CrashDriver {
    private final Path folder;
    private final Path examples;
    private final List<Script.Step> script = Script.steps();
    private final List<ExpectedEffects.Step> expected = ExpectedEffects.steps();
    private final List<CrashWorld.Moment> moments = new ArrayList<>();
    private final List<CrashPointId> points = new ArrayList<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger killed = new AtomicInteger();
    private final AtomicInteger missed = new AtomicInteger();

    private CrashDriver(Path folder) {
        this.folder = folder;
        this.examples = folder.resolve("examples");
    }

    public static void main(String[] args) throws Exception {
        int sample = Integer.MAX_VALUE;
        long seed = 1;
        int workers = 2;
        String only = "";
        List<String> options = new ArrayList<>(List.of(args));
        boolean writes = options.remove("--writes");
        for (int i = 0; i < options.size(); i += 2) {
            switch (i + 1 < options.size() ? options.get(i) : "") {
                case "--sample" -> sample = Integer.parseInt(options.get(i + 1));
                case "--seed" -> seed = Long.parseLong(options.get(i + 1));
                case "--point" -> only = options.get(i + 1);
                case "--workers" -> workers = Integer.parseInt(options.get(i + 1));
                default -> {
                    System.err.println("usage: ./dev crash [--writes] [--sample N] [--seed S] [--point TEXT]"
                            + " [--workers W]");
                    System.exit(2);
                }
            }
        }
        Path root = Path.of(System.getProperty("promotion.root")).toAbsolutePath();
        List<String> wrong = run(root, root.resolve("cli/target/crash"), writes, only, sample, seed, workers);
        System.exit(wrong.isEmpty() ? 0 : 1);
    }

    /**
     * @param writes only the points that leave something behind: between two of them a crash finds the same disk and the
     *     same accounts, wherever among the reads it strikes
     * @param only the points whose line in {@code points.txt} contains this text; empty: all
     * @return what went wrong, as sentences
     */
    static List<String> run(
            Path root, Path folder, boolean writes, String only, int sample, long seed, int workers)
            throws Exception {
        // In this process too the base identity is the only one.
        System.setProperty("aws.accessKeyId", Journey.credentials().get("AWS_ACCESS_KEY_ID"));
        System.setProperty("aws.secretAccessKey", Journey.credentials().get("AWS_SECRET_ACCESS_KEY"));
        System.setProperty("aws.region", Journey.credentials().get("AWS_REGION"));
        var driver = new CrashDriver(Journey.freshFolder(folder));
        CrashExamples.build(root, driver.examples);
        driver.record();
        driver.killAll(writes, only, sample, seed, workers);
        return List.copyOf(driver.wrong);
    }

    /** @return a sentence when too few points were killed to conclude anything; null when there were enough */
    static String tooFew(int killed, int chosen) {
        return killed > 0 && killed * 10 >= chosen * 9
                ? null
                : "only " + killed + " of " + chosen + " points were killed; nine of ten are needed";
    }

    private void record() throws Exception {
        try (var world = new CrashWorld(Files.createDirectories(folder.resolve("recording")), examples)) {
            world.createWorkers();
            for (int i = 0; i < script.size(); i++) {
                Script.Step step = script.get(i);
                moments.add(world.remember(folder.resolve("before-" + i)));
                long change = world.lastChange();
                int records = world.records();
                int asked = world.sandbox.control().log().size();
                CrashWorld.Counted counted = world.count(step);
                if (counted.answer().exit() != step.exit()) {
                    throw new IllegalStateException(
                            "the recorded run failed at " + step.title() + ": " + counted.answer());
                }
                List<JsonNode> log = world.sandbox.control().log();
                requests(i, log.subList(asked, log.size()));
                List<String> found = new ArrayList<>();
                compare(world, i, change, records, found);
                leftovers(world, i, found);
                found.forEach(sentence -> report("recorded run, " + sentence));
                for (int act = 1; act <= counted.acts(); act++) {
                    points.add(new CrashPointId(i, CrashPointId.DISK, "act", "", act, false));
                    points.add(new CrashPointId(i, CrashPointId.DISK, "act", "", act, true));
                }
            }
            List<String> found = new ArrayList<>();
            audit(world, found);
            found.forEach(sentence -> report("recorded run: " + sentence));
        }
        Files.write(
                folder.resolve("points.txt"), points.stream().map(CrashPointId::toString).toList());
        long disk = points.stream().filter(CrashPointId::isDisk).count();
        System.out.println("crash points of the journey: " + points.size() + " (" + (points.size() - disk)
                + " at AWS, " + disk + " at the disk), " + points.stream().filter(CrashPointId::leavesSomething).count()
                + " of them leave something behind");
    }

    private void requests(int step, List<JsonNode> log) {
        Map<String, Integer> seen = new HashMap<>();
        for (JsonNode request : log) {
            String service = request.path("service").asText();
            String operation = request.path("operation").asText();
            String resource = Effects.inEveryRun(request.path("resource").asText());
            int occurrence = seen.merge(service + operation + resource, 1, Integer::sum);
            points.add(new CrashPointId(step, service, operation, resource, occurrence, false));
            points.add(new CrashPointId(step, service, operation, resource, occurrence, true));
        }
    }

    private void killAll(boolean writes, String only, int sample, long seed, int workers)
            throws Exception {
        List<CrashPointId> chosen = points.stream()
                .filter(p -> (!writes || p.leavesSomething()) && p.toString().contains(only))
                .collect(java.util.stream.Collectors.toCollection(ArrayList::new));
        if (sample < chosen.size()) {
            Collections.shuffle(chosen, new Random(seed));
            chosen = chosen.subList(0, sample);
        }
        Queue<CrashPointId> queue = new ConcurrentLinkedQueue<>(chosen);
        ExecutorService pool = Executors.newFixedThreadPool(workers);
        List<Future<?>> ends = new ArrayList<>();
        for (int w = 0; w < workers; w++) {
            Path own = Files.createDirectories(folder.resolve("worker-" + w));
            ends.add(pool.submit(() -> {
                try (var world = new CrashWorld(own, examples)) {
                    for (CrashPointId point = queue.poll(); point != null; point = queue.poll()) {
                        attempt(world, point);
                    }
                }
                return null;
            }));
        }
        for (Future<?> end : ends) {
            end.get();
        }
        pool.shutdown();
        String tooFew = tooFew(killed.get(), chosen.size());
        if (tooFew != null) {
            report(tooFew);
        }
        System.out.println("crash: " + killed + " of " + chosen.size() + " points killed (" + missed
                + " were not reached again), " + wrong.size() + " wrong, seed " + seed);
    }

    private void attempt(CrashWorld world, CrashPointId point) {
        try {
            List<String> found = kill(world, point);
            found.forEach(sentence -> report(point + ": " + sentence));
        } catch (Exception e) {
            report(point + ": " + e);
        }
        int done = killed.get() + missed.get();
        if (done % 20 == 0) {
            System.out.println("  " + done + " points");
        }
    }

    private void report(String sentence) {
        wrong.add(sentence);
        System.out.println("WRONG: " + sentence);
    }

    private List<String> kill(CrashWorld world, CrashPointId point) throws Exception {
        Script.Step step = script.get(point.step());
        world.returnTo(moments.get(point.step()));
        long change = world.lastChange();
        int records = world.records();
        Path counted = world.folder.resolve("acts");
        boolean died;
        if (point.isDisk()) {
            Process child = world.child(step, point.occurrence(), point.after(), counted);
            died = child.waitFor() == CrashWorld.KILLED;
        } else {
            world.sandbox.control().arm(
                    point.service(),
                    point.operation(),
                    point.resource(),
                    point.occurrence(),
                    point.after() ? "after" : "before");
            died = world.killAtPoint(world.child(step, 0, false, counted));
        }
        (died ? killed : missed).incrementAndGet();
        if (!died) {
            System.out.println("not reached again: " + point);
        }
        List<String> found = new ArrayList<>();
        recover(world, step, found);
        if (found.isEmpty()) {
            compare(world, point.step(), change, records, found);
            leftovers(world, point.step(), found);
        }
        for (int i = point.step() + 1; i < script.size() && found.isEmpty(); i++) {
            walkOn(world, i, found);
        }
        if (found.isEmpty()) {
            leftovers(world, script.size() - 1, found);
            audit(world, found);
        }
        return found;
    }

    /** The rest of the journey, which must go on as if nothing had happened. */
    private void walkOn(CrashWorld world, int index, List<String> found) throws IOException {
        Script.Step step = script.get(index);
        long change = world.lastChange();
        int records = world.records();
        Answer answer = world.run(step.user(), step.words());
        if (answer.exit() != step.exit()) {
            found.add("later, " + step.title() + ": exit code " + answer.exit() + " " + answer.out() + answer.err());
        } else if (step.promotion() != null && !reached(world, step)) {
            found.add("later, " + step.title() + ": " + step.promotion() + " did not come to " + step.state());
        } else {
            compare(world, index, change, records, found);
        }
    }

    /** What a person does after a crash: carry on, look, and ask again for what nobody knows of. */
    private void recover(CrashWorld world, Script.Step step, List<String> found) {
        boolean begun = Files.exists(world.home());
        if (begun) {
            world.run("root", "work");
        }
        if (!reached(world, step)) {
            Answer again = world.run(step.user(), step.words());
            if (again.exit() != step.exit()) {
                found.add("asked again: exit code " + again.exit() + " " + again.out() + again.err());
            }
        }
        if (step.promotion() != null && !reached(world, step)) {
            found.add(step.promotion() + " did not come to " + step.state() + ": "
                    + world.run("root", "show", step.promotion()).out());
        }
        Answer work = world.run("root", "work");
        JsonNode left = CrashWorld.json(work).path("promotions");
        for (JsonNode p : left) {
            boolean waits = p.path("state").asText().equals("WAITING") && step.state() != null && step.state().equals("WAITING");
            if (!waits && !p.path("over").asBoolean()) {
                found.add("left behind: " + p.path("id").asText() + " is " + p.path("state").asText());
            }
        }
    }

    private static boolean reached(CrashWorld world, Script.Step step) {
        if (step.promotion() == null) {
            return false; // publishing and applying a policy again is the same publication and the same policy
        }
        Answer shown = world.run("root", "show", step.promotion());
        if (shown.exit() != 0 && shown.out().isBlank()) {
            return false;
        }
        JsonNode p = CrashWorld.json(shown);
        boolean decided = !step.approves();
        for (JsonNode approval : p.path("approvals")) {
            decided |= approval.path("person").path("id").asText().equals(step.user())
                    && !approval.has("voided");
        }
        return decided && p.path("state").asText().equals(step.state());
    }

    /** What a step did against what it must do, and what is live. */
    private void compare(CrashWorld world, int index, long change, int records, List<String> found)
            throws IOException {
        Script.Step step = script.get(index);
        world.effects(change)
                .differences(expected.get(index).effects)
                .forEach(d -> found.add(step.title() + ": effect " + d));
        journal(world.journal(records))
                .differences(expected.get(index).journal)
                .forEach(d -> found.add(step.title() + ": record of the journal " + d));
        for (Map.Entry<String, String> live : step.live().entrySet()) {
            List<String> wrong = new ArrayList<>(world.accounts
                    .compare(live.getKey(), examples, live.getValue(), step.styles())
                    .wrong());
            wrong.addAll(new Inventory(world.accounts)
                    .worker(live.getKey(), examples.resolve("orders-" + live.getValue())));
            wrong.forEach(sentence -> found.add(step.title() + ": " + sentence));
        }
    }

    /** A crash may leave a torn write, which opening the journal sets aside and reports in a record of its own. */
    private static Tally journal(Tally records) {
        return records.add("storeRepaired", -Math.min(1, records.count("storeRepaired")));
    }

    private void leftovers(CrashWorld world, int index, List<String> found) {
        var inventory = new Inventory(world.accounts);
        inventory
                .openChangeSets()
                .differences(expected.get(index).open)
                .forEach(d -> found.add(script.get(index).title() + ": change set not executed " + d));
        inventory.misplacedCopies().forEach(copy -> found.add(script.get(index).title() + ": " + copy));
    }

    private static void audit(CrashWorld world, List<String> found) throws IOException {
        Path export = world.folder.resolve("audit.export");
        Files.deleteIfExists(export);
        Answer exported = world.run("auditor", "audit", "export", export.toString());
        Answer verified = world.run("auditor", "audit", "verify", export.toString());
        if (exported.exit() != 0 || verified.exit() != 0) {
            found.add("the audit log does not verify: " + exported.err() + verified.out() + verified.err());
        }
    }
}
