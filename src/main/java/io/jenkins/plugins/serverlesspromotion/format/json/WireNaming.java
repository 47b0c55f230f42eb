package io.jenkins.plugins.serverlesspromotion.format.json;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.PropertyName;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedConstructor;
import com.fasterxml.jackson.databind.introspect.AnnotatedField;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedMethod;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import com.fasterxml.jackson.databind.introspect.VisibilityChecker;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;

/** Makes Jackson use the names of a {@link WireTable} for our records and enums, and none from Java. */
public final class WireNaming extends NopAnnotationIntrospector {
    private static final long serialVersionUID = 1L;
    private static final String OURS = "io.jenkins.plugins.serverlesspromotion.";

    private final transient WireTable table;

    WireNaming(WireTable table) {
        this.table = table;
    }

    /** Jackson's introspectors are serializable; the table is not, and there is only one. */
    private Object readResolve() {
        return new WireNaming(WireNames.TABLE);
    }

    public static boolean isOurs(Class<?> type) {
        return type.getName().startsWith(OURS);
    }

    @Override
    public PropertyName findNameForSerialization(Annotated a) {
        return name(a);
    }

    @Override
    public PropertyName findNameForDeserialization(Annotated a) {
        return name(a);
    }

    private PropertyName name(Annotated a) {
        WireTable.Member member = member(a);
        return member == null ? null : PropertyName.construct(member.name());
    }

    /**
     * Only components are members: a method {@code isOpen()} of a record must not become a member because of its name.
     */
    @Override
    public VisibilityChecker<?> findAutoDetectVisibility(AnnotatedClass type, VisibilityChecker<?> checker) {
        return isOurs(type.getRawType()) && type.getRawType().isRecord()
                ? checker.withGetterVisibility(Visibility.NONE).withIsGetterVisibility(Visibility.NONE)
                : checker;
    }

    @Override
    public JsonInclude.Value findPropertyInclusion(Annotated a) {
        WireTable.Member member = member(a);
        if (member == null || !member.later()) {
            return JsonInclude.Value.empty();
        }
        Class<?> type = a.getRawType();
        // An empty text is different from null, and is read back as empty.
        JsonInclude.Include when = type.isPrimitive()
                ? JsonInclude.Include.NON_DEFAULT
                : type == String.class ? JsonInclude.Include.NON_NULL : JsonInclude.Include.NON_EMPTY;
        return JsonInclude.Value.construct(when, JsonInclude.Include.ALWAYS);
    }

    @Override
    public JsonSetter.Value findSetterInfo(Annotated a) {
        WireTable.Member member = member(a);
        Class<?> type = a.getRawType();
        boolean hasEmpty =
                type.isPrimitive() || Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
        return member != null && member.later() && hasEmpty
                ? JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)
                : JsonSetter.Value.empty();
    }

    @Override
    public String[] findEnumValues(MapperConfig<?> config, AnnotatedClass type, Enum<?>[] values, String[] names) {
        if (isOurs(type.getRawType())) {
            for (int i = 0; i < values.length; i++) {
                names[i] = table.constant(values[i]);
            }
        }
        return names;
    }

    /** Null when {@code a} is not a component of one of our records. */
    private WireTable.Member member(Annotated a) {
        if (!(a instanceof AnnotatedMember found)) {
            return null;
        }
        Class<?> type = found.getDeclaringClass();
        if (!type.isRecord() || !isOurs(type)) {
            return null;
        }
        int index = index(found, type.getRecordComponents());
        return index < 0 ? null : table.members(type).get(index);
    }

    private static int index(AnnotatedMember found, RecordComponent[] components) {
        if (found instanceof AnnotatedParameter parameter) {
            return parameter.getOwner() instanceof AnnotatedConstructor made && isCanonical(made, components)
                    ? parameter.getIndex()
                    : -1;
        }
        boolean accessor = found instanceof AnnotatedMethod method && method.getParameterCount() == 0;
        if (accessor || found instanceof AnnotatedField) {
            for (int i = 0; i < components.length; i++) {
                if (components[i].getName().equals(found.getName())) {
                    return i;
                }
            }
        }
        return -1;
    }

    private static boolean isCanonical(AnnotatedConstructor made, RecordComponent[] components) {
        if (made.getParameterCount() != components.length) {
            return false;
        }
        for (int i = 0; i < components.length; i++) {
            if (made.getRawParameterType(i) != components[i].getType()) {
                return false;
            }
        }
        return true;
    }
}
