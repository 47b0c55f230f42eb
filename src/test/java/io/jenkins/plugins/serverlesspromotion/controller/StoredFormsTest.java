package io.jenkins.plugins.serverlesspromotion.controller;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Describable;
import hudson.security.Permission;
import hudson.util.XStream2;
import io.jenkins.plugins.serverlesspromotion.golden.GoldenFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.Test;

/**
 * Jenkins stores these classes by their Java names: step executions in the files of a build, the configuration in its
 * XML files and, in a proposal, in the journal, permissions in authorization strategies. So these names stay, or an
 * alias is added and the old stored form is read here. The golden files are never changed; a form that came later stands
 * beside the old one. {@code -Dgolden.write=true} writes a file that does not exist.
 */
public class StoredFormsTest {
    private static final String ROOT = "io.jenkins.plugins.serverlesspromotion.";

    /** The forms of today. */
    private static final Path GOLDEN = GoldenFiles.root().resolve("jenkins-4");

    /** What the first version has stored, the executions of steps with it. It is still read. */
    private static final Path FIRST = GoldenFiles.root().resolve("jenkins");

    /**
     * What older versions have stored: without the owners of resources, without automatic causes, without the opt-out of
     * accounts. It is still read.
     */
    private static final List<Path> OLDER = List.of(
            FIRST, GoldenFiles.root().resolve("jenkins-2"), GoldenFiles.root().resolve("jenkins-3"));

    /** Every class of the plugin's own that can get into a stored form, found and not listed. */
    private static List<Class<?>> stored() throws Exception {
        Path classes = Path.of(EngineLifecycle.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        var found = new ArrayList<Class<?>>();
        try (Stream<Path> files = Files.walk(classes.resolve(ROOT.replace('.', '/') + "controller"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
                String name = classes.relativize(file).toString().replace(java.io.File.separatorChar, '.');
                Class<?> type = Class.forName(
                        name.substring(0, name.length() - ".class".length()),
                        false,
                        StoredFormsTest.class.getClassLoader());
                boolean passing = Throwable.class.isAssignableFrom(type) || type.isEnum() || type.isAnonymousClass();
                if (!passing && !type.isInterface() && (isSerialized(type) || isConfigured(type))) {
                    found.add(type);
                }
            }
        }
        return found;
    }

    private static boolean isSerialized(Class<?> type) {
        // A cache in memory happens to be a map, which is serializable.
        return Serializable.class.isAssignableFrom(type)
                && !Record.class.isAssignableFrom(type)
                && !java.util.Map.class.isAssignableFrom(type);
    }

    private static boolean isConfigured(Class<?> type) {
        boolean content = type.getName().endsWith(".ConfigurationContent");
        boolean part = type.getSuperclass() != null
                && type.getSuperclass().getSimpleName().equals("PolicyPart");
        return content || part || Describable.class.isAssignableFrom(type) && isKept(type);
    }

    /** Steps and descriptors are made again from a script or by Jenkins. */
    private static boolean isKept(Class<?> type) {
        return !type.getName().startsWith(ROOT + "controller.steps.");
    }

    private static List<Field> fields(Class<?> type) {
        var all = new TreeMap<String, Field>();
        for (Class<?> each = type; each != null && each.getName().startsWith(ROOT); each = each.getSuperclass()) {
            for (Field field : each.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())
                        && !Modifier.isTransient(field.getModifiers())
                        && !field.isSynthetic()) {
                    field.setAccessible(true);
                    all.put(field.getName(), field);
                }
            }
        }
        return List.copyOf(all.values());
    }

    @Test
    public void theNamesAndFieldsOfStoredClassesAreThoseThatWereStored() throws Exception {
        var lines = new ArrayList<String>();
        var enums = new TreeSet<String>();
        for (Class<?> type : stored()) {
            boolean serialized = Serializable.class.isAssignableFrom(type);
            lines.add(type.getName()
                    + (serialized ? " " + ObjectStreamClass.lookup(type).getSerialVersionUID() : ""));
            for (Field field : fields(type)) {
                lines.add("  " + field.getName() + " " + field.getGenericType().getTypeName());
                if (field.getType().isEnum() && field.getType().getName().startsWith(ROOT)) {
                    enums.add(field.getType().getName() + " "
                            + Arrays.toString(field.getType().getEnumConstants()));
                }
            }
        }
        lines.addAll(enums);
        for (Permission permission : PromotionPermissions.GROUP.getPermissions()) {
            lines.add(permission.getId());
        }
        same("classes.txt", String.join("\n", lines) + "\n");
    }

    @Test
    public void everyStepExecutionThatABuildKeptIsReadAgain() throws Exception {
        var now = new StringBuilder();
        for (Class<?> type : stored()) {
            if (isSerialized(type) && !Modifier.isAbstract(type.getModifiers())) {
                Object made = fill(type, 0);
                var bytes = new ByteArrayOutputStream();
                try (var out = new ObjectOutputStream(bytes)) {
                    out.writeObject(made);
                }
                now.append(type.getName())
                        .append(' ')
                        .append(Base64.getEncoder().encodeToString(bytes.toByteArray()))
                        .append(' ')
                        .append(described(made).replace(' ', '_'))
                        .append('\n');
            }
        }
        List<String> kept = Files.readAllLines(FIRST.resolve("serialized.txt"));
        assertTrue(kept.toString(), kept.size() >= 8);
        for (String line : kept) {
            String[] words = line.split(" ");
            try (var in = new ObjectInputStream(
                    new ByteArrayInputStream(Base64.getDecoder().decode(words[1])))) {
                Object read = in.readObject();
                assertEquals(words[0], read.getClass().getName());
                // The notes of an import came later.
                assertEquals(words[2], described(read).replace("notes=[];", "").replace(' ', '_'));
            }
        }
        assertEquals(
                "a class without a stored form",
                now.toString().lines().map(l -> l.split(" ")[0]).toList(),
                kept.stream().map(l -> l.split(" ")[0]).toList());
    }

    @Test
    public void theConfigurationIsWrittenAndReadInTheSameXml() throws Exception {
        var xstream = new XStream2();
        var now = new StringBuilder();
        for (Class<?> type : stored()) {
            if (isConfigured(type) && !Modifier.isAbstract(type.getModifiers())) {
                now.append(xstream.toXML(fill(type, 0))).append('\n');
            }
        }
        same("configuration.xml", now.toString());
        for (Path forms : Stream.concat(Stream.of(GOLDEN), OLDER.stream()).toList()) {
            for (String xml :
                    Files.readString(forms.resolve("configuration.xml")).split("\n(?=<[^ /])")) {
                assertEquals(xml.strip(), xstream.toXML(xstream.fromXML(xml)).strip());
            }
        }
    }

    private static void same(String file, String now) throws Exception {
        write(file, now);
        assertEquals(Files.readString(GOLDEN.resolve(file), StandardCharsets.UTF_8), now);
    }

    private static void write(String file, String now) throws Exception {
        if (Boolean.getBoolean("golden.write")) {
            GoldenFiles.writeNew(GOLDEN.resolve(file), now);
        }
    }

    /** An object with a value in every field that is stored, without its constructor's rules. */
    private static Object fill(Class<?> type, int depth) throws Exception {
        Object made = allocate(type);
        for (Field field : fields(type)) {
            field.set(made, value(field.getGenericType(), field.getName(), depth));
        }
        return made;
    }

    private static Object allocate(Class<?> type) throws Exception {
        Constructor<?> object = Object.class.getDeclaredConstructor();
        Constructor<?> made =
                sun.reflect.ReflectionFactory.getReflectionFactory().newConstructorForSerialization(type, object);
        made.setAccessible(true);
        return made.newInstance();
    }

    private static Object value(Type type, String name, int depth) throws Exception {
        if (type instanceof ParameterizedType generic) {
            Type item = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            Object value = depth > 6 ? null : value(item, name, depth + 1);
            Class<?> raw = (Class<?>) generic.getRawType();
            if (java.util.Map.class.isAssignableFrom(raw)) {
                var map = new java.util.LinkedHashMap<String, Object>();
                map.put(name, value);
                return map;
            }
            return value == null ? new ArrayList<>() : new ArrayList<>(List.of(value));
        }
        if (!(type instanceof Class<?> raw)) {
            return null;
        }
        if (raw == String.class) {
            return name;
        } else if (raw == boolean.class || raw == Boolean.class) {
            return true;
        } else if (raw == int.class || raw == Integer.class) {
            return name.length();
        } else if (raw == long.class || raw == Long.class) {
            return (long) name.length();
        } else if (raw == byte[].class) {
            return name.getBytes(StandardCharsets.UTF_8);
        } else if (raw.isEnum()) {
            return raw.getEnumConstants()[0];
        } else if (raw.getName().startsWith(ROOT) && !Modifier.isAbstract(raw.getModifiers()) && depth <= 6) {
            return fill(raw, depth + 1);
        }
        return null;
    }

    private static String described(Object value) throws Exception {
        if (value == null || !value.getClass().getName().startsWith(ROOT) || value instanceof Enum) {
            return value instanceof byte[] bytes
                    ? new String(bytes, StandardCharsets.UTF_8)
                    : value instanceof List<?> list ? describedAll(list) : String.valueOf(value);
        }
        var text = new StringBuilder("{");
        for (Field field : fields(value.getClass())) {
            Object member = field.get(value);
            text.append(field.getName())
                    .append('=')
                    .append(
                            member instanceof java.util.Map<?, ?> map
                                    ? map.keySet().toString()
                                    : described(member))
                    .append(';');
        }
        return text.append('}').toString();
    }

    private static String describedAll(List<?> list) throws Exception {
        var text = new StringBuilder("[");
        for (Object item : list) {
            text.append(described(item)).append(',');
        }
        return text.append(']').toString();
    }
}
