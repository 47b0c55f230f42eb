package io.jenkins.plugins.serverlesspromotion.aws;

import org.junit.Rule;

/** The scenarios on ministack, which really runs functions and passes through the states between. */
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
