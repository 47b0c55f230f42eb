package io.jenkins.plugins.serverlesspromotion.format.manifest;

import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks names in AWS with the values that their references have in each environment and place. */
final class NameCheck {
    /** CreateStack, AWS CloudFormation API Reference. */
    private static final Pattern STACK = Pattern.compile("[a-zA-Z][-a-zA-Z0-9]*");

    private static final Pattern LETTER = Pattern.compile("[a-zA-Z]");

    /** CreateFunction, AWS Lambda API Reference. */
    private static final Pattern FUNCTION = Pattern.compile("[a-zA-Z0-9_-]+");

    /** Invoke, AWS Lambda API Reference: a name, or an ARN as a whole or in part. */
    private static final Pattern INVOKED = Pattern.compile("[a-zA-Z0-9_.-]{1,64}|(?=.*:)[a-zA-Z0-9_:.$/-]+");

    private static final Pattern INVOKED_FIRST = Pattern.compile("[a-zA-Z0-9_.:-]");

    /** "General purpose bucket naming rules", Amazon S3 User Guide. */
    private static final Pattern BUCKET =
            Pattern.compile("(?!xn--|sthree-|amzn-s3-demo-)(?!.*(?:-s3alias|--ol-s3|\\.mrap|--x-s3|--table-s3)$)"
                    + "(?!.*\\.\\.)(?!(?:[0-9]+\\.){3}[0-9]+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    private static final Pattern BUCKET_FIRST = Pattern.compile("[a-z0-9]");

    /** The rules of one kind of name. */
    private enum Kind {
        STACK("a stack's name", NameCheck.STACK, LETTER, 128, "a letter, then letters, digits and dashes"),
        FUNCTION("a function's name", NameCheck.FUNCTION, NameCheck.FUNCTION, 64, "letters, digits, - and _"),
        INVOKED(
                "a function's name or ARN",
                NameCheck.INVOKED,
                INVOKED_FIRST,
                170,
                "letters, digits, - and _ (at most 64), or an ARN"),
        BUCKET(
                "a bucket's name",
                NameCheck.BUCKET,
                BUCKET_FIRST,
                63,
                "3 to 63 lower-case letters, digits, dots and dashes, beginning and ending with a letter or digit");

        private final String words;
        private final Pattern whole;
        private final Pattern first;
        private final int longest;
        private final String form;

        Kind(String words, Pattern whole, Pattern first, int longest, String form) {
            this.words = words;
            this.whole = whole;
            this.first = first;
            this.longest = longest;
            this.form = form;
        }
    }

    private final MarkedManifest marked;
    private final String version;
    private final List<ValueScope> scopes;
    private final ScopedProblems problems;

    /** @param version of the release; null when it is not known */
    NameCheck(MarkedManifest marked, String version, List<ValueScope> scopes, ScopedProblems problems) {
        this.marked = marked;
        this.version = version;
        this.scopes = scopes;
        this.problems = problems;
    }

    void check() {
        for (Manifest.Target target : marked.manifest().targets()) {
            String path = "targets[" + target.name() + "]." + target.kind();
            if (target instanceof Manifest.CloudFormation stack) {
                check(Kind.STACK, target, path + ".stack", stack.stack());
            } else if (target instanceof Manifest.Lambda lambda) {
                check(Kind.FUNCTION, target, path + ".function", lambda.function());
            } else if (target instanceof Manifest.Site site) {
                check(Kind.BUCKET, target, path + ".bucket", site.bucket());
            }
        }
        List<Manifest.Check> checks = marked.manifest().verify();
        for (int i = 0; i < checks.size(); i++) {
            if (checks.get(i) instanceof Manifest.LambdaCheck lambda) {
                Manifest.Target target =
                        marked.manifest().target(lambda.target()).orElse(null);
                if (target != null && !lambda.isBeforeTraffic()) {
                    check(Kind.INVOKED, target, "verify[" + i + "].lambda.function", lambda.function());
                }
            }
        }
    }

    private void check(Kind kind, Manifest.Target target, String path, String text) {
        SourceLocation where = marked.where(path);
        for (ValueScope place : scopes) {
            for (ValueScope scope : place.of(target)) {
                problem(kind, KnownText.of(marked.manifest(), version, scope, text))
                        .ifPresent(problem -> problems.add(where, scope, problem));
            }
        }
    }

    private static Optional<String> problem(Kind kind, KnownText known) {
        if (known.isDynamic()) {
            return Optional.empty();
        }
        String prefix = known.prefix();
        if (known.shortest() > kind.longest) {
            return Optional.of("has " + known.shortest() + " characters or more; " + kind.words + " has at most "
                    + kind.longest + ", shorten it");
        }
        String rule = "', and " + kind.words + " is " + kind.form + "; change the text or the value of its variable";
        if (!prefix.isEmpty() && !kind.first.matcher(prefix.substring(0, 1)).matches()) {
            return Optional.of("begins with '" + TypedReader.shown(prefix.substring(0, 1)) + rule);
        }
        return known.value()
                .filter(value -> !kind.whole.matcher(value).matches())
                .map(value -> "becomes '" + TypedReader.shown(value) + rule);
    }
}
