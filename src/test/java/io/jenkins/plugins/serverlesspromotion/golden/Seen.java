package io.jenkins.plugins.serverlesspromotion.golden;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which members of records had a value, and which constants of enums occurred, in what was walked through. */
public final class Seen {
    private final Set<String> seen = new HashSet<>();
    private final Set<Class<?>> types = new HashSet<>();

    public void walk(Object value) {
        if (value instanceof Collection<?> all) {
            all.forEach(this::walk);
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(this::walk);
        } else if (value instanceof Enum<?> constant) {
            seen.add(key(constant.getDeclaringClass(), constant.name()));
        } else if (value instanceof Record) {
            types.add(value.getClass());
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                Object member = member(component, value);
                if (!isEmpty(member)) {
                    seen.add(key(value.getClass(), component.getName()));
                    walk(member);
                }
            }
        }
    }

    /** The members, constants and types of {@code wanted} that never occurred with a value. */
    public Set<String> missing(Collection<Class<?>> wanted) {
        var missing = new TreeSet<String>();
        for (Class<?> type : wanted) {
            if (type.isEnum()) {
                for (Object constant : type.getEnumConstants()) {
                    missing.add(key(type, ((Enum<?>) constant).name()));
                }
            } else {
                if (!types.contains(type)) {
                    missing.add(type.getName());
                }
                for (RecordComponent component : type.getRecordComponents()) {
                    missing.add(key(type, component.getName()));
                }
            }
        }
        missing.removeAll(seen);
        return missing;
    }

    private static boolean isEmpty(Object value) {
        return value == null
                || value instanceof Collection<?> all && all.isEmpty()
                || value instanceof Map<?, ?> map && map.isEmpty();
    }

    static Object member(RecordComponent component, Object record) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static String key(Class<?> type, String name) {
        return type.getName() + " " + name;
    }
}
