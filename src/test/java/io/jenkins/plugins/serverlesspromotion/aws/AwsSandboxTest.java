package io.jenkins.plugins.serverlesspromotion.aws;

import org.junit.Rule;

/** The scenarios in the sandbox, which refuses what AWS refuses. */
public class AwsSandboxTest extends AwsSuite {
    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    @Override
    Lab lab() {
        return sandbox.lab();
    }

    @Override
    String siteBucket() {
        return SandboxLab.SITE;
    }

    @Override
    String distribution() {
        return SandboxLab.DISTRIBUTION;
    }
}
