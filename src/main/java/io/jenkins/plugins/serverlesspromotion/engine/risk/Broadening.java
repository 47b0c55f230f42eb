package io.jenkins.plugins.serverlesspromotion.engine.risk;

import io.jenkins.plugins.serverlesspromotion.engine.risk.PermissionSet.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds identities and resources with more permissions than before. Permissions that are only moved, split or narrowed
 * are not findings.
 */
final class Broadening {
    private static final int LISTED = 4;

    /** The permissions that SAM gives to every function: writing logs and traces. */
    private static final Set<String> HARMLESS =
            Set.of("AWSLambdaBasicExecutionRole", "AWSXRayDaemonWriteAccess", "AWSXrayWriteOnlyAccess");

    /** {@code AWSDenyAll}, {@code AWSCompromisedKeyQuarantineV2}, and team policies with similar names. */
    private static final Pattern DENYING = Pattern.compile("(?i)deny|quarantine");

    private final Map<String, PermissionSet> before;
    private final Map<String, PermissionSet> after;
    private final ResolvedTemplate then;
    private final String account;
    private final Risks risks;
    private final Coverage.Budget budget = new Coverage.Budget();

    Broadening(
            Map<String, PermissionSet> before,
            Map<String, PermissionSet> after,
            ResolvedTemplate then,
            String account,
            Risks risks) {
        this.before = before;
        this.after = after;
        this.then = then;
        this.account = account;
        this.risks = risks;
    }

    void find() {
        after.forEach((key, permissionSet) -> compare(before.get(key), permissionSet));
        before.forEach((key, gone) -> {
            // A policy with a Deny was removed, and the resource or identity that it restricted still exists.
            if (!after.containsKey(key) && (gone.kind == Kind.RESOURCE ? !isOfGone(key) : isElsewhere(key, gone))) {
                lessDenied(gone, new PermissionSet(gone.kind, gone.subject, gone.named));
            }
        });
    }

    private boolean isOfGone(String key) {
        String id = key.replaceFirst("^resource \"\\$\\{([A-Za-z0-9]+)}\"$", "$1");
        return !id.equals(key) && !then.resources().containsKey(id);
    }

    /** Whether the identity is defined outside this template. */
    private static boolean isElsewhere(String key, PermissionSet identity) {
        return identity.kind == Kind.IDENTITY && !key.equals("identity " + identity.subject);
    }

    private void compare(PermissionSet old, PermissionSet now) {
        moreAllowed(old, now);
        restraints(old, now);
        now.others.forEach((name, path) -> {
            if (!(old != null && old.others.containsKey(name)) && !HARMLESS.contains(name)) {
                risks.add(
                        Risks.IAM_BROADENING,
                        now.subject,
                        now.named + " also gets " + TemplateQuery.shown(name),
                        path,
                        null,
                        name);
            }
        });
        if (old != null && old.boundary != null && !old.boundary.equals(now.boundary)) {
            risks.add(
                    Risks.IAM_BROADENING,
                    now.subject,
                    now.named + " has another permissions boundary, or none",
                    "Resources." + now.subject + ".Properties.PermissionsBoundary",
                    old.boundary,
                    now.boundary);
        }
        if (old != null) {
            lessDenied(old, now);
        }
    }

    /** Managed policies that only deny. */
    private void restraints(PermissionSet old, PermissionSet now) {
        if (old == null) {
            return;
        }
        old.others.forEach((name, path) -> {
            if (DENYING.matcher(name).find() && !now.others.containsKey(name)) {
                risks.add(
                        Risks.IAM_BROADENING,
                        now.subject,
                        now.named + " is no longer restrained by " + name,
                        path,
                        name,
                        null);
            }
        });
    }

    private void moreAllowed(PermissionSet old, PermissionSet now) {
        List<IamStatement> allowed = old == null
                ? List.of()
                : old.statements.stream().filter(IamStatement::allow).toList();
        List<IamStatement> wanted =
                now.statements.stream().filter(IamStatement::allow).toList();
        Coverage coverage = budget.of(allowed, wanted);
        var wider = new ArrayList<IamStatement>();
        var all = new TreeMap<String, News>();
        for (IamStatement iamStatement : wanted) {
            List<News> news = isExpected(old, now, iamStatement) ? List.of() : news(coverage, iamStatement);
            if (!news.isEmpty()) {
                wider.add(iamStatement);
                news.forEach(n -> all.merge(n.principal() + " " + n.actions(), n, News::and));
            }
        }
        if (wider.isEmpty()) {
            return;
        }
        String verb =
                switch (now.kind) {
                    case IDENTITY -> " may do more: ";
                    case TRUST -> " can be assumed by more: ";
                    case RESOURCE -> " lets others do more: ";
                };
        String sentence = now.named
                + verb
                + listed(all.values().stream().map(News::shown).toList(), "; ")
                + remark(wider, all.values());
        for (IamStatement iamStatement : wider) {
            risks.add(
                    Risks.IAM_BROADENING,
                    now.subject,
                    sentence,
                    iamStatement.path(),
                    similar(coverage, iamStatement),
                    iamStatement.shown());
        }
    }

    /** Statements that come with every role and every trigger and give no new access. */
    private boolean isExpected(PermissionSet old, PermissionSet now, IamStatement iamStatement) {
        if (iamStatement.otherPrincipals() || iamStatement.principals().isEmpty()) {
            return false;
        }
        boolean services = iamStatement.principals().stream().allMatch(p -> p.startsWith("Service:"));
        return switch (now.kind) {
            case IDENTITY -> false;
            case TRUST -> old == null && services;
            case RESOURCE ->
                services && iamStatement.isRestricted()
                        || iamStatement.principals().stream().allMatch(p -> p.equals("AWS:" + account));
        };
    }

    /** Actions that are new on some resources for one principal; the last part is empty in a policy of an identity. */
    private record News(Set<String> actions, Set<String> resources, String principal) {
        News and(News other) {
            var both = new TreeSet<>(resources);
            both.addAll(other.resources);
            return new News(actions, both, principal);
        }

        String shown() {
            return listed(actions, ", ")
                    + (resources.isEmpty() ? "" : " on " + listed(resources, ", "))
                    + (principal.isEmpty() ? "" : " by " + principal);
        }
    }

    private static List<News> news(Coverage coverage, IamStatement iamStatement) {
        if (!coverage.isComparable(iamStatement)) {
            return coverage.covers(iamStatement)
                    ? List.of()
                    : List.of(new News(
                            allBut(iamStatement.otherActions(), iamStatement.actions()),
                            allBut(iamStatement.otherResources(), iamStatement.resources()),
                            String.join(", ", allBut(iamStatement.otherPrincipals(), iamStatement.principals()))));
        }
        Set<String> resources = some(iamStatement.resources(), "");
        Set<String> principals = some(iamStatement.principals(), "");
        var news = new ArrayList<News>();
        for (String principal : principals) {
            for (String resource : resources) {
                var actions = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
                for (String action : iamStatement.actions()) {
                    if (!coverage.covers(action, resource, principal, iamStatement.conditions())) {
                        actions.add(action);
                    }
                }
                if (!actions.isEmpty()) {
                    news.add(new News(actions, resource.isEmpty() ? Set.of() : Set.of(resource), principal));
                }
            }
        }
        return news;
    }

    private static Set<String> some(Set<String> values, String otherwise) {
        return values.isEmpty() ? Set.of(otherwise) : values;
    }

    private static Set<String> allBut(boolean others, Set<String> values) {
        return others ? Set.of("everything but " + listed(values, ", ")) : values;
    }

    private static String remark(List<IamStatement> wider, Collection<News> news) {
        boolean passes = news.stream()
                .flatMap(n -> n.actions().stream())
                .anyMatch(a -> IamPattern.covers(a.toLowerCase(Locale.ROOT), "iam:passrole"));
        boolean all = news.stream()
                .anyMatch(n -> n.resources().contains("*")
                        && n.actions().stream().anyMatch(a -> a.equals("*") || a.endsWith(":*")));
        boolean conditional = wider.stream().allMatch(s -> !s.conditions().isEmpty());
        return (passes ? "; with iam:PassRole it can hand these roles to services" : "")
                + (all ? "; that is everything" : "")
                + (conditional ? ", under conditions" : "");
    }

    private void lessDenied(PermissionSet old, PermissionSet now) {
        List<IamStatement> denied =
                now.statements.stream().filter(s -> !s.allow()).toList();
        List<IamStatement> denials =
                old.statements.stream().filter(s -> !s.allow()).toList();
        Coverage coverage = budget.of(denied, denials);
        for (IamStatement iamStatement : denials) {
            if (!coverage.covers(iamStatement)) {
                risks.add(
                        Risks.IAM_BROADENING,
                        now.subject,
                        now.named + " no longer denies " + listed(iamStatement.actions(), ", ")
                                + (iamStatement.resources().isEmpty()
                                        ? ""
                                        : " on " + listed(iamStatement.resources(), ", ")),
                        iamStatement.path(),
                        iamStatement.shown(),
                        null);
            }
        }
    }

    /** The most similar earlier statement, for people to compare with. */
    private static String similar(Coverage coverage, IamStatement iamStatement) {
        return coverage.candidates().stream()
                .filter(s -> s.path().equals(iamStatement.path())
                        || !s.actions().isEmpty()
                                && s.resources().equals(iamStatement.resources())
                                && s.principals().equals(iamStatement.principals()))
                .max((a, b) -> common(a, iamStatement) - common(b, iamStatement))
                .filter(s -> common(s, iamStatement) > 0)
                .map(IamStatement::shown)
                .orElse(null);
    }

    private static int common(IamStatement a, IamStatement b) {
        var shared = new TreeSet<>(a.actions());
        shared.retainAll(b.actions());
        var places = new TreeSet<>(a.resources());
        places.retainAll(b.resources());
        return shared.size() + places.size();
    }

    private static String listed(Collection<String> values, String between) {
        String shown = values.stream().limit(LISTED).collect(Collectors.joining(between));
        return values.size() > LISTED ? shown + " and " + (values.size() - LISTED) + " more" : shown;
    }
}
