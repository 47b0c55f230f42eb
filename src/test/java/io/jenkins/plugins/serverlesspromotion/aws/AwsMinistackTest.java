package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.MayBeSkipped;
import org.junit.Rule;

/** The scenarios on ministack, which really runs functions and passes through the states between. */
@MayBeSkipped("ministack")
public class AwsMinistackTest extends AwsSuite {
    @Rule
    public final Emulator ministack = Emulator.ministack();

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
