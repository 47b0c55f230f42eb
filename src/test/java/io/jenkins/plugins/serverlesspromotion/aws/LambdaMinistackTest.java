package io.jenkins.plugins.serverlesspromotion.aws;

import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;

/** The scenarios of functions on ministack. */
public class LambdaMinistackTest extends LambdaSuite {
    /** Scenarios that ministack 1.5.33 cannot show, and why. */
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "theEnvironmentIsWholeAndItsLiveValuesAreNeverRecorded",
            "it asks for the layer, whose name is taken on trust in the sandbox");

    @Rule
    public final Emulator emulator = Emulator.ministack(EXCEPTIONS);

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
