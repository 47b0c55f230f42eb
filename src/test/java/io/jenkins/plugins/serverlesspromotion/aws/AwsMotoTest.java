package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.MayBeSkipped;
import org.junit.Rule;

/** The scenarios on moto. */
@MayBeSkipped("moto")
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
