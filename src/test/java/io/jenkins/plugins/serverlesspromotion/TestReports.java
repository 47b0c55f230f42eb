package io.jenkins.plugins.serverlesspromotion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** Reads Surefire's XML reports: the slowest tests, the skipped ones, and those that failed in one round of many. */
public final class TestReports {
    private static final String USAGE =
            "usage: TestReports slowest N FOLDER... | skipped LIST FOLDER... | rounds FOLDER...";

    enum Result {
        PASSED,
        FAILED,
        SKIPPED
    }

    /**
     * A test that was run.
     *
     * @param name {@code class#test}, without the common package
     * @param seconds how long it took, without what its class prepares
     * @param why first line of the failure, or the reason for which it was skipped; empty for others
     */
    record Test(String name, double seconds, Result result, String why) {}

    private TestReports() {}

    /** Ends with 1 when the skipped tests are not the listed ones, or when a round was not green. */
    public static void main(String[] args) throws Exception {
        if (args.length < 2) {
            throw new IllegalArgumentException(USAGE);
        }
        List<String> rest = List.of(args).subList(1, args.length);
        List<String> wrong = List.of();
        switch (args[0]) {
            case "slowest" ->
                slowest(Integer.parseInt(rest.get(0)), all(rest.subList(1, rest.size())))
                        .forEach(System.out::println);
            case "skipped" ->
                wrong = skipped(
                        SkippedTests.read(Files.readString(Path.of(rest.get(0)))), all(rest.subList(1, rest.size())));
            case "rounds" -> {
                List<List<Test>> rounds = new ArrayList<>();
                for (String folder : rest) {
                    rounds.add(all(List.of(folder)));
                }
                wrong = notGreen(rounds);
            }
            default -> throw new IllegalArgumentException(USAGE);
        }
        wrong.forEach(System.out::println);
        System.exit(wrong.isEmpty() ? 0 : 1);
    }

    private static List<Test> all(List<String> folders) throws IOException, ParserConfigurationException, SAXException {
        List<Test> tests = new ArrayList<>();
        for (String folder : folders) {
            tests.addAll(in(Path.of(folder)));
        }
        return tests;
    }

    /** Returns the tests of all reports in {@code folder} and its folders; none when there is no such folder. */
    static List<Test> in(Path folder) throws IOException, ParserConfigurationException, SAXException {
        List<Test> tests = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return tests;
        }
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        DocumentBuilder reader = factory.newDocumentBuilder();
        List<Path> reports;
        try (Stream<Path> files = Files.walk(folder)) {
            reports = files.filter(f -> f.getFileName().toString().matches("TEST-.*\\.xml"))
                    .sorted()
                    .toList();
        }
        for (Path report : reports) {
            var cases = reader.parse(report.toFile()).getDocumentElement().getElementsByTagName("testcase");
            for (int i = 0; i < cases.getLength(); i++) {
                tests.add(test((Element) cases.item(i)));
            }
        }
        return tests;
    }

    private static Test test(Element report) {
        var result = Result.PASSED;
        String why = "";
        for (Node child = report.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element detail && !detail.getTagName().startsWith("system-")) {
                result = detail.getTagName().equals("skipped") ? Result.SKIPPED : Result.FAILED;
                why = detail.getAttribute("message").lines().findFirst().orElse(detail.getAttribute("type"));
                break;
            }
        }
        String seconds = report.getAttribute("time").replace(",", "");
        return new Test(
                SkippedTests.name(report.getAttribute("classname"), report.getAttribute("name")),
                seconds.isEmpty() ? 0 : Double.parseDouble(seconds),
                result,
                why);
    }

    /** Returns a line for each of the {@code count} slowest tests, the slowest first. */
    static List<String> slowest(int count, List<Test> tests) {
        return tests.stream()
                .sorted(Comparator.comparingDouble(Test::seconds).reversed())
                .limit(count)
                .map(test -> String.format(Locale.ROOT, "%8.1f s  %s", test.seconds(), test.name()))
                .toList();
    }

    /** Returns a sentence for each test that is skipped and not in {@code list}, or in it and not skipped. */
    static List<String> skipped(Map<String, String> list, List<Test> tests) {
        List<String> wrong = new ArrayList<>();
        var left = new TreeSet<>(list.keySet());
        for (Test test : tests) {
            if (test.result() == Result.SKIPPED && !left.remove(test.name())) {
                wrong.add("skipped, but not listed in " + SkippedTests.FILE + ": " + test.name() + " (" + test.why()
                        + ")");
            }
        }
        left.forEach(name -> wrong.add("listed in " + SkippedTests.FILE + ", but not skipped: " + name));
        return wrong;
    }

    /**
     * Returns a sentence for each test that did not pass in every round. A test is green when it passes, or when it is
     * skipped in all rounds.
     */
    static List<String> notGreen(List<List<Test>> rounds) {
        var results = new TreeMap<String, List<String>>();
        var skips = new TreeMap<String, Integer>();
        var names = new TreeSet<String>();
        rounds.forEach(round -> round.forEach(test -> names.add(test.name())));
        for (int i = 0; i < rounds.size(); i++) {
            int number = i + 1;
            var left = new TreeSet<>(names);
            for (Test test : rounds.get(i)) {
                left.remove(test.name());
                if (test.result() == Result.FAILED) {
                    results.computeIfAbsent(test.name(), n -> new ArrayList<>())
                            .add("round " + number + " failed: " + test.why());
                } else if (test.result() == Result.SKIPPED) {
                    skips.merge(test.name(), 1, Integer::sum);
                }
            }
            left.forEach(name ->
                    results.computeIfAbsent(name, n -> new ArrayList<>()).add("round " + number + " did not run it"));
        }
        skips.forEach((name, count) -> {
            if (count < rounds.size()) {
                results.computeIfAbsent(name, n -> new ArrayList<>())
                        .add("skipped in " + count + " of " + rounds.size() + " rounds");
            }
        });
        List<String> wrong = new ArrayList<>();
        if (names.isEmpty()) {
            wrong.add("no test ran");
        }
        results.forEach((name, what) -> wrong.add(name + "\n    " + String.join("\n    ", what)));
        return wrong;
    }
}
