package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "policy",
        description = "The rules of the platform team: accounts, environments, gates, roles, services.",
        subcommands = {PolicyCommand.Apply.class, PolicyCommand.Show.class, ExplainCommand.class},
        footer = {"", "Examples:", "  promotion policy apply policy.yaml", "  promotion policy show"})
final class PolicyCommand {
    private PolicyCommand() {}

    @Command(
            name = "apply",
            description = {
                "Check a policy as a whole and put it in force. Promotions that wait are evaluated again: approvals"
                        + " given under rules that changed are void. An invalid policy changes nothing."
            },
            footer = {"", "Example:", "  promotion policy apply policy.yaml --as alice"})
    static final class Apply extends Action {
        @Parameters(paramLabel = "FILE", description = "The policy, in YAML or JSON.")
        private Path file;

        Apply(Invocation invocation) {
            super(invocation);
        }

        @Override
        public Integer call() throws Exception {
            String by = invocation.options().actor();
            Policy policy = PolicyReader.read(file.toString(), InputFile.read(file));
            try (Home home = Home.create(invocation)) {
                Policy before =
                        home.store().policy().map(Entry.PolicyApplied::policy).orElse(null);
                home.promotions().apply(policy, by);
                Entry.PolicyApplied now = home.store().policy().orElseThrow();
                String changed = PolicyView.difference(before, policy);
                var document = new LinkedHashMap<String, Object>();
                document.put("digest", now.digest());
                document.put("changed", !policy.equals(before));
                document.put("summary", changed);
                document.put("outstanding", home.outstanding().size());
                screen().result(
                                () -> document,
                                () -> List.of(Marks.GOOD + " policy " + Wording.digest(now.digest()) + " is in force: "
                                        + changed));
                remindOfWork(home);
                return Exit.DONE;
            }
        }
    }

    @Command(
            name = "show",
            description = "Show the policy in force: digest, who applied it, and its rules.",
            footer = {"", "Examples:", "  promotion policy show", "  promotion policy show --json"})
    static final class Show extends Action {
        Show(Invocation invocation) {
            super(invocation);
        }

        @Override
        public Integer call() throws Exception {
            try (Home home = Home.read(invocation)) {
                home.policy();
                Entry.PolicyApplied applied = home.store().policy().orElseThrow();
                var document = new LinkedHashMap<String, Object>();
                document.put("digest", applied.digest());
                document.put("by", applied.by());
                document.put("policy", applied.policy());
                screen().result(() -> document, () -> PolicyView.lines(applied));
                return Exit.DONE;
            }
        }
    }
}
