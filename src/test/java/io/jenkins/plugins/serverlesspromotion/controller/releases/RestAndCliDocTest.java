package io.jenkins.plugins.serverlesspromotion.controller.releases;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.cli.CLICommand;
import hudson.security.Permission;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.commands.ReleaseCommand;
import io.jenkins.plugins.serverlesspromotion.controller.releases.rest.ChangeApi;
import io.jenkins.plugins.serverlesspromotion.controller.releases.rest.OwnersApi;
import io.jenkins.plugins.serverlesspromotion.controller.releases.rest.PromotionApi;
import io.jenkins.plugins.serverlesspromotion.controller.releases.rest.RestApi;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import org.kohsuke.stapler.ClassDescriptor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.verb.GET;

/** The pages of REST and {@code jenkins-cli} list each endpoint and command with its parameters and a permission. */
public class RestAndCliDocTest {
    private static final Path REST = Path.of("docs", "reference", "rest.md");
    private static final Path COMMANDS = Path.of("docs", "reference", "jenkins-cli.md");
    private static final Pattern ENDPOINT = Pattern.compile("^\\| `((?:GET|POST) [^`]+)` \\|([^|]*)\\|([^|]*)\\|");
    private static final Pattern COMMAND = Pattern.compile("^\\| `(promotion-[a-z-]+)([^`]*)` \\|([^|]*)\\|");
    private static final Pattern WORD = Pattern.compile("`\\[?(\\w+)\\]?`");
    private static final Pattern OPTION = Pattern.compile("--[a-z-]+");

    /** Parameters by endpoint, as the classes have them. */
    private static Map<String, Set<String>> endpoints() {
        var all = new TreeMap<String, Set<String>>();
        add(all, RestApi.class, "");
        add(all, PromotionApi.class, "promotion/ID/");
        add(all, ChangeApi.class, "change/ID/");
        add(all, OwnersApi.class, "owners/");
        return all;
    }

    private static void add(Map<String, Set<String>> all, Class<?> type, String below) {
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
            all.put(verb + path, parameters(method));
        }
    }

    /** By the names that Stapler looks for in a request. */
    private static Set<String> parameters(Method method) {
        var names = new TreeSet<String>();
        String[] all = ClassDescriptor.loadParameterNames(method);
        for (int i = 0; i < all.length; i++) {
            if (method.getParameters()[i].isAnnotationPresent(QueryParameter.class)) {
                names.add(all[i]);
            }
        }
        return names;
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
        for (String line : Files.readAllLines(REST)) {
            Matcher row = ENDPOINT.matcher(line);
            if (row.find()) {
                listed.put(row.group(1), found(WORD, row.group(2), 1));
                assertTrue(row.group(1) + " says no permission", namesAPermission(row.group(3)));
            }
        }
        assertEquals("update " + REST, endpoints().toString(), listed.toString());
    }

    /** Options by command, as the classes have them. */
    private static Map<String, Set<String>> commands() throws Exception {
        var all = new TreeMap<String, Set<String>>();
        for (Class<?> type : classes()) {
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

    /** Every command of ours. */
    private static List<Class<?>> classes() throws Exception {
        Path folder = Path.of(ReleaseCommand.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        String where = ReleaseCommand.class.getPackageName();
        var all = new ArrayList<Class<?>>();
        try (Stream<Path> files = Files.list(folder.resolve(where.replace('.', '/')))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".class")) {
                    Class<?> type = Class.forName(where + "." + name.substring(0, name.length() - ".class".length()));
                    if (CLICommand.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
                        all.add(type);
                    }
                }
            }
        }
        return all;
    }

    @Test
    public void everyCommandIsListedWithItsOptionsAndAPermission() throws Exception {
        var listed = new TreeMap<String, Set<String>>();
        for (String line : Files.readAllLines(COMMANDS)) {
            Matcher row = COMMAND.matcher(line);
            if (row.find()) {
                boolean argued = row.group(2).matches("\\s*\\[?[A-Z].*");
                listed.put(row.group(1) + (argued ? " with an argument" : ""), found(OPTION, row.group(2), 0));
                assertTrue(row.group(1) + " says no permission", namesAPermission(row.group(3)));
            }
        }
        assertEquals("update " + COMMANDS, commands().toString(), listed.toString());
    }
}
