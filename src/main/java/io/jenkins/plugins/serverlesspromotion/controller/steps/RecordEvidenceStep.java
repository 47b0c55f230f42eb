package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.Extension;
import hudson.Util;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.format.evidence.Envelope;
import java.nio.charset.StandardCharsets;
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
 * {@code recordEvidence release: 'orders@1.4.2', type: 'scan', result: 'passed'}: evidence of the job about a release;
 * or {@code recordEvidence release: 'orders@1.4.2', envelope: readFile('tests.dsse.json')}: evidence of a key.
 */
@Restricted(NoExternalUse.class)
public final class RecordEvidenceStep extends Step {
    private final String release;
    private String type;
    private String result;
    private String detail;
    private String envelope;

    @DataBoundConstructor
    public RecordEvidenceStep(String release) {
        this.release = release;
    }

    public String getRelease() {
        return release;
    }

    public String getType() {
        return type;
    }

    @DataBoundSetter
    public void setType(String type) {
        this.type = Util.fixEmptyAndTrim(type);
    }

    public String getResult() {
        return result;
    }

    @DataBoundSetter
    public void setResult(String result) {
        this.result = Util.fixEmptyAndTrim(result);
    }

    public String getDetail() {
        return detail;
    }

    @DataBoundSetter
    public void setDetail(String detail) {
        this.detail = Util.fixEmptyAndTrim(detail);
    }

    public String getEnvelope() {
        return envelope;
    }

    @DataBoundSetter
    public void setEnvelope(String envelope) {
        this.envelope = Util.fixEmptyAndTrim(envelope);
    }

    @Override
    public StepExecution start(StepContext context) {
        String id = Arguments.text("release", release);
        int at = id.indexOf('@');
        if (at < 0) {
            throw new IllegalArgumentException("argument 'release' is '" + id + "'; it is SERVICE@VERSION");
        }
        Names.name("argument 'release': service", id.substring(0, at));
        Names.version(id.substring(at + 1));
        if (envelope != null) {
            if (type != null || result != null || detail != null) {
                throw new IllegalArgumentException(
                        "argument 'envelope' contains type, result and detail; leave out 'type', 'result' and"
                                + " 'detail'");
            }
            if (envelope.getBytes(StandardCharsets.UTF_8).length > Envelope.LONGEST) {
                throw new IllegalArgumentException(
                        "argument 'envelope' is larger than " + Envelope.LONGEST / 1024 + " KiB");
            }
            return new EvidenceExecution(context, id, null, null, null, envelope);
        }
        return new EvidenceExecution(
                context, id, Arguments.name("type", type), result(), Arguments.comment(detail), null);
    }

    private Evidence.Result result() {
        return switch (Arguments.text("result", result)) {
            case "passed" -> Evidence.Result.PASSED;
            case "failed" -> Evidence.Result.FAILED;
            default ->
                throw new IllegalArgumentException("argument 'result' is '" + result + "'; it is passed or failed");
        };
    }

    @Extension
    @Symbol("recordEvidence")
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "recordEvidence";
        }

        @Override
        public String getDisplayName() {
            return Messages.RecordEvidenceStep_displayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class, FlowNode.class);
        }

        @Override
        public String argumentsToString(Map<String, Object> arguments) {
            Object type = arguments.get("type");
            return (type == null ? "a statement" : type + " " + arguments.get("result")) + " about "
                    + arguments.get("release");
        }
    }
}
