package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.Extension;
import hudson.Util;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code rollbackRelease service: 'orders', environment: 'prod', reason: '…'}: returns to an earlier good release. */
@Restricted(NoExternalUse.class)
public final class RollbackReleaseStep extends Step {
    private final String service;
    private final String environment;
    private final String reason;
    private String version;
    private boolean wait = true;

    @DataBoundConstructor
    public RollbackReleaseStep(String service, String environment, String reason) {
        this.service = service;
        this.environment = environment;
        this.reason = reason;
    }

    public String getService() {
        return service;
    }

    public String getEnvironment() {
        return environment;
    }

    public String getReason() {
        return reason;
    }

    public String getVersion() {
        return version;
    }

    @DataBoundSetter
    public void setVersion(String version) {
        this.version = Util.fixEmptyAndTrim(version);
    }

    public boolean isWait() {
        return wait;
    }

    @DataBoundSetter
    public void setWait(boolean wait) {
        this.wait = wait;
    }

    @Override
    public StepExecution start(StepContext context) {
        if (version != null) {
            Names.version(version);
        }
        return new PromotionExecution(
                context,
                Ask.rollback(
                        Arguments.name("service", service),
                        Arguments.name("environment", environment),
                        version,
                        Arguments.comment(Arguments.text("reason", reason)),
                        wait));
    }

    @Extension
    @Symbol("rollbackRelease")
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "rollbackRelease";
        }

        @Override
        public String getDisplayName() {
            return Messages.RollbackReleaseStep_displayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class, FlowNode.class);
        }

        @Override
        public String argumentsToString(Map<String, Object> arguments) {
            return arguments.get("service") + " in " + arguments.get("environment");
        }
    }
}
