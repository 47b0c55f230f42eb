package io.jenkins.plugins.serverlesspromotion.aws;

import java.util.Map;
import org.junit.Rule;

/** The scenarios on moto. */
public class AwsMotoTest extends AwsSuite {
    private static final String NO_OUTPUTS = "a stack that a change set made has no outputs";
    private static final String NO_TOKENS = "events carry no ClientRequestToken, so what has run cannot be recognised";

    /** Scenarios that moto 5.2.5 cannot show, and why. */
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "aFileThatChangedAfterItWasHashedIsNotStored",
            "it believes the checksum it is told",
            "aStackIsCreatedAndItsOutputsAreKnown",
            NO_OUTPUTS,
            "theOutputsOfAStackThatStaysAsItIsAreKnown",
            NO_OUTPUTS,
            "anOutputThatIsNotKnownYetBoundsThePlan",
            NO_OUTPUTS,
            "deployingAgainAfterItIsDoneDoesNothingMore",
            NO_TOKENS,
            "anUpdateIsUndone",
            "a second update leaves no trace: neither a token in the events nor a time at the stack",
            "anUpdateShowsWhatChangesFromWhatToWhat",
            "its change sets know resources, but neither parameters nor properties",
            "checksAreAskedOfWhatWasDeployed",
            "it runs functions only where there is Docker");

    @Rule
    public final Emulator moto = Emulator.moto(EXCEPTIONS);

    private String distribution;

    @Override
    Lab lab() {
        return moto.lab();
    }

    @Override
    String siteBucket() {
        return Emulator.SITE;
    }

    @Override
    String distribution() {
        distribution = distribution == null ? moto.distribution() : distribution;
        return distribution;
    }
}
