package io.jenkins.plugins.serverlesspromotion.controller.releases;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.cli.CLICommand;
import hudson.security.Permission;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.commands.ReleaseCommand;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Test;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.verb.GET;

/** What {@code docs/user/rest-and-cli.md} lists is what there is: each endpoint and command, its parameters, a permission. */
public class RestAndCliDocTest {
    private static final Path PAGE = Path.of("docs", "user", "rest-and-cli.md");
    private static final Pattern ENDPOINT = Pattern.compile("^\\| `((?:GET|POST) [^`]+)` \\|([^|]*)\\|([^|]*)\\|");
    private static final Pattern COMMAND = Pattern.compile("^\\| `(promotion-[a-z-]+)([^`]*)` \\|([^|]*)\\|");
    private static final Pattern WORD = Pattern.compile("`\\[?(\\w+)\\]?`");
    private static final Pattern OPTION = Pattern.compile("--[a-z-]+");

    private static List<String> lines() throws IOException {
        return Files.readAllLines(PAGE);
    }

    /** Parameters by endpoint, as the classes have them. */
    private static Map<String, Set<String>> endpoints() throws IOException {
        var all = new TreeMap<String, Set<String>>();
        add(all, RestApi.class, "");
        add(all, RestApi.OnePromotion.class, "promotion/ID/");
        return all;
    }

    private static void add(Map<String, Set<String>> all, Class<?> type, String below) throws IOException {
        for (Method method : type.getDeclaredMethods()) {
            if (!method.getName().startsWith("do") || method.isSynthetic()) {
                continue;
            }
            WebMethod named = method.getAnnotation(WebMethod.class);
            String name = named == null ? "" : named.name()[0];
            assertTrue(
                    method + " has no name", named != null || method.getName().equals("doIndex"));
            String path = name.isEmpty() ? below.substring(0, below.length() - 1) : below + name;
            String verb = method.isAnnotationPresent(GET.class) ? "GET " : "POST ";
            all.put(verb + path, parameters(type, method.getName()));
        }
    }

    /** As Stapler's annotation processor has written them down. */
    private static Set<String> parameters(Class<?> type, String method) throws IOException {
        String file = type.getName().replace('.', '/').replace('$', '/') + "/" + method + ".stapler";
        try (InputStream in = type.getClassLoader().getResourceAsStream(file)) {
            return Stream.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).split(","))
                    .map(String::strip)
                    .filter(p -> !p.isEmpty() && !Set.of("request", "response").contains(p))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> found(Pattern pattern, String text, int group) {
        return pattern.matcher(text).results().map(r -> r.group(group)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean namesAPermission(String column) {
        return PromotionPermissions.GROUP.getPermissions().stream()
                .map((Permission p) -> p.name)
                .anyMatch(column::contains);
    }

    @Test
    public void everyEndpointIsListedWithItsParametersAndAPermission() throws IOException {
        var listed = new TreeMap<String, Set<String>>();
        for (String line : lines()) {
            Matcher row = ENDPOINT.matcher(line);
            if (row.find()) {
                listed.put(row.group(1), found(WORD, row.group(2), 1));
                assertTrue(row.group(1) + " says no permission", namesAPermission(row.group(3)));
            }
        }
        assertEquals("update " + PAGE, endpoints().toString(), listed.toString());
    }

    /** Options by command, as the classes have them. */
    private static Map<String, Set<String>> commands() throws Exception {
        var all = new TreeMap<String, Set<String>>();
        for (String name : classes()) {
            Class<?> type = Class.forName(name);
            var command = (CLICommand) type.getDeclaredConstructor().newInstance();
            var options = new TreeSet<String>();
            boolean argued = false;
            for (Field field : type.getFields()) {
                Option option = field.getAnnotation(Option.class);
                if (option != null && field.getDeclaringClass() != CLICommand.class) {
                    options.add(option.name());
                }
                argued |= field.isAnnotationPresent(Argument.class);
            }
            all.put(command.getName() + (argued ? " with an argument" : ""), options);
        }
        return all;
    }

    /** Every command of ours that Jenkins would find. */
    private static List<String> classes() throws Exception {
        Path folder = Path.of(ReleaseCommand.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path commands = folder.resolve(ReleaseCommand.class.getPackageName().replace('.', '/'));
        try (Stream<Path> files = Files.list(commands)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(f -> f.startsWith("Promotion") && f.endsWith(".class") && !f.contains("$"))
                    .map(f -> ReleaseCommand.class.getPackageName() + "."
                            + f.substring(0, f.length() - ".class".length()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    public void everyCommandIsListedWithItsOptionsAndAPermission() throws Exception {
        var listed = new TreeMap<String, Set<String>>();
        for (String line : lines()) {
            Matcher row = COMMAND.matcher(line);
            if (row.find()) {
                boolean argued = row.group(2).matches("\\s*\\[?[A-Z].*");
                listed.put(row.group(1) + (argued ? " with an argument" : ""), found(OPTION, row.group(2), 0));
                assertTrue(row.group(1) + " says no permission", namesAPermission(row.group(3)));
            }
        }
        assertEquals("update " + PAGE, commands().toString(), listed.toString());
    }
}
