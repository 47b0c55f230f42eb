package io.jenkins.plugins.serverlesspromotion.controller.steps;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.jenkins.plugins.awscredentials.AWSCredentialsImpl;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.triggers.TimerTrigger;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.PolicyActivator;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.ServerlessPromotionConfiguration;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxControl;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jvnet.hudson.test.JenkinsRule;

/** Jenkins with the accounts, the policy and the people of docs/examples/orders. */
final class Landscape {
    static final Path ROOT = Path.of(System.getProperty("promotion.root", ".")).toAbsolutePath();
    static final Path ORDERS = ROOT.resolve("docs/examples/orders");
    static final String MAIN = "team-orders/orders/main";

    static final Duration PATIENCE = Patience.LIMIT;

    private Landscape() {}

    /** Alice is a release manager, Carol is of the team that owns orders, Erin is on call, Bob works. */
    static void people(JenkinsRule r) {
        JenkinsRule.DummySecurityRealm realm = r.createDummySecurityRealm();
        realm.addGroups("carol", "team-orders");
        r.jenkins.setSecurityRealm(realm);
    }

    /** The base credentials, and the policy of the example as {@code edited}. */
    static void configure(JenkinsRule r, URI aws, java.util.function.UnaryOperator<String> edited) throws Exception {
        var credentials = SystemCredentialsProvider.getInstance();
        credentials
                .getCredentials()
                .add(new AWSCredentialsImpl(
                        CredentialsScope.SYSTEM,
                        "release-base",
                        "AKIAIOSFODNN7SANDBOX",
                        "sandbox-secret-of-release-base",
                        "deploys"));
        credentials.save();
        fast();
        String policy = edited.apply(Files.readString(ORDERS.resolve("policy.yaml")));
        Path code = Files.createTempFile("casc", ".yaml");
        Files.writeString(
                code,
                "unclassified:\n  serverlessPromotion:\n" + policy.indent(4) + "    settings: { endpoint: \"" + aws
                        + "\", serviceUsers: [ robot ] }\n");
        ConfigurationAsCode.get().configure(code.toString());
        Files.delete(code);
        if (!PolicyActivator.get().problems().isEmpty()) {
            throw new AssertionError(PolicyActivator.get().problems());
        }
    }

    /** Nothing takes minutes in the sandbox. */
    static void fast() {
        System.setProperty(EngineLifecycle.class.getName() + ".pollScale", "0.05");
    }

    static Promotions promotions() {
        return EngineLifecycle.get().promotions().orElseThrow();
    }

    static Store store() {
        return EngineLifecycle.get().store().orElseThrow();
    }

    /** A job of that full name; folders are made on the way. */
    static WorkflowJob job(JenkinsRule r, String fullName, String script) throws Exception {
        WorkflowJob job = r.jenkins.getItemByFullName(fullName, WorkflowJob.class);
        if (job == null) {
            String[] names = fullName.split("/");
            Folder folder = null;
            for (int i = 0; i < names.length - 1; i++) {
                Item there = folder == null ? r.jenkins.getItem(names[i]) : folder.getItem(names[i]);
                if (there == null) {
                    there = folder == null
                            ? r.jenkins.createProject(Folder.class, names[i])
                            : folder.createProject(Folder.class, names[i]);
                }
                folder = (Folder) there;
            }
            String name = names[names.length - 1];
            job = folder == null
                    ? r.jenkins.createProject(WorkflowJob.class, name)
                    : folder.createProject(WorkflowJob.class, name);
        }
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    /** Starts a build as {@code user} does by a click, or as a timer does. */
    static WorkflowRun start(WorkflowJob job, String user) throws Exception {
        Cause cause = user == null ? new TimerTrigger.TimerTriggerCause() : new Cause.UserIdCause(user);
        return job.scheduleBuild2(0, new CauseAction(cause)).waitForStart();
    }

    static WorkflowRun finished(JenkinsRule r, WorkflowRun run, Result expected) throws Exception {
        // A build has its result before the last lines of its log, which say why it failed.
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !run.isBuilding() && JenkinsRule.getLog(run).contains("\nFinished: "));
        return r.assertBuildStatus(expected, run);
    }

    /** Waits for a state of a promotion; fails at once when it has ended as something else. */
    static Promotion reached(String promotion, State state) {
        Awaitility.await(promotion + " " + state)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    var now = store().promotion(promotion);
                    if (now.isPresent()
                            && now.get().state().isOver()
                            && now.get().state() != state) {
                        throw new AssertionError(promotion + " is " + now.get().state() + ": "
                                + now.get().why());
                    }
                    return now.isPresent() && now.get().state() == state;
                });
        return store().promotion(promotion).orElseThrow();
    }

    /** Approves what stands there now, as that user's click does. */
    static void approve(String user, String promotion) throws Exception {
        Promotion now = store().promotion(promotion).orElseThrow();
        try (ACLContext as = ACL.as2(User.getById(user, true).impersonate2())) {
            Person person = ServerlessPromotionConfiguration.get().identity().deciding();
            promotions().approve(promotion, person, now.plan().digest(), null);
        }
    }

    /** What the audit log says was refused: {@code who|what|why}. */
    static List<String> refusals() throws Exception {
        return store().records(r -> r.entry() instanceof Entry.Refused).stream()
                .map(r -> (Entry.Refused) r.entry())
                .map(e -> e.who() + "|" + e.what() + "|" + e.why())
                .toList();
    }

    static String log(Run<?, ?> run) throws Exception {
        return JenkinsRule.getLog(run);
    }

    // --- the lean service ---

    /** Publishes {@code version} and brings it to prod. */
    static String journey(String version, int status) {
        return "node {\n" + lean(version, status) + "publishRelease manifest: 'release.yaml', version: '" + version
                + "'\n}\ndef ended = promoteRelease release: 'orders@" + version
                + "', to: 'prod'\necho \"it ended as ${ended.state}\"";
    }

    /** Both who must approve in prod. */
    static void approveInProd(String promotion) throws Exception {
        approve("alice", promotion);
        approve("carol", promotion);
    }

    /** How often something was really deployed to prod, told by the accounts. */
    static long executions(SandboxControl sandbox) {
        return executions(sandbox, "orders");
    }

    /** As {@link #executions(SandboxControl)}, for another service. */
    static long executions(SandboxControl sandbox, String service) {
        return sandbox.history("cloudformation:change-set", service + "-prod/*").stream()
                .filter(change -> change.path("what").asText().equals("execute"))
                .count();
    }

    /** One stack with a function that answers {@code status}; no build, no agent needed. */
    static String lean(String version, int status) {
        return """
                writeFile file: 'release.yaml', text: '''
                apiVersion: promotion/v1
                service: orders
                targets:
                  - name: api
                    cloudformation: { template: api.yaml, stack: "orders-${environment}", capabilities: [CAPABILITY_IAM] }
                    parameters: { Environment: "${environment}" }
                verify:
                  - lambda: { target: api, function: "orders-smoke-${environment}" }
                    expect: { statusCode: 200 }
                '''
                writeFile file: 'api.yaml', text: '''
                AWSTemplateFormatVersion: "2010-09-09"
                Description: VERSION
                Parameters:
                  Environment: { Type: String }
                Resources:
                  Role:
                    Type: AWS::IAM::Role
                    Properties:
                      AssumeRolePolicyDocument:
                        Version: "2012-10-17"
                        Statement: [ { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole } ]
                  Smoke:
                    Type: AWS::Lambda::Function
                    Properties:
                      FunctionName: !Sub orders-smoke-${Environment}
                      Runtime: python3.13
                      Handler: index.handler
                      Description: VERSION
                      Role: !GetAtt Role.Arn
                      Code:
                        ZipFile: |
                          def handler(event, context):
                              return {"statusCode": STATUS}
                '''
                """.replace("VERSION", version).replace("STATUS", String.valueOf(status));
    }

    /** Straight to prod, one place, and what jobs need for that. */
    static String leanPolicy(String policy) {
        return policy.replace("    after: staging\n", "")
                .replace("[[orders-prod/eu-west-1], [orders-prod/us-west-2]], pause: 5s", "[[orders-prod/eu-west-1]]")
                .replace("\"request:prod\"]", "\"request:prod\", \"rollback:prod\"]");
    }
}
