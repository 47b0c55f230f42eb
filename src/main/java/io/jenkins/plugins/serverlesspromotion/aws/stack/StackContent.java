package io.jenkins.plugins.serverlesspromotion.aws.stack;

import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.FinishedChangeSet;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.LiveStack;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackInputs;
import io.jenkins.plugins.serverlesspromotion.aws.context.Resolution;
import io.jenkins.plugins.serverlesspromotion.aws.context.StackSecrets;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.session.Partition;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Templates;
import io.jenkins.plugins.serverlesspromotion.engine.release.HiddenValues;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.NoEchoParameters;
import io.jenkins.plugins.serverlesspromotion.engine.risk.RiskFindings;
import io.jenkins.plugins.serverlesspromotion.engine.risk.TemplateChange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.Tag;
import software.amazon.awssdk.services.cloudformation.model.TemplateStage;

/** Computes what a change set means for one live stack: the content of a plan that people approve. */
public final class StackContent {
    /** States in which a stack matches its template; after a rollback CloudFormation must be queried. */
    private static final Set<String> WHOLE = Set.of("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE");

    private static final String MASKED = Resolution.MASKED;

    /** Gives the known secrets that are not in the templates; null: none. */
    private final TargetContext job;

    private final Templates templates;
    private final String released;
    private final String account;
    private final String region;
    private final CloudFormationClient client;
    private final LiveStack live;
    private final String template;

    StackContent(TargetContext job, CloudFormationClient client, LiveStack live) {
        this(
                job,
                job.templates,
                ((Manifest.CloudFormation) job.targetInstance.target()).template(),
                job.account.id(),
                job.region(),
                client,
                live,
                job.stackReadCache().template(live, client));
    }

    /** @param template of {@code live}, null when there is none */
    StackContent(TargetContext job, CloudFormationClient client, LiveStack live, String template) {
        this(
                job,
                job.templates,
                ((Manifest.CloudFormation) job.targetInstance.target()).template(),
                job.account.id(),
                job.region(),
                client,
                live,
                template);
    }

    /**
     * Reads the live template.
     *
     * @param released name of the release's template
     * @param account 12 digits
     */
    public StackContent(
            Templates templates,
            String released,
            String account,
            String region,
            CloudFormationClient client,
            LiveStack live) {
        this(null, templates, released, account, region, client, live, live.template(client));
    }

    private StackContent(
            TargetContext job,
            Templates templates,
            String released,
            String account,
            String region,
            CloudFormationClient client,
            LiveStack live,
            String template) {
        this.job = job;
        this.templates = templates;
        this.released = released;
        this.account = account;
        this.region = region;
        this.client = client;
        this.live = live;
        this.template = template;
    }

    /** Digest over the live stack; null when there is none. */
    String liveDigest() {
        return live.digest(template);
    }

    /**
     * Whether exactly this is live: the same template with the same code, parameters, secret versions and tags. A
     * missing owner tag is not a change by itself. If so, no call to CloudFormation is needed, which would take
     * seconds.
     */
    boolean isLive(StackInputs inputs) {
        return template != null
                && WHOLE.contains(live.status())
                && inputs.known()
                && inputs.settled()
                && template.equals(new String(inputs.rendered(), StandardCharsets.UTF_8))
                && own(live.tags())
                        .equals(inputs.tagged(live.tags()).tags().stream()
                                .collect(Collectors.toMap(Tag::key, Tag::value)));
    }

    private static Map<String, String> own(Map<String, String> tags) {
        var own = new TreeMap<>(tags);
        own.keySet().removeIf(key -> key.startsWith("aws:"));
        return own;
    }

    public Plan.Content of(StackInputs inputs, FinishedChangeSet set) {
        Map<String, TemplateChange> nested = nested(inputs, set);
        return of(inputs, set, nested, hidden(inputs, nested), guards(inputs, set));
    }

    /** Alarms that end an update are part of the change set: without one they stay. */
    private List<Plan.PropertyChange> guards(StackInputs inputs, FinishedChangeSet set) {
        return job == null
                ? List.of()
                : new StackProtection(job).differences(client, live, set.isEmpty() ? null : inputs.rollback());
    }

    /** The result of {@link PlanConformance#exceeded} for the changes of {@code set}. */
    String exceeded(Plan.Content approved, StackInputs inputs, FinishedChangeSet set, UnaryOperator<String> settled) {
        Map<String, TemplateChange> nested = nested(inputs, set);
        HiddenValues hidden = hidden(inputs, nested);
        return PlanConformance.exceeded(
                approved, of(inputs, set, nested, hidden, List.of()), settled, normalising(inputs, hidden)::shown);
    }

    private static ChangeSetContent normalising(StackInputs inputs, HiddenValues hidden) {
        var rewrites = new TreeMap<>(inputs.rewrites());
        hidden.values().forEach(value -> rewrites.put(value, MASKED));
        return new ChangeSetContent(rewrites);
    }

    private Map<String, TemplateChange> nested(StackInputs inputs, FinishedChangeSet set) {
        return set.isEmpty() ? Map.of() : nested(inputs, set, "");
    }

    private Plan.Content of(
            StackInputs inputs,
            FinishedChangeSet set,
            Map<String, TemplateChange> nested,
            HiddenValues hidden,
            List<Plan.PropertyChange> guards) {
        ChangeSetContent normalised = normalising(inputs, hidden);
        TemplateChange change = set.isEmpty() ? null : change(inputs, nested);
        return new Plan.Content(
                inputs.known() ? Plan.Exactness.EXACT : Plan.Exactness.BOUNDED,
                inputs.stack(),
                inputs.templateDigest(),
                liveDigest(),
                inputs.values(),
                inputs.pins(),
                guarded(set.isEmpty() ? List.of() : changes(inputs, set, change, normalised, hidden), guards),
                set.isEmpty() ? List.of() : masked(hidden, findings(set, normalised, change)));
    }

    private List<Plan.Change> changes(
            StackInputs inputs,
            FinishedChangeSet set,
            TemplateChange change,
            ChangeSetContent normalised,
            HiddenValues hidden) {
        Map<String, String> tags = inputs.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value));
        var template = new Plan.PropertyChange(
                "/Template", Sha256.of(String.valueOf(this.template)), inputs.templateDigest(), Plan.Replacement.NO);
        return ChangeSetContent.bounded(new UnnamedChanges(
                        change, own(live.tags()), tags, value -> StackSecrets.masked(hidden, normalised.shown(value)))
                .completed(normalised.normalise(set.changes()), template));
    }

    /** Adds the changed guards to the changes of the stack itself. */
    private static List<Plan.Change> guarded(List<Plan.Change> changes, List<Plan.PropertyChange> guards) {
        if (guards.isEmpty()) {
            return changes;
        }
        var properties = new ArrayList<>(guards);
        var all = new ArrayList<Plan.Change>();
        for (Plan.Change change : changes) {
            if (change.subject().equals(ChangeSetContent.STACK)) {
                properties.addAll(change.properties());
            } else {
                all.add(change);
            }
        }
        properties.sort(Comparator.comparing(Plan.PropertyChange::path));
        all.add(ChangeSetContent.ofStack("", properties));
        all.sort(Comparator.comparing(Plan.Change::subject).thenComparing(Plan.Change::type));
        return all;
    }

    /**
     * Secrets of the release and the live stack that must not be shown here, including values that templates pass to
     * nested stacks.
     */
    private HiddenValues hidden(StackInputs inputs, Map<String, TemplateChange> nested) {
        Object before = StackSecrets.tree(templates, "the template of " + live.name(), template);
        Object after = StackSecrets.tree(templates, released, new String(inputs.released(), StandardCharsets.UTF_8));
        var values = new LinkedHashSet<String>();
        if (job != null) {
            values.addAll(StackSecrets.of(job, List.of(before, after)).values());
        }
        inputs.rewrites().forEach((value, shown) -> {
            if (shown.equals(MASKED)) {
                values.add(value);
            }
        });
        nested(nested, before, after, values);
        return new HiddenValues(values);
    }

    /** A NoEcho parameter of a nested stack gets its value from the outer template, or from a default. */
    private static void nested(Map<String, TemplateChange> nested, Object before, Object after, Set<String> values) {
        nested.forEach((id, change) -> {
            for (boolean then : new boolean[] {true, false}) {
                TemplateChange.Version version = then ? change.before() : change.after();
                if (version == null) {
                    continue;
                }
                values.addAll(NoEchoParameters.defaults(version.template()));
                Object given = at(then ? before : after, "Resources", id, "Properties", "Parameters");
                for (String name : NoEchoParameters.in(version.template())) {
                    if (at(given, name) instanceof String value) {
                        values.add(value);
                    }
                }
            }
            nested(
                    change.nested(),
                    change.before() == null ? Map.of() : change.before().template(),
                    change.after() == null ? Map.of() : change.after().template(),
                    values);
        });
    }

    private static Object at(Object node, String... path) {
        Object found = node;
        for (String key : path) {
            found = found instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return found;
    }

    private static List<Plan.Finding> masked(HiddenValues hidden, List<Plan.Finding> findings) {
        return hidden.isEmpty()
                ? findings
                : findings.stream()
                        .map(f -> new Plan.Finding(
                                f.kind(),
                                f.subject(),
                                StackSecrets.masked(hidden, f.sentence()),
                                f.evidence().stream()
                                        .map(e -> new Plan.Evidence(
                                                e.path(),
                                                StackSecrets.masked(hidden, e.before()),
                                                StackSecrets.masked(hidden, e.after())))
                                        .toList()))
                        .toList();
    }

    private TemplateChange change(StackInputs inputs, Map<String, TemplateChange> nested) {
        return new TemplateChange(
                template == null ? null : read("the template of " + live.name(), template, live.parameters()),
                TemplateChange.Version.read(templates, released, inputs.released(), values(inputs)),
                pseudo(),
                nested,
                bucket());
    }

    private List<Plan.Finding> findings(FinishedChangeSet set, ChangeSetContent normalised, TemplateChange change) {
        return Findings.of(
                set.changes(), new RiskFindings(templates).of(change), RiskFindings.written(change), normalised::shown);
    }

    /** Values in the form that people see; an unchanged parameter has its live value. */
    private Map<String, String> values(StackInputs inputs) {
        var values = new TreeMap<>(inputs.values());
        values.replaceAll((key, value) ->
                value.equals(StackPreparation.PREVIOUS) ? live.parameters().get(key) : value);
        return values;
    }

    private Map<String, String> pseudo() {
        return pseudo(account, region, live.name());
    }

    /** The values of pseudo parameters, by name. */
    public static Map<String, String> pseudo(String account, String region, String stack) {
        return Map.of(
                "AWS::AccountId", account,
                "AWS::Partition", Partition.of(region),
                "AWS::Region", region,
                "AWS::StackName", stack,
                "AWS::URLSuffix", Partition.suffix(region));
    }

    private String bucket() {
        return job == null ? null : job.account.bucketIn(region);
    }

    /** The nested stacks directly below {@code prefix}, with those below them. */
    private Map<String, TemplateChange> nested(StackInputs inputs, FinishedChangeSet set, String prefix) {
        var found = new TreeMap<String, TemplateChange>();
        for (FinishedChangeSet.Nested one : set.nested()) {
            if (!one.path().startsWith(prefix) || one.path().indexOf('/', prefix.length()) >= 0) {
                continue;
            }
            boolean removed = set.changes().stream()
                    .anyMatch(c -> c.resourceChange().logicalResourceId().equals(one.path())
                            && "Remove".equals(c.resourceChange().actionAsString()));
            if (one.changeSet() != null || removed) {
                found.put(
                        one.path().substring(prefix.length()),
                        new TemplateChange(
                                one.stack() == null ? null : live(one.stack()),
                                one.changeSet() == null ? null : candidate(one.changeSet()),
                                pseudo(),
                                nested(inputs, set, one.path() + "/"),
                                bucket()));
            }
        }
        return found;
    }

    private TemplateChange.Version live(String stack) {
        LiveStack nested = LiveStack.read(client, stack);
        String text = nested.template(client);
        return text == null ? null : read("the template of " + nested.name(), text, nested.parameters());
    }

    private TemplateChange.Version candidate(String changeSet) {
        String text = client.getTemplate(r -> r.changeSetName(changeSet).templateStage(TemplateStage.ORIGINAL))
                .templateBody();
        var values = new TreeMap<String, String>();
        for (Parameter parameter :
                client.describeChangeSet(r -> r.changeSetName(changeSet)).parameters()) {
            values.put(parameter.parameterKey(), String.valueOf(parameter.parameterValue()));
        }
        return read("the nested template", text, values);
    }

    private TemplateChange.Version read(String name, String text, Map<String, String> parameters) {
        return TemplateChange.Version.read(templates, name, text.getBytes(StandardCharsets.UTF_8), parameters);
    }
}
