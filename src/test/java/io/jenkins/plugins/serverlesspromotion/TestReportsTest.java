package io.jenkins.plugins.serverlesspromotion;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.TestReports.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class TestReportsTest {
    private static final String REPORT = """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuite name="x" tests="4" errors="1" skipped="1" failures="1">
              <properties><property name="testcase" value="failure"/></properties>
              <testcase name="passes" classname="io.jenkins.plugins.serverlesspromotion.aws.ATest" time="1,234.5">
                <system-out><![CDATA[<failure/>]]></system-out>
              </testcase>
              <testcase name="fails" classname="io.jenkins.plugins.serverlesspromotion.aws.ATest" time="0.5">
                <failure message="expected:&lt;1&gt;&#10;second line" type="java.lang.AssertionError">trace</failure>
              </testcase>
              <testcase name="breaks" classname="io.jenkins.plugins.serverlesspromotion.aws.ATest" time="2">
                <error type="java.lang.NullPointerException">trace</error>
              </testcase>
              <testcase name="waits" classname="InjectedTest" time="0">
                <skipped message="got: &lt;false&gt;"/>
              </testcase>
            </testsuite>
            """;

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private static TestReports.Test test(String name, Result result) {
        return new TestReports.Test(name, 1, result, "why");
    }

    @Test
    public void resultsAreReadFromTheReportsOfAllFolders() throws Exception {
        Path folder = temporary.newFolder("cli").toPath();
        Files.writeString(folder.resolve("TEST-x.xml"), REPORT);
        Files.writeString(folder.resolve("x.txt"), "no report");
        assertEquals(
                List.of(
                        new TestReports.Test("aws.ATest#passes", 1234.5, Result.PASSED, ""),
                        new TestReports.Test("aws.ATest#fails", 0.5, Result.FAILED, "expected:<1>"),
                        new TestReports.Test("aws.ATest#breaks", 2, Result.FAILED, "java.lang.NullPointerException"),
                        new TestReports.Test("InjectedTest#waits", 0, Result.SKIPPED, "got: <false>")),
                TestReports.in(temporary.getRoot().toPath()));
        assertEquals(List.of(), TestReports.in(folder.resolve("nowhere")));
    }

    @Test
    public void theSlowestComeFirst() throws Exception {
        Files.writeString(temporary.getRoot().toPath().resolve("TEST-x.xml"), REPORT);
        assertEquals(
                List.of("  1234.5 s  aws.ATest#passes", "     2.0 s  aws.ATest#breaks"),
                TestReports.slowest(2, TestReports.in(temporary.getRoot().toPath())));
    }

    @Test
    public void skippedTestsMustBeListedAndListedTestsMustBeSkipped() {
        var tests = List.of(
                test("A#listed", Result.SKIPPED), test("A#runs", Result.PASSED), test("A#other", Result.SKIPPED));
        assertEquals(
                List.of(
                        "skipped, but not listed in skipped-tests.txt: A#other (why)",
                        "listed in skipped-tests.txt, but not skipped: A#gone",
                        "listed in skipped-tests.txt, but not skipped: A#runs"),
                TestReports.skipped(Map.of("A#listed", "r", "A#runs", "r", "A#gone", "r"), tests));
        assertEquals(List.of(), TestReports.skipped(Map.of("A#listed", "r", "A#other", "r"), tests));
    }

    @Test
    public void aTestIsGreenWhenItPassesInEveryRound() {
        var green = List.of(test("A#a", Result.PASSED), test("A#b", Result.PASSED), test("A#c", Result.SKIPPED));
        assertEquals(List.of(), TestReports.notGreen(List.of(green, green)));
        var red = List.of(test("A#a", Result.FAILED), test("A#c", Result.PASSED));
        assertEquals(
                List.of(
                        "A#a\n    round 2 failed: why",
                        "A#b\n    round 2 did not run it",
                        "A#c\n    skipped in 1 of 2 rounds"),
                TestReports.notGreen(List.of(green, red)));
        assertEquals(List.of("no test ran"), TestReports.notGreen(List.of(List.of(), List.of())));
    }

    @Test
    public void everyLineOfTheListNamesATestAndAReason() {
        assertEquals(Map.of("A#b", "because: so"), SkippedTests.read("# comment\n\nA#b: because: so\n"));
        for (String wrong : List.of("A#b", "A#b:", "A: because", "A#b: x\nA#b: y")) {
            String message = assertThrows(IllegalArgumentException.class, () -> SkippedTests.read(wrong))
                    .getMessage();
            assertTrue(message, message.startsWith("skipped-tests.txt:"));
        }
        assertTrue(SkippedTests.all().size() > 10);
    }
}
