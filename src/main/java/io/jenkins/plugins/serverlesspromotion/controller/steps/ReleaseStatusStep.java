package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.steps.SynchronousNonBlockingStepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code releaseStatus service: 'orders', environment: 'prod'}: the live release there, and the open promotions. */
@Restricted(NoExternalUse.class)
public final class ReleaseStatusStep extends Step {
    private final String service;
    private final String environment;

    @DataBoundConstructor
    public ReleaseStatusStep(String service, String environment) {
        this.service = service;
        this.environment = environment;
    }

    public String getService() {
        return service;
    }

    public String getEnvironment() {
        return environment;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, Arguments.name("service", service), Arguments.name("environment", environment));
    }

    private static final class Execution extends SynchronousNonBlockingStepExecution<Map<String, String>> {
        private static final long serialVersionUID = 1L;

        private final String service;
        private final String environment;

        Execution(StepContext context, String service, String environment) {
            super(context);
            this.service = service;
            this.environment = environment;
        }

        @Override
        protected Map<String, String> run() throws Exception {
            LaneId lane = new LaneId(service, environment);
            Engine engine = Engine.now();
            Run<?, ?> run = getContext().get(Run.class);
            JobRights.checkAny(
                    engine.promotions(), engine.policy(), run, lane.service(), "status of " + lane.service());
            return StepResults.of(engine.store().lane(lane), engine.store().promotions(lane));
        }
    }

    @Extension
    @Symbol("releaseStatus")
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "releaseStatus";
        }

        @Override
        public String getDisplayName() {
            return Messages.ReleaseStatusStep_displayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class);
        }

        @Override
        public String argumentsToString(Map<String, Object> arguments) {
            return arguments.get("service") + " in " + arguments.get("environment");
        }
    }
}
