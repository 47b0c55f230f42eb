package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.MayBeSkipped;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;

/** The scenarios of functions on ministack. */
@MayBeSkipped("ministack")
public class LambdaMinistackTest extends LambdaSuite {
    @Rule
    public final Emulator emulator = Emulator.ministack();

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
