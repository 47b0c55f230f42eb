package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** {@code environments[].gates[]}: a rule that must pass before a release may enter an environment. */
@Restricted(NoExternalUse.class)
public abstract class GateConfig extends PolicyPart<GateConfig> {}
