package io.jenkins.plugins.serverlesspromotion.engine.risk;

import io.jenkins.plugins.serverlesspromotion.engine.risk.Holding.Kind;
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

/** Who may do more than before. What is only moved, split or narrowed is no finding. */
final class Broadening {
    private static final int LISTED = 4;

    /** What SAM itself gives to every function: writing logs and traces. */
    private static final Set<String> HARMLESS =
            Set.of("AWSLambdaBasicExecutionRole", "AWSXRayDaemonWriteAccess", "AWSXrayWriteOnlyAccess");

    /** {@code AWSDenyAll}, {@code AWSCompromisedKeyQuarantineV2} and policies that teams name like them. */
    private static final Pattern DENYING = Pattern.compile("(?i)deny|quarantine");

    private final Map<String, Holding> before;
    private final Map<String, Holding> after;
    private final Side then;
    private final String account;
    private final Risks risks;
    private final Coverage.Budget budget = new Coverage.Budget();

    Broadening(Map<String, Holding> before, Map<String, Holding> after, Side then, String account, Risks risks) {
        this.before = before;
        this.after = after;
        this.then = then;
        this.account = account;
        this.risks = risks;
    }

    void find() {
        after.forEach((key, holding) -> compare(before.get(key), holding));
        before.forEach((key, gone) -> {
            // A policy that denied is gone, and what it protected or restrained is still there.
            if (!after.containsKey(key) && (gone.kind == Kind.RESOURCE ? !isOfGone(key) : isElsewhere(key, gone))) {
                lessDenied(gone, new Holding(gone.kind, gone.subject, gone.named));
            }
        });
    }

    private boolean isOfGone(String key) {
        String id = key.replaceFirst("^resource \"\\$\\{([A-Za-z0-9]+)}\"$", "$1");
        return !id.equals(key) && !then.resources().containsKey(id);
    }

    /** Whether the identity is made in another place than this template. */
    private static boolean isElsewhere(String key, Holding identity) {
        return identity.kind == Kind.IDENTITY && !key.equals("identity " + identity.subject);
    }

    private void compare(Holding old, Holding now) {
        moreAllowed(old, now);
        restraints(old, now);
        now.others.forEach((name, path) -> {
            if (!(old != null && old.others.containsKey(name)) && !HARMLESS.contains(name)) {
                risks.add(
                        Risks.IAM_BROADENING,
                        now.subject,
                        now.named + " also gets " + Tree.shown(name),
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

    /** Managed policies that do nothing but deny. */
    private void restraints(Holding old, Holding now) {
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

    private void moreAllowed(Holding old, Holding now) {
        List<Statement> allowed = old == null
                ? List.of()
                : old.statements.stream().filter(Statement::allow).toList();
        List<Statement> asked = now.statements.stream().filter(Statement::allow).toList();
        Coverage coverage = budget.of(allowed, asked);
        var wider = new ArrayList<Statement>();
        var all = new TreeMap<String, News>();
        for (Statement statement : asked) {
            List<News> news = isExpected(old, now, statement) ? List.of() : news(coverage, statement);
            if (!news.isEmpty()) {
                wider.add(statement);
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
        for (Statement statement : wider) {
            risks.add(
                    Risks.IAM_BROADENING,
                    now.subject,
                    sentence,
                    statement.path(),
                    similar(coverage, statement),
                    statement.shown());
        }
    }

    /** What comes with every role and every trigger, and gives nobody anything that was not theirs. */
    private boolean isExpected(Holding old, Holding now, Statement statement) {
        if (statement.otherPrincipals() || statement.principals().isEmpty()) {
            return false;
        }
        boolean services = statement.principals().stream().allMatch(p -> p.startsWith("Service:"));
        return switch (now.kind) {
            case IDENTITY -> false;
            case TRUST -> old == null && services;
            case RESOURCE ->
                services && statement.isRestricted()
                        || statement.principals().stream().allMatch(p -> p.equals("AWS:" + account));
        };
    }

    /** Actions that are new on some resources for one principal; the last is empty in a policy of an identity. */
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

    private static List<News> news(Coverage coverage, Statement statement) {
        if (!coverage.tellsEach(statement)) {
            return coverage.covers(statement)
                    ? List.of()
                    : List.of(new News(
                            allBut(statement.otherActions(), statement.actions()),
                            allBut(statement.otherResources(), statement.resources()),
                            String.join(", ", allBut(statement.otherPrincipals(), statement.principals()))));
        }
        Set<String> resources = some(statement.resources(), "");
        Set<String> principals = some(statement.principals(), "");
        var news = new ArrayList<News>();
        for (String principal : principals) {
            for (String resource : resources) {
                var actions = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
                for (String action : statement.actions()) {
                    if (!coverage.covers(action, resource, principal, statement.conditions())) {
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

    private static String remark(List<Statement> wider, Collection<News> news) {
        boolean passes = news.stream()
                .flatMap(n -> n.actions().stream())
                .anyMatch(a -> Glob.covers(a.toLowerCase(Locale.ROOT), "iam:passrole"));
        boolean all = news.stream()
                .anyMatch(n -> n.resources().contains("*")
                        && n.actions().stream().anyMatch(a -> a.equals("*") || a.endsWith(":*")));
        boolean conditional = wider.stream().allMatch(s -> !s.conditions().isEmpty());
        return (passes ? "; with iam:PassRole it can hand these roles to services" : "")
                + (all ? "; that is everything" : "")
                + (conditional ? ", under conditions" : "");
    }

    private void lessDenied(Holding old, Holding now) {
        List<Statement> denied = now.statements.stream().filter(s -> !s.allow()).toList();
        List<Statement> denials =
                old.statements.stream().filter(s -> !s.allow()).toList();
        Coverage coverage = budget.of(denied, denials);
        for (Statement statement : denials) {
            if (!coverage.covers(statement)) {
                risks.add(
                        Risks.IAM_BROADENING,
                        now.subject,
                        now.named + " no longer denies " + listed(statement.actions(), ", ")
                                + (statement.resources().isEmpty() ? "" : " on " + listed(statement.resources(), ", ")),
                        statement.path(),
                        statement.shown(),
                        null);
            }
        }
    }

    /** The statement that it most likely was, for people to compare with. */
    private static String similar(Coverage coverage, Statement statement) {
        return coverage.candidates().stream()
                .filter(s -> s.path().equals(statement.path())
                        || !s.actions().isEmpty()
                                && s.resources().equals(statement.resources())
                                && s.principals().equals(statement.principals()))
                .max((a, b) -> common(a, statement) - common(b, statement))
                .filter(s -> common(s, statement) > 0)
                .map(Statement::shown)
                .orElse(null);
    }

    private static int common(Statement a, Statement b) {
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
