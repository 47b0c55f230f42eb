package io.jenkins.plugins.serverlesspromotion.aws.function;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.check.Alarms;
import io.jenkins.plugins.serverlesspromotion.aws.context.OwnerCheck;
import io.jenkins.plugins.serverlesspromotion.aws.context.Resolution;
import io.jenkins.plugins.serverlesspromotion.aws.context.ResourceStacks;
import io.jenkins.plugins.serverlesspromotion.aws.context.StackSecrets;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.release.HiddenValues;
import io.jenkins.plugins.serverlesspromotion.engine.release.OutputReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudformation.model.StackResource;

/** Computes the changes of a function, without making them. */
public final class LambdaPlanner {
    static final String FUNCTION = "AWS::Lambda::Function";
    static final String ALIAS = "AWS::Lambda::Alias";
    static final String VERSION = "FunctionVersion";
    /** Stands for the version number that Lambda will assign. */
    static final String NEW_VERSION = "(new version)";

    private final TargetContext job;

    public LambdaPlanner(TargetContext job) {
        this.job = job;
    }

    /** @param pending whether a target deployed first is about to change, and may create the function */
    public Plan.TargetPlan plan(Resolution.Outputs outputs, boolean pending) throws InterruptedException {
        WantedFunction wanted = WantedFunction.of(job, job.resolution(Map.of(), outputs));
        // A copy is already in the account, so that deploying only refers to it.
        job.staging().stage(List.of(wanted.code()), job.requests);
        checkAlarms(wanted);
        boolean named = !wanted.function().contains("${");
        var live = new LiveFunction(job, AwsSessions.Purpose.PLAN, wanted.function());
        LiveFunction.State state = named ? live.settled(null) : null;
        if (state == null && named && !pending) {
            throw DeploymentException.problem(live.where() + " of target "
                    + job.targetInstance.target().name()
                    + " does not exist; create it, or have a stack of the release create it and name that in 'after'");
        }
        var owner = new OwnerCheck(job);
        var stacks = new ResourceStacks(job);
        StackResource in = state == null
                ? null
                : stacks.of(
                        ResourceId.function(wanted.function(), job.account.id(), job.region()), Set.of(job.region()));
        if (named) {
            owner.planFunction(wanted.function(), state != null, in);
        }
        LiveFunction.Alias alias = state == null ? null : live.alias(wanted.alias());
        checkAlias(wanted, live, state, alias, stacks);
        return new Plan.TargetPlan(
                job.targetInstance.place(),
                job.targetInstance.target().name(),
                job.targetInstance.target().kind(),
                job.targetInstance.wave(),
                job.targetInstance.after(),
                owner.noted(content(wanted, live, state, alias, in)),
                Map.of(),
                owner.claims());
    }

    private Plan.Content content(
            WantedFunction wanted,
            LiveFunction live,
            LiveFunction.State state,
            LiveFunction.Alias alias,
            StackResource in) {
        var values = new TreeMap<String, String>();
        values.put("function", wanted.function());
        values.put("alias", wanted.alias());
        values.put("strategy", wanted.strategy());
        if (!wanted.alarms().isEmpty()) {
            values.put("alarms", String.join(", ", wanted.alarms()));
        }
        return new Plan.Content(
                wanted.known() && state != null ? Plan.Exactness.EXACT : Plan.Exactness.BOUNDED,
                wanted.function(),
                wanted.code().digest(),
                state == null ? null : FunctionDiff.rest(state.config(), wanted),
                values,
                Map.of(),
                masked(wanted, changes(wanted, live, state, alias)),
                findings(wanted, in));
    }

    /** An output that a setting uses can contain the value of a NoEcho parameter. */
    private List<Plan.Change> masked(WantedFunction wanted, List<Plan.Change> changes) {
        HiddenValues hidden = StackSecrets.of(job);
        return hidden.isEmpty() && wanted.secret().isEmpty()
                ? changes
                : changes.stream()
                        .map(c -> new Plan.Change(
                                c.subject(),
                                c.type(),
                                c.action(),
                                c.replacement(),
                                c.properties().stream()
                                        .map(p -> masked(hidden, wanted, p))
                                        .toList()))
                        .toList();
    }

    /** A change in the form that people see. An unknown part of a secret setting stays a reference. */
    public static Plan.PropertyChange masked(HiddenValues hidden, WantedFunction wanted, Plan.PropertyChange change) {
        boolean secret = wanted.secret().contains(change.path());
        String before = StackSecrets.masked(hidden, change.before());
        String after = StackSecrets.masked(hidden, change.after());
        return new Plan.PropertyChange(
                change.path(),
                secret && before != null && !change.path().startsWith(FunctionConfig.ENVIRONMENT)
                        ? Resolution.MASKED
                        : before,
                secret && after != null && !OutputReference.isIn(after) ? Resolution.MASKED : after,
                change.replacement());
    }

    /** The changes, the function before its alias. */
    static List<Plan.Change> changes(
            WantedFunction wanted, LiveFunction live, LiveFunction.State state, LiveFunction.Alias alias) {
        var changes = new ArrayList<Plan.Change>();
        List<Plan.PropertyChange> properties = state == null
                ? FunctionDiff.everything(wanted)
                : FunctionDiff.changes(state.config(), wanted.asShown());
        if (!properties.isEmpty()) {
            changes.add(
                    new Plan.Change(wanted.function(), FUNCTION, Plan.Action.MODIFY, Plan.Replacement.NO, properties));
        }
        boolean published = properties.isEmpty() && alias != null && alias.isWhole() && isPublished(live, state, alias);
        if (!published) {
            changes.add(new Plan.Change(
                    wanted.function() + ":" + wanted.alias(),
                    ALIAS,
                    state != null && alias == null ? Plan.Action.ADD : Plan.Action.MODIFY,
                    Plan.Replacement.NO,
                    List.of(new Plan.PropertyChange(
                            VERSION, alias == null ? null : alias.shown(), NEW_VERSION, Plan.Replacement.NO))));
        }
        return changes;
    }

    private static boolean isPublished(LiveFunction live, LiveFunction.State state, LiveFunction.Alias alias) {
        LiveFunction.State version = live.read(alias.version());
        return version != null && version.config().isSameAs(state.config());
    }

    private void checkAlarms(WantedFunction wanted) {
        List<String> missing = new Alarms(job, AwsSessions.Purpose.PLAN, wanted.alarms()).missing();
        if (!missing.isEmpty()) {
            throw DeploymentException.problem("alarm " + String.join(", ", missing) + " of target "
                    + job.targetInstance.target().name() + " does not exist in " + job.targetInstance.place()
                    + "; create it, or remove it from the manifest");
        }
    }

    private void checkAlias(
            WantedFunction wanted,
            LiveFunction live,
            LiveFunction.State state,
            LiveFunction.Alias alias,
            ResourceStacks stacks) {
        if (alias == null) {
            return;
        }
        StackResource in = stacks.of(alias.arn());
        if (in != null) {
            throw DeploymentException.problem("alias " + wanted.alias() + " of " + live.where() + " belongs to stack "
                    + in.stackName() + ", and the next deployment of the stack undoes a change made outside of it;"
                    + " shift the traffic in the stack, or name an alias of your own");
        }
        if (wanted.shift() == null) {
            return;
        }
        // Lambda refuses weights in addition: "Alias with weights can not be used with Provisioned Concurrency".
        if (live.isProvisioned(wanted.alias())) {
            throw DeploymentException.problem("alias " + wanted.alias() + " of " + live.where()
                    + " has provisioned concurrency, which takes no canary; use the strategy allAtOnce");
        }
        LiveFunction.State version = live.read(alias.version());
        for (String property : List.of("Role", "DeadLetterConfig")) {
            if (version != null
                    && !Objects.equals(
                            version.config().get(property), state.config().get(property))) {
                throw DeploymentException.problem("version " + alias.version() + " of " + live.where()
                        + " has another " + property + " than the new one will have, and an alias takes no two such"
                        + " versions at a time; use the strategy allAtOnce");
            }
        }
    }

    private static List<Plan.Finding> findings(WantedFunction wanted, StackResource in) {
        return in == null
                ? List.of()
                : List.of(new Plan.Finding(
                        "besideStack",
                        wanted.function(),
                        wanted.function() + " (" + FUNCTION + ") belongs to stack " + in.stackName()
                                + ", whose next deployment may take this change back"));
    }
}
