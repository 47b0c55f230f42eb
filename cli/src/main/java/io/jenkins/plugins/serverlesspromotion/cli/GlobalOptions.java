package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes. */
final class GlobalOptions {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._@-]{1,64}");
    private static final String ALPHABET = " must be 1 to 64 of A-Z a-z 0-9 . _ @ -";

    private final Map<String, String> environment;

    /** Whether the arguments request JSON. Wrong arguments are also reported in JSON then. */
    private final boolean jsonSeen;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "Where the journal is kept. Default: $PROMOTION_HOME, otherwise ~/.serverless-promotion.")
    Path homeGiven;

    @Option(
            names = "--as",
            paramLabel = "USER",
            scope = ScopeType.INHERIT,
            description =
                    "Who you are, self-declared: it is not checked. Default: $PROMOTION_USER, otherwise the user of"
                            + " the operating system.")
    String userGiven;

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            scope = ScopeType.INHERIT,
            description = "A group you are in, self-declared. May be repeated.")
    List<String> groupsGiven = new ArrayList<>();

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "Send every AWS call to this address instead of AWS, for a sandbox. Default:"
                    + " $PROMOTION_ENDPOINT, otherwise AWS itself.")
    String endpointGiven;

    @Option(
            names = "--proxy",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "Reach AWS and the addresses of checks through this HTTP proxy, as in"
                    + " http://proxy.acme.net:3128. Default: $PROMOTION_PROXY, otherwise none.")
    String proxyGiven;

    @Option(
            names = "--ca-bundle",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Certificates in PEM to believe besides those this JVM trusts. Default:"
                    + " $PROMOTION_CA_BUNDLE, otherwise none.")
    Path authoritiesGiven;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Answer with one JSON document on standard output; everything else goes to standard error.")
    private boolean jsonParsed;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "No progress, only the result, warnings and errors.")
    boolean quiet;

    @Option(
            names = "--no-color",
            scope = ScopeType.INHERIT,
            description = "No colours. Also: $NO_COLOR. Colours are never the only signal.")
    boolean noColor;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    private boolean help;

    @Option(
            names = "--poll-scale",
            paramLabel = "N",
            hidden = true,
            scope = ScopeType.INHERIT,
            description = "Factor for every wait and poll interval towards AWS, for a fast sandbox. Default:"
                    + " $PROMOTION_POLL_SCALE, otherwise 1.")
    Double pollScaleGiven;

    @Option(
            names = "--debug",
            hidden = true,
            scope = ScopeType.INHERIT,
            description = "Show the stack trace of an error and the log of the libraries.")
    boolean debug;

    GlobalOptions(Map<String, String> environment, String... args) {
        this.environment = environment;
        this.jsonSeen = Arrays.asList(args).contains("--json");
    }

    boolean json() {
        return jsonParsed || jsonSeen;
    }

    Path home() {
        if (homeGiven != null) {
            return homeGiven;
        }
        String set = environment.get("PROMOTION_HOME");
        return set == null || set.isBlank()
                ? Path.of(System.getProperty("user.home"), ".serverless-promotion")
                : Path.of(set);
    }

    /** @throws CommandException when the id or a group has a character that ids cannot have */
    Person person() {
        String user = userGiven;
        if (user == null) {
            user = environment.get("PROMOTION_USER");
        }
        if (user == null || user.isBlank()) {
            user = System.getProperty("user.name", "");
        }
        if (!ID.matcher(user).matches()) {
            throw CommandException.usage("user '" + user + "'" + ALPHABET + "; name yourself with --as USER");
        }
        for (String group : groupsGiven) {
            if (!ID.matcher(group).matches()) {
                throw CommandException.usage("group '" + group + "'" + ALPHABET);
            }
        }
        return new Person(user, Set.copyOf(groupsGiven), Person.SELF_DECLARED);
    }

    /** The person in the form of journal entries: {@code user:alice}. */
    String actor() {
        return "user:" + person().id();
    }

    /** Where AWS calls go; null: AWS. */
    URI endpoint() {
        return address("endpoint", endpointGiven, "PROMOTION_ENDPOINT", "http://localhost:4566");
    }

    /** The proxy that AWS is reached through; null: none. */
    URI proxy() {
        return address("proxy", proxyGiven, "PROMOTION_PROXY", "http://proxy.acme.net:3128");
    }

    /** Certificates in PEM; null: none but the JVM's. */
    String authorities() {
        String set = environment.get("PROMOTION_CA_BUNDLE");
        Path file = authoritiesGiven != null || set == null || set.isBlank() ? authoritiesGiven : Path.of(set);
        if (file == null) {
            return null;
        }
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw CommandException.usage("the certificates in " + file + " cannot be read: " + e
                    + "; give a file in PEM with --ca-bundle");
        }
    }

    private URI address(String what, String given, String variable, String example) {
        String address = given != null ? given : environment.get(variable);
        if (address == null || address.isBlank()) {
            return null;
        }
        try {
            URI uri = new URI(address);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // The check below reports every wrong address.
        }
        throw CommandException.usage(
                what + " '" + address + "' must be an http or https address, as in " + example);
    }

    double pollScale() {
        String set = environment.get("PROMOTION_POLL_SCALE");
        boolean given = pollScaleGiven != null || set == null || set.isBlank();
        double scale;
        try {
            scale = !given ? Double.parseDouble(set) : pollScaleGiven == null ? 1 : pollScaleGiven;
        } catch (NumberFormatException e) {
            throw CommandException.usage("PROMOTION_POLL_SCALE must be a number, was '" + set + "'");
        }
        if (!(scale > 0 && scale <= 100)) {
            throw CommandException.usage("--poll-scale must be above 0 and at most 100, was " + scale);
        }
        return scale;
    }

    /** The options that a printed command needs to use the same home. */
    String repeated() {
        return homeGiven == null ? "" : " --home " + quoted(homeGiven.toString());
    }

    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9._/@+:-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
