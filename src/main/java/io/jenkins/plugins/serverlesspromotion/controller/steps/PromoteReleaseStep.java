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

/** {@code promoteRelease release: 'orders@1.4.2', to: 'prod'}: requests a promotion and waits for its end. */
@Restricted(NoExternalUse.class)
public final class PromoteReleaseStep extends Step {
    private final String release;
    private final String to;
    private String reason;
    private String ticket;
    private boolean wait = true;

    @DataBoundConstructor
    public PromoteReleaseStep(String release, String to) {
        this.release = release;
        this.to = to;
    }

    public String getRelease() {
        return release;
    }

    public String getTo() {
        return to;
    }

    public String getReason() {
        return reason;
    }

    @DataBoundSetter
    public void setReason(String reason) {
        this.reason = Util.fixEmptyAndTrim(reason);
    }

    public String getTicket() {
        return ticket;
    }

    @DataBoundSetter
    public void setTicket(String ticket) {
        this.ticket = Util.fixEmptyAndTrim(ticket);
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
        String[] parts = Arguments.text("release", release).split("@", -1);
        if (parts.length != 2 || !Names.isName(parts[0]) || !Names.isVersion(parts[1])) {
            throw new IllegalArgumentException("release '" + release + "' must be SERVICE@VERSION, as in orders@1.4.2");
        }
        String environment = Arguments.name("to", to);
        return new PromotionExecution(
                context,
                Ask.promotion(
                        parts[0], parts[1], environment, Arguments.comment(reason), Arguments.ticket(ticket), wait));
    }

    @Extension
    @Symbol("promoteRelease")
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "promoteRelease";
        }

        @Override
        public String getDisplayName() {
            return Messages.PromoteReleaseStep_displayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class, FlowNode.class);
        }

        @Override
        public String argumentsToString(Map<String, Object> arguments) {
            return arguments.get("release") + " → " + arguments.get("to");
        }
    }
}
