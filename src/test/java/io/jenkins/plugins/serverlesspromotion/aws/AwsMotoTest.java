package io.jenkins.plugins.serverlesspromotion.aws;

import org.junit.Rule;

/** The scenarios on moto. */
public class AwsMotoTest extends AwsSuite {
    @Rule
    public final Emulator moto = Emulator.moto();

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
