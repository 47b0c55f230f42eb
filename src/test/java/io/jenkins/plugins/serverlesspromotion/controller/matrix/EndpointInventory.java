package io.jenkins.plugins.serverlesspromotion.controller.matrix;

import hudson.Extension;
import hudson.cli.CLICommand;
import hudson.cli.declarative.CLIMethod;
import hudson.model.Action;
import hudson.model.Descriptor;
import hudson.model.PageDecorator;
import hudson.model.UnprotectedRootAction;
import hudson.security.csrf.CrumbExclusion;
import io.jenkins.plugins.serverlesspromotion.controller.releases.ReleasesAction;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import jenkins.util.HttpServletFilter;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.kohsuke.stapler.Dispatcher;
import org.kohsuke.stapler.WebApp;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * Everything of this plugin that somebody can reach, asked of the running Jenkins: Stapler's own dispatchers for every
 * class that a request can come to, the views beside them, the commands of {@code jenkins-cli} and the steps.
 *
 * <p>Names: {@code web ReleasesAction/pause}, {@code get ReleasesAction/promotion/TOKEN}, {@code view PromotionPage/index},
 * {@code form RoleConfig/checkName}, {@code cli promotion-approve}, {@code step promoteRelease}.
 */
final class EndpointInventory {
    private static final String OURS = "io.jenkins.plugins.serverlesspromotion.";

    private static final List<Class<?>> BACK_DOORS = List.of(
            UnprotectedRootAction.class,
            CrumbExclusion.class,
            Filter.class,
            HttpServletFilter.class,
            PageDecorator.class);

    /** What Stapler asks an object for before, or after, all that has a name. */
    private static final Set<String> CATCH_ALL = Set.of("getTarget", "getStaplerFallback", "getDynamic", "doDynamic");

    /** As Stapler's dispatchers describe themselves when a page is not found. */
    private static final Pattern METHOD =
            Pattern.compile("(\\S+)\\.(\\w+)\\(\\.\\.\\.\\) for url=/(.*?)(?:/\\.\\.\\.)?");

    private static final Pattern GETTER =
            Pattern.compile("(?:class |interface )?(\\S+) (\\S+)\\.(\\w+)(?:\\(.*\\))? for url=/(.*?)/\\.\\.\\.");

    /** Name of the endpoint, and where it is in the code. */
    private final Map<String, String> found = new TreeMap<>();

    private final Map<String, Class<?>> descriptors = new TreeMap<>();
    private final List<Class<?>> classes = new ArrayList<>();
    private final List<String> views = new ArrayList<>();

    private EndpointInventory() throws IOException {
        scan();
        Set<Class<?>> routed = routed();
        routed.forEach(this::methods);
        views.forEach(view -> view(view, routed));
        CLICommand.all().stream()
                .filter(c -> isOurs(c.getClass()))
                .forEach(c -> found.put("cli " + c.getName(), c.getClass().getName()));
        StepDescriptor.all().stream()
                .filter(s -> isOurs(s.getClass()))
                .forEach(s -> found.put("step " + s.getFunctionName(), s.clazz.getName()));
    }

    /** Of the Jenkins that runs. */
    static EndpointInventory ofRunningJenkins() throws IOException {
        return new EndpointInventory();
    }

    /** Names of endpoints with where they are in the code. */
    Map<String, String> endpoints() {
        return found;
    }

    /** The path of a descriptor below Jenkins' root URL, by the name that its endpoints begin with. */
    String descriptorUrl(String name) {
        return "descriptorByName/" + descriptors.get(name).getName().replace("$DescriptorImpl", "");
    }

    /** Classes that answer before Jenkins looks who asks, or besides its checks; and methods that become commands. */
    List<String> backDoors() {
        var doors = new ArrayList<String>();
        for (Class<?> c : classes) {
            if (BACK_DOORS.stream().anyMatch(door -> door.isAssignableFrom(c))
                    || c.isAnnotationPresent(ExportedBean.class)) {
                doors.add(c.getName());
            }
            Stream.of(c.getDeclaredMethods())
                    .filter(m -> m.isAnnotationPresent(CLIMethod.class) || isCatchAll(m))
                    .forEach(m -> doors.add(m.toString()));
        }
        return doors;
    }

    /** A class of something that configures as code has a method of such a name too. */
    private static boolean isCatchAll(Method method) {
        return CATCH_ALL.contains(method.getName()) && !method.getReturnType().equals(Class.class);
    }

    private static boolean isOurs(Class<?> c) {
        return c.getName().startsWith(OURS);
    }

    private void scan() throws IOException {
        try {
            Path where = Path.of(ReleasesAction.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (Files.isDirectory(where)) {
                scan(where);
                return;
            }
            try (FileSystem jar = FileSystems.newFileSystem(where)) {
                scan(jar.getPath("/"));
            }
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private void scan(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve(OURS.replace('.', '/')))) {
            files.map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .forEach(this::file);
        }
    }

    private void file(String name) {
        if (name.endsWith(".class")) {
            String className =
                    name.substring(0, name.length() - ".class".length()).replace('/', '.');
            try {
                classes.add(Class.forName(className, false, ReleasesAction.class.getClassLoader()));
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        } else if (name.endsWith(".jelly") || name.endsWith(".groovy")) {
            views.add(name);
        }
    }

    /** Extensions and actions, and whatever a getter that Stapler follows hands out from there. */
    private Set<Class<?>> routed() {
        Deque<Class<?>> open = new ArrayDeque<>();
        for (Class<?> c : classes) {
            boolean concrete = !c.isInterface() && !Modifier.isAbstract(c.getModifiers());
            if (concrete && (c.isAnnotationPresent(Extension.class) || Action.class.isAssignableFrom(c))) {
                open.add(c);
            }
        }
        Set<Class<?>> routed = new LinkedHashSet<>();
        while (!open.isEmpty()) {
            Class<?> c = open.remove();
            if (isOurs(c) && routed.add(c)) {
                open.addAll(handedOut(c));
            }
        }
        return routed;
    }

    private static List<Dispatcher> dispatchers(Class<?> c) {
        return WebApp.get(Jenkins.get().getServletContext()).getMetaClass(c).dispatchers;
    }

    /** Also those of ours that are in a list, an array or a map. */
    private List<Class<?>> handedOut(Class<?> from) {
        var types = new ArrayList<Class<?>>();
        for (Dispatcher dispatcher : dispatchers(from)) {
            Matcher getter = GETTER.matcher(dispatcher.toString());
            if (!getter.matches() || !getter.group(2).startsWith(OURS)) {
                continue;
            }
            Stream.of(from.getMethods())
                    .filter(m -> m.getName().equals(getter.group(3)))
                    .map(Method::getGenericReturnType)
                    .forEach(type -> collect(type, types));
            Stream.of(from.getFields())
                    .filter(f -> f.getName().equals(getter.group(3)))
                    .forEach(f -> collect(f.getGenericType(), types));
        }
        return types;
    }

    private void collect(Type type, List<Class<?>> into) {
        if (type instanceof ParameterizedType generic) {
            Stream.of(generic.getActualTypeArguments()).forEach(argument -> collect(argument, into));
        } else if (type instanceof Class<?> c) {
            Class<?> one = c.isArray() ? c.getComponentType() : c;
            classes.stream()
                    .filter(one::isAssignableFrom)
                    .filter(x -> isOurs(one))
                    .forEach(into::add);
        }
    }

    private void methods(Class<?> c) {
        String name = name(c);
        boolean form = Descriptor.class.isAssignableFrom(c);
        if (form) {
            descriptors.put(name, c);
        }
        for (Dispatcher dispatcher : dispatchers(c)) {
            String said = dispatcher.toString();
            if (said.startsWith("BLOCKED")) {
                continue;
            }
            Matcher method = METHOD.matcher(said);
            if (method.matches()) {
                if (method.group(1).startsWith(OURS)) {
                    found.put((form ? "form " : "web ") + name + "/" + method.group(3), method.group());
                }
                continue;
            }
            Matcher getter = GETTER.matcher(said);
            if (getter.matches()) {
                if (getter.group(2).startsWith(OURS)) {
                    found.put("get " + name + "/" + getter.group(4), said);
                }
            } else if (said.contains(OURS)) {
                // Index methods, doDynamic, getDynamic and whatever else Stapler will come to know.
                found.put("web " + name + "/" + said.replaceAll(".*\\.(\\w+)\\(.*", "$1"), said);
            }
        }
    }

    /** {@code Outer.Nested}; descriptors have the name of what they describe. */
    private static String name(Class<?> c) {
        String name = c.getName().substring(c.getName().lastIndexOf('.') + 1);
        return name.replace("$DescriptorImpl", "").replace('$', '.');
    }

    /** A view of something that no request comes to is only ever part of a page. */
    private void view(String path, Set<Class<?>> routed) {
        String owner = path.substring(0, path.lastIndexOf('/'));
        String view = path.substring(path.lastIndexOf('/') + 1, path.lastIndexOf('.'));
        String className = owner.replace('/', '.');
        for (Class<?> c : routed) {
            for (Class<?> up = c; up != null; up = up.getSuperclass()) {
                if (up.getName().equals(className)) {
                    found.put("view " + name(c) + "/" + view, path);
                }
            }
        }
    }
}
