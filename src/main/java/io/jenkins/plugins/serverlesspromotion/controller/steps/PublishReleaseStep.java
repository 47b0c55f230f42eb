package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.Extension;
import hudson.FilePath;
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

/** {@code publishRelease manifest: 'release.yaml', version: '1.4.2'}: hands over what was built in the workspace. */
@Restricted(NoExternalUse.class)
public final class PublishReleaseStep extends Step {
    private final String manifest;
    private final String version;

    @DataBoundConstructor
    public PublishReleaseStep(String manifest, String version) {
        this.manifest = manifest;
        this.version = version;
    }

    public String getManifest() {
        return manifest;
    }

    public String getVersion() {
        return version;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new PublishExecution(
                context, Arguments.text("manifest", manifest), Names.version(Arguments.text("version", version)));
    }

    @Extension
    @Symbol("publishRelease")
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "publishRelease";
        }

        @Override
        public String getDisplayName() {
            return Messages.PublishReleaseStep_displayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class, FlowNode.class, FilePath.class);
        }

        @Override
        public String argumentsToString(Map<String, Object> arguments) {
            return arguments.get("manifest") + " as " + arguments.get("version");
        }
    }
}
