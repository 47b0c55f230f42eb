package io.jenkins.plugins.serverlesspromotion.aws;

import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;

/** The scenarios of functions on moto. */
public class LambdaMotoTest extends LambdaSuite {
    private static final String NOT_PROVISIONED =
            "it does not know GetProvisionedConcurrencyConfig, without which no alias is moved";

    /** Scenarios that moto 5.2.5 cannot show, and why. */
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "theEnvironmentIsWholeAndItsLiveValuesAreNeverRecorded",
            "it asks for the layer, whose name is taken on trust in the sandbox",
            "codeAndConfigurationAreWrittenPublishedAndGetTheAlias",
            NOT_PROVISIONED,
            "whatIsThereAlreadyIsUnchanged",
            NOT_PROVISIONED,
            "undoingReturnsToTheVeryVersionAndTheOldCode",
            NOT_PROVISIONED,
            "undoingPublishesAgainWhenTheOldVersionIsNotThere",
            NOT_PROVISIONED,
            "aCanaryGetsItsShareThenEverythingAndLeavesNoWeights",
            NOT_PROVISIONED,
            "aCanaryThatWasLeftHalfWayGoesOn",
            NOT_PROVISIONED,
            "anAliasThatAPersonMovedDuringTheCanaryIsLeftAlone",
            NOT_PROVISIONED,
            "anAlarmTakesTheCanaryBack",
            NOT_PROVISIONED,
            "nothingIsShiftedWhileAnAlarmIsOn",
            NOT_PROVISIONED);

    @Rule
    public final Emulator emulator = Emulator.moto(EXCEPTIONS);

    private FunctionLab function;

    @Before
    public void open() {
        function = emulator.function();
    }

    @After
    public void close() {
        if (function != null) {
            function.close();
        }
    }

    @Override
    Lab lab() {
        return emulator.lab();
    }

    @Override
    FunctionLab function() {
        return function;
    }
}
