package io.jenkins.plugins.serverlesspromotion.engine.release;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.Test;

public class VersionRangeTest {
    private static void within(String range, String... versions) {
        for (String version : versions) {
            assertEquals(version + " in " + range, Optional.of(true), new VersionRange(range).contains(version));
        }
    }

    private static void outside(String range, String... versions) {
        for (String version : versions) {
            assertEquals(version + " in " + range, Optional.of(false), new VersionRange(range).contains(version));
        }
    }

    @Test
    public void everyBoundHolds() {
        within(">=2.3 <3", "2.3", "2.3.0", "2.3.0.0", "2.10", "2.99.99", "v2.4");
        outside(">=2.3 <3", "2.2.9", "2", "3", "3.0.0", "3.0.1", "10.0", "0");
        within(">2.3", "2.3.1", "2.4");
        outside(">2.3", "2.3", "2.3.0");
        within("<=2.3", "2.3", "2.3.0", "1.9");
        outside("<=2.3", "2.3.1");
        within("  >=1   <2 ", "1.5");
    }

    @Test
    public void aBoundWithoutOperatorIsThatVersion() {
        within("2.3", "2.3", "2.3.0");
        within("=2.3", "2.3");
        outside("2.3", "2.3.1");
        within("nightly", "nightly");
        outside("nightly", "nightly2", "1.0");
        outside("2.x 3", "3", "2.x");
    }

    @Test
    public void aPreReleaseWithAnEmptyPartIsAnotherOne() {
        outside("1.0-rc", "1.0-rc.", "1.0-rc..");
        within(">1.0-rc <1.0-rc.a", "1.0-rc.");
        outside("<=1.0-rc.1", "1.0-rc.");
    }

    @Test
    public void numbersAreComparedAsNumbersHoweverLong() {
        within(">=20260101000000000000001", "20260101000000000000002");
        outside(">=1.10", "1.9");
    }

    @Test
    public void aPreReleaseComesBeforeItsReleaseAndIsNoneOfTheMajorBefore() {
        outside(">=2.3", "2.3.0-rc1");
        outside("<3", "3.0.0-rc1", "3-alpha");
        within("<3", "2.9.0-rc1");
        within("<3.0-rc2", "3.0-rc1", "3.0-beta");
        within("<=3", "3.0.0-rc1");
        within(">1.0-rc.9", "1.0-rc.10");
        outside(">=1.0-rc.10", "1.0-rc.9", "1.0-5", "1.0-alpha");
        within(">1.0-5", "1.0-a", "1.0-5.1");
    }

    @Test
    public void whatStandsBehindAPlusSaysNothing() {
        within("2.3", "2.3+build7");
        outside(">2.3", "2.3+build9");
    }

    @Test
    public void whatHasNoOrderCannotBeComparedAndIsNeverLetThrough() {
        assertEquals(Optional.empty(), new VersionRange(">=2.3").contains("nightly"));
        assertEquals(Optional.empty(), new VersionRange(">=2.3").contains("2026_11"));
        assertThrows(IllegalArgumentException.class, () -> VersionRange.compare("1.0", "nightly"));
    }

    @Test
    public void whatIsNoRangeIsRefusedWithWhatToWrite() {
        for (String text : List.of("", "  ", "^2", "~1.2", ">= 2", "*", "2||3", ">=abc", "<1.x")) {
            var e = assertThrows(text, IllegalArgumentException.class, () -> new VersionRange(text));
            assertTrue(e.getMessage(), e.getMessage().contains("write"));
        }
    }
}
