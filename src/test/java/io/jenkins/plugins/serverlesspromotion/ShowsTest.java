package io.jenkins.plugins.serverlesspromotion;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Assume;
import org.junit.AssumptionViolatedException;
import org.junit.Ignore;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Declarations count only for tests that run: {@link Shows}, {@link ShownCells}, {@link MayBeSkipped}. */
public class ShowsTest {
    private static final String TABLE = "a-table-of-this-test";
    private static final Set<String> SKIPPING =
            Set.of(Assume.class.getName(), AssumptionViolatedException.class.getName());

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    public static class FirstTest {
        @Test
        @Shows(table = TABLE, cell = "one")
        @Shows(table = TABLE, cell = "two")
        @Shows(table = "another", cell = "three")
        public void shows() {}
    }

    public abstract static class Suite {
        @Test
        @Shows(table = TABLE, cell = "one")
        public void inherited() {}
    }

    public static class SecondTest extends Suite {}

    @MayBeSkipped("an emulator")
    public static class EmulatorTest extends Suite {}

    @Ignore("of this test")
    public static class IgnoredTest extends Suite {}

    public static class Helper extends Suite {}

    public static class IgnoringTest {
        @Test
        @Ignore("of this test")
        @Shows(table = TABLE, cell = "one")
        public void ignored() {}

        @Shows(table = TABLE, cell = "one")
        public void noTest() {}
    }

    private static String named(Class<?> type, String method) {
        return SkippedTests.name(type.getName(), method);
    }

    @Test
    public void tableAndDeclarationsAreTheSame() {
        assertEquals(List.of(), ShownCells.compare(TABLE, Set.of("one", "two"), List.of(FirstTest.class)));
    }

    @Test
    public void aCellThatNoTestShowsIsMissing() {
        assertEquals(
                List.of("no test that always runs shows 'three' of " + TABLE),
                ShownCells.compare(TABLE, List.of("one", "two", "three"), List.of(FirstTest.class)));
    }

    @Test
    public void aDeclarationOfWhatTheTableDoesNotHaveIsWrong() {
        assertEquals(
                List.of("[" + named(FirstTest.class, "shows") + "] show 'two', which " + TABLE + " does not have"),
                ShownCells.compare(TABLE, List.of("one"), List.of(FirstTest.class)));
    }

    @Test
    public void whatASuiteDeclaresIsShownByTheClassesThatRunIt() {
        assertEquals(List.of(), ShownCells.compare(TABLE, List.of("one"), List.of(Suite.class, SecondTest.class)));
    }

    @Test
    public void whatMayBeSkippedIsIgnoredOrIsNotRunDoesNotCount() {
        for (Class<?> type : List.of(EmulatorTest.class, IgnoredTest.class, Helper.class)) {
            assertEquals(
                    List.of(
                            named(Suite.class, "inherited")
                                    + " declares what it shows, and is in no class that always runs",
                            "no test that always runs shows 'one' of " + TABLE),
                    ShownCells.compare(TABLE, List.of("one"), List.of(Suite.class, type)));
        }
        assertTrue(ShownCells.compare(TABLE, List.of(), List.of(IgnoringTest.class))
                .containsAll(List.of(
                        named(IgnoringTest.class, "noTest") + " declares what it shows and is no test that always runs",
                        named(IgnoringTest.class, "ignored")
                                + " declares what it shows and is no test that always runs")));
    }

    @Test
    public void theReportsSayWhatRan() throws Exception {
        Files.writeString(folder.getRoot().toPath().resolve("TEST-a.xml"), """
                <testsuite>
                  <testcase classname="a.OneTest" name="ran"/>
                  <testcase classname="a.OneTest" name="each[dev]"/>
                  <testcase classname="a.OneTest" name="skipped"><skipped message="no moto"/></testcase>
                  <testcase classname="a.OneTest" name="failed"><failure/></testcase>
                  <testcase classname="a.OneTest" name="broken"><error/></testcase>
                </testsuite>
                """);
        assertEquals(
                Set.of("a.OneTest#ran", "a.OneTest#each"),
                ShownCells.run(folder.getRoot().toPath()));
    }

    @Test
    public void aCellNeedsOneTestThatRan() {
        List<Class<?>> classes = List.of(FirstTest.class, SecondTest.class);
        assertEquals(List.of(), ShownCells.notRun(TABLE, classes, Set.of(named(FirstTest.class, "shows"))));
        assertEquals(
                List.of("'two' of " + TABLE + " was shown by no test that ran; not run or skipped: ["
                        + named(FirstTest.class, "shows") + "]"),
                ShownCells.notRun(TABLE, classes, Set.of(named(SecondTest.class, "inherited"))));
        assertEquals(
                List.of("no test of this build shows anything of " + TABLE),
                ShownCells.notRun(TABLE, List.of(), Set.of()));
    }

    /** What assumes something, or has a rule that does, says so; otherwise tests that are skipped would seem to count. */
    @Test
    public void whateverMayBeSkippedSaysSo() throws Exception {
        // Names are all this needs; the libraries' own classes would take far longer to read than ours.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        JavaClasses all = new ClassFileImporter().importPath(testClasses());
        Set<String> skipping = all.stream()
                .filter(type -> type.getCodeUnits().stream().anyMatch(ShowsTest::assumes))
                .map(JavaClass::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertTrue("something assumes: " + skipping, skipping.size() >= 3);
        var silent = new TreeSet<String>();
        for (JavaClass type : all) {
            boolean tests = type.getAllMethods().stream().anyMatch(m -> m.isAnnotatedWith(Test.class));
            if (tests && !said(type)) {
                Stream.concat(Stream.of(type), type.getAllRawSuperclasses().stream())
                        .forEach(t -> silent.addAll(silent(t, skipping)));
            }
        }
        assertEquals("without @MayBeSkipped", Set.of(), silent);
    }

    private static Set<String> silent(JavaClass type, Set<String> skipping) {
        var silent = new TreeSet<String>();
        type.getFields().stream()
                .filter(f -> skipping.contains(f.getRawType().getName()))
                .forEach(f -> silent.add(f.getFullName()));
        type.getCodeUnits().stream()
                .filter(ShowsTest::assumes)
                .filter(unit -> !(unit.isAnnotatedWith(Test.class) && unit.isAnnotatedWith(MayBeSkipped.class)))
                .forEach(unit -> silent.add(unit.getFullName()));
        return silent;
    }

    private static boolean said(JavaClass type) {
        return Stream.concat(Stream.of(type), type.getAllRawSuperclasses().stream())
                .anyMatch(t -> t.isAnnotatedWith(MayBeSkipped.class));
    }

    private static boolean assumes(JavaCodeUnit unit) {
        return unit.getAccessesFromSelf().stream()
                .anyMatch(access -> SKIPPING.contains(access.getTargetOwner().getName()));
    }

    private static Path testClasses() throws Exception {
        return Path.of(ShowsTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }
}
