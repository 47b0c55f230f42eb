package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Renders a policy as text, and the differences between two policies. */
final class PolicyView {
    private PolicyView() {}

    static List<String> lines(Entry.PolicyApplied applied) {
        Policy policy = applied.policy();
        var lines = new ArrayList<String>();
        lines.add("Policy " + Wording.digest(applied.digest()) + ", applied by " + Wording.who(applied.by()));
        lines.add("");
        lines.add("Environments");
        policy.environments().values().forEach(e -> environment(e, lines));
        if (!policy.freezes().isEmpty()) {
            lines.add("Freezes");
        }
        policy.freezes()
                .values()
                .forEach(f -> lines.add("  " + f.name() + ": from " + f.from() + " until " + f.until() + " " + f.zone()
                        + (f.environments().isEmpty() ? ", everywhere" : ", in " + String.join(", ", f.environments()))
                        + (f.exempt().isEmpty() ? "" : ", not for path " + String.join(", ", f.exempt()))));
        lines.add("Services");
        policy.services().values().forEach(s -> service(s, lines));
        lines.add("Roles");
        policy.roles().values().forEach(r -> lines.add("  " + r.name() + ": " + members(r)));
        lines.add("Accounts");
        policy.accounts()
                .values()
                .forEach(a -> lines.add("  " + a.name() + " (" + a.id() + ")"
                        + (a.credentialsId() == null ? "" : ", credentials " + a.credentialsId())
                        + (a.deployRole() == null ? "" : ", deploys as " + a.deployRole())));
        lines.add("Artifact stores");
        policy.stores()
                .values()
                .forEach(s -> lines.add(
                        "  " + s.name() + ": bucket " + s.bucket() + " in " + s.account() + "/" + s.region()));
        return lines;
    }

    private static void environment(Policy.Environment environment, List<String> lines) {
        lines.add("  " + environment.name() + (environment.after() == null ? "" : ", after " + environment.after())
                + (environment.supersede() ? ", a newer request supersedes" : "")
                + (environment.arrival() == Policy.Arrival.AUTOMATIC ? ", requested automatically" : ""));
        environment.gates().forEach(gate -> lines.add("    " + sentence(gate)));
        if (environment.riskNeeds() != null) {
            environment.riskNeeds().forEach(need -> lines.add("    "
                    + need.finding() + " in a plan: also " + need.requirement().count() + " of "
                    + need.requirement().role()));
        }
        Policy.BreakGlass breakGlass = environment.breakGlass();
        if (breakGlass != null) {
            lines.add("    break-glass: "
                    + breakGlass.require().stream()
                            .map(r -> r.count() + " of " + r.role())
                            .collect(Collectors.joining(" and "))
                    + " within " + Wording.length(breakGlass.timeBox()) + ", reviewed by " + breakGlass.review());
        }
        if (environment.rollback() != null) {
            lines.add("    rollback: " + environment.rollback().count() + " of "
                    + environment.rollback().role());
        }
    }

    private static String sentence(Gate gate) {
        if (gate instanceof Gate.Window window) {
            return "window: " + window.days().stream()
                            .map(day -> day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH))
                            .collect(Collectors.joining(", ")) + " from "
                    + window.from() + ", last start " + window.lastStart() + " " + window.zone()
                    + (window.overrun() == Gate.Overrun.WAIT ? ", later waves wait" : "");
        } else if (gate instanceof Gate.Soak soak) {
            return "soak: live in " + soak.environment() + " for " + Wording.length(soak.duration());
        } else if (gate instanceof Gate.Alarm alarm) {
            return "alarm: " + String.join(", ", alarm.names()) + " must be OK";
        } else if (gate instanceof Gate.Evidence evidence) {
            return "evidence: " + evidence.kind() + " by " + String.join(" or ", evidence.from())
                    + (evidence.maxAge() == null ? "" : ", at most " + Wording.length(evidence.maxAge()) + " old");
        } else if (gate instanceof Gate.Ticket ticket) {
            return "ticket: " + ticket.pattern();
        } else if (gate instanceof Gate.ContainsLive) {
            return "containsLive: must contain the commit that is live";
        }
        var approval = (Gate.Approval) gate;
        return "approval: "
                + approval.require().stream()
                        .map(r -> r.count() + " of " + r.role())
                        .collect(Collectors.joining(" and "))
                + (approval.excludeRequesters() ? ", not by a requester" : "")
                + (approval.authors() == null ? "" : ", not by an author")
                + (approval.authors() == Gate.Authors.BLOCK_UNMAPPED ? ", all of whom must be known" : "")
                + (approval.comment() == null ? "" : ", with a comment") + ", within "
                + Wording.length(approval.expiresAfter());
    }

    private static void service(Policy.Service service, List<String> lines) {
        lines.add("  " + service.name() + ", owned by " + members(service.owners()));
        service.placements()
                .forEach((environment, placement) -> lines.add("    " + environment + ": "
                        + placement.waves().stream()
                                .map(wave -> wave.stream().map(Object::toString).collect(Collectors.joining(", ")))
                                .collect(Collectors.joining("; then "))
                        + (placement.pause().isZero() || placement.waves().size() == 1
                                ? ""
                                : ", " + Wording.length(placement.pause()) + " between waves")));
        service.paths()
                .forEach(p -> lines.add("    path " + p.name() + ": " + String.join(" → ", p.environments())
                        + (p.branches().isEmpty() ? "" : ", for " + String.join(", ", p.branches()))));
        service.jobs()
                .forEach(j -> lines.add("    job " + j.job() + " may "
                        + j.may().stream().sorted().collect(Collectors.joining(", "))));
    }

    private static String members(Policy.Role role) {
        var all = new ArrayList<String>();
        if (role != null) {
            role.users().stream().sorted().forEach(all::add);
            role.groups().stream().sorted().forEach(g -> all.add("members of " + g));
        }
        return all.isEmpty() ? "no one" : String.join(", ", all);
    }

    /** The changes of {@code after}, in one line. {@code before} may be null. */
    static String difference(Policy before, Policy after) {
        if (before == null) {
            return "the first policy, with "
                    + Wording.count(after.environments().size(), "environment", "environments") + " and "
                    + Wording.count(after.services().size(), "service", "services");
        }
        var parts = new ArrayList<String>();
        part("artifact stores", before.stores(), after.stores(), parts);
        part("accounts", before.accounts(), after.accounts(), parts);
        part("roles", before.roles(), after.roles(), parts);
        part("environments", before.environments(), after.environments(), parts);
        part("services", before.services(), after.services(), parts);
        part("freezes", before.freezes(), after.freezes(), parts);
        if (!java.util.Objects.equals(before.people(), after.people())) {
            parts.add("who authors are");
        }
        return parts.isEmpty()
                ? before.equals(after) ? "it was in force already, nothing changed" : "only the order changed"
                : String.join("; ", parts);
    }

    private static void part(String what, Map<String, ?> before, Map<String, ?> after, List<String> parts) {
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        var changes = new ArrayList<String>();
        for (String name : names) {
            if (!before.containsKey(name)) {
                changes.add("new " + name);
            } else if (!after.containsKey(name)) {
                changes.add("gone " + name);
            } else if (!before.get(name).equals(after.get(name))) {
                changes.add("changed " + name);
            }
        }
        if (!changes.isEmpty()) {
            parts.add(what + ": " + String.join(", ", changes));
        }
    }
}
