package io.jenkins.plugins.serverlesspromotion.aws;

import java.util.Map;
import org.junit.Rule;

/** The scenarios on ministack, which really runs functions and passes through the states between. */
public class AwsMinistackTest extends AwsSuite {
    private static final String NO_CHECKSUM =
            "CopyObject answers without the SHA-256 of the copy, so it proves nothing";

    /** Scenarios that ministack 1.5.33 cannot show, and why. */
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "aSiteIsPublishedPagesLastAndInvalidated",
            NO_CHECKSUM,
            "whatASiteNoLongerHasIsReportedAndStays",
            NO_CHECKSUM,
            "aTamperedArtifactIsNotPlanned",
            "releases are deployed from where they are kept, so no copy is made that could differ",
            "anAccountThatIsNotWhatPolicySaysIsRefusedBeforeAnythingIsWritten",
            "the account that keeps releases is the one that is deployed to",
            "everyPlaceOfAWaveIsPlanned",
            "the second account cannot copy out of the first",
            "anUpdateShowsWhatChangesFromWhatToWhat",
            "its change sets know which properties change, but not from what to what");

    @Rule
    public final Emulator ministack = Emulator.ministack(EXCEPTIONS);

    private String distribution;

    @Override
    Lab lab() {
        return ministack.lab();
    }

    @Override
    String siteBucket() {
        return Emulator.SITE;
    }

    @Override
    String distribution() {
        distribution = distribution == null ? ministack.distribution() : distribution;
        return distribution;
    }
}
