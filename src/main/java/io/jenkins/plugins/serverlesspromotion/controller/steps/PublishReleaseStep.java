package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.Extension;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.format.ToolOutput;
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

/**
 * {@code publishRelease manifest: 'release.yaml', version: '1.4.2'}, or {@code publishRelease from: 'sam', version:
 * '1.4.2'}: publishes a release that was built in the workspace.
 */
@Restricted(NoExternalUse.class)
public final class PublishReleaseStep extends Step {
    private final String version;
    private String manifest;
    private String from;
    private String output;
    private String service;
    private String stack;

    @DataBoundConstructor
    public PublishReleaseStep(String version) {
        this.version = version;
    }

    public String getVersion() {
        return version;
    }

    public String getManifest() {
        return manifest;
    }

    @DataBoundSetter
    public void setManifest(String manifest) {
        this.manifest = Util.fixEmptyAndTrim(manifest);
    }

    public String getFrom() {
        return from;
    }

    @DataBoundSetter
    public void setFrom(String from) {
        this.from = Util.fixEmptyAndTrim(from);
    }

    public String getOutput() {
        return output;
    }

    @DataBoundSetter
    public void setOutput(String output) {
        this.output = Util.fixEmptyAndTrim(output);
    }

    public String getService() {
        return service;
    }

    @DataBoundSetter
    public void setService(String service) {
        this.service = Util.fixEmptyAndTrim(service);
    }

    public String getStack() {
        return stack;
    }

    @DataBoundSetter
    public void setStack(String stack) {
        this.stack = Util.fixEmptyAndTrim(stack);
    }

    @Override
    public StepExecution start(StepContext context) {
        Names.version(Arguments.text("version", version));
        if (from == null) {
            if (output != null || service != null || stack != null) {
                throw new IllegalArgumentException("arguments 'output', 'service' and 'stack' go with 'from'");
            }
            return new PublishExecution(context, Arguments.text("manifest", manifest), version.strip(), null);
        }
        ToolOutput tool = ToolOutput.named(from)
                .orElseThrow(() -> new IllegalArgumentException(
                        "argument 'from' is '" + from + "'; it is one of " + ToolOutput.words()));
        var built = new WorkspaceRelease.Built(tool, output, manifest, service, stack);
        return new PublishExecution(context, built.made(), version.strip(), built);
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
            Object from = arguments.get("from");
            return (from == null ? arguments.get("manifest") : from) + " as " + arguments.get("version");
        }
    }
}
