package io.jenkins.plugins.serverlesspromotion.format.json;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Maps Java types, the members of records and the constants of enums to their names in JSON. A line that does not match
 * its Java type (another number of members, a repeated name) fails when the class is loaded.
 */
public final class WireTable {
    /** Marks a member that older records lack. */
    private static final String LATER = "?";

    private final Map<Class<?>, List<Member>> records = new LinkedHashMap<>();
    private final Map<Class<?>, String> types = new LinkedHashMap<>();
    private final Set<String> reserved = new HashSet<>();
    private final Map<Class<?>, Map<?, String>> constants = new LinkedHashMap<>();

    /**
     * One member of a record.
     *
     * @param name in JSON
     * @param later whether it is left out while it is empty (a list, map or set), 0, false or null, and read as that
     *     when it is absent
     */
    public record Member(String name, boolean later) {}

    /** Reserves names of types for later versions. */
    public WireTable reserve(String... names) {
        reserved.addAll(List.of(names));
        return this;
    }

    /**
     * Adds a record.
     *
     * @param names of the components, in their order, with one space between them; {@code holds?} for one that older
     *     records lack
     */
    public WireTable record(Class<? extends Record> type, String names) {
        RecordComponent[] components = type.getRecordComponents();
        String[] members = names.isEmpty() ? new String[0] : names.split(" ", -1);
        if (components.length != members.length) {
            throw wrong(
                    type,
                    "has " + components.length + " components, but " + members.length + " names; write one"
                            + " name for each component, in their order");
        }
        var named = new ArrayList<Member>(members.length);
        var seen = new HashSet<String>();
        for (String member : members) {
            boolean later = member.endsWith(LATER);
            String name = later ? member.substring(0, member.length() - LATER.length()) : member;
            if (name.isEmpty() || !seen.add(name)) {
                throw wrong(type, "names the member '" + name + "' twice or not at all");
            }
            named.add(new Member(name, later));
        }
        requireOrder(type, components, named, seen);
        if (records.put(type, List.copyOf(named)) != null) {
            throw wrong(type, "stands in two lines; keep one");
        }
        return this;
    }

    /** Finds components in another order: one of them would then have the JSON name of another. */
    private static void requireOrder(
            Class<?> type, RecordComponent[] components, List<Member> named, Set<String> names) {
        for (int i = 0; i < components.length; i++) {
            String java = components[i].getName();
            if (names.contains(java) && !named.get(i).name().equals(java)) {
                throw wrong(
                        type,
                        "has the component '" + java + "' where the member '"
                                + named.get(i).name() + "' is expected; put the names in the order of the components");
            }
        }
    }

    /** Adds a record of a sealed family, which {@code "type": name} identifies within the family. */
    public WireTable type(Class<? extends Record> type, String name, String members) {
        if (reserved.contains(name)) {
            throw wrong(
                    type, "takes the reserved name '" + name + "'; take it out of the reserved names if it is meant");
        }
        record(type, members);
        types.put(type, name);
        return this;
    }

    /** Adds an enum. A {@code switch} without a default makes a constant without a name a compiler error. */
    public <E extends Enum<E>> WireTable constants(Class<E> type, Function<E, String> name) {
        var names = new EnumMap<E, String>(type);
        for (E constant : type.getEnumConstants()) {
            names.put(constant, name.apply(constant));
        }
        if (Set.copyOf(names.values()).size() != names.size()) {
            throw wrong(type, "gives two constants the same name");
        }
        if (constants.put(type, names) != null) {
            throw wrong(type, "stands in two lines; keep one");
        }
        return this;
    }

    /**
     * The members of a record in the order of its components.
     *
     * @throws IllegalStateException when the record is not in the table
     */
    public List<Member> members(Class<?> type) {
        List<Member> members = records.get(type);
        if (members == null) {
            throw missing(type);
        }
        return members;
    }

    /**
     * The value of {@code "type"} of a record of a sealed family.
     *
     * @throws IllegalStateException when the record is not in the table as one of a family
     */
    public String type(Class<?> type) {
        String name = types.get(type);
        if (name == null) {
            throw missing(type);
        }
        return name;
    }

    /** @throws IllegalStateException when its enum is not in the table */
    String constant(Enum<?> constant) {
        Map<?, String> names = constants.get(constant.getDeclaringClass());
        if (names == null) {
            throw missing(constant.getDeclaringClass());
        }
        return names.get(constant);
    }

    /**
     * The types of a sealed family.
     *
     * @throws IllegalStateException when one of them has no name, or two have the same
     */
    public List<Class<?>> family(Class<?> family) {
        var seen = new HashSet<String>();
        for (Class<?> member : family.getPermittedSubclasses()) {
            if (!seen.add(type(member))) {
                throw wrong(member, "has the name of another type of " + family.getSimpleName());
            }
        }
        return List.of(family.getPermittedSubclasses());
    }

    /** Adds every line of this table to another one. */
    public void copyTo(WireTable other) {
        other.records.putAll(records);
        other.types.putAll(types);
        other.constants.putAll(constants);
    }

    /** Every record in the table. */
    public Collection<Class<?>> records() {
        return records.keySet();
    }

    /** Every enum in the table. */
    public Collection<Class<?>> enums() {
        return constants.keySet();
    }

    private static IllegalStateException missing(Class<?> type) {
        return wrong(type, "has no name in JSON; add a line for it");
    }

    private static IllegalStateException wrong(Class<?> type, String what) {
        return new IllegalStateException(type.getName() + " " + what + " (in WireNames)");
    }
}
