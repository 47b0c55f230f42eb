package io.jenkins.plugins.serverlesspromotion.format.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDelegatingDeserializer;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdDelegatingSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Command;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * The records of the engine as JSON, so that the engine itself needs no annotation: instants and durations in ISO 8601,
 * nulls left out, a member of a sealed family as {@code {"type":"name",…}}, sets sorted. All names come from
 * {@link WireNames}, so renaming a Java type, component or constant changes no byte. Reading is strict: an unknown or
 * repeated property, a number in place of a text, or a missing number is an error.
 */
public final class Json {
    /** The sealed families; each member has the name of its type. */
    public static final List<Class<?>> SEALED = List.of(
            Entry.class,
            Fact.class,
            Command.class,
            Manifest.Variable.class,
            Manifest.Target.class,
            Manifest.Check.class,
            Gate.class);

    private static final ObjectMapper MAPPER = build(WireNames.TABLE);

    private Json() {}

    /** The mapper for all JSON of this project. Shared: never configure it further, make a {@code copy()}. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /**
     * The canonical bytes (RFC 8785) of a record, list, map or value.
     *
     * @throws IllegalArgumentException when it contains something without a canonical form
     */
    public static byte[] canonical(Object value) {
        return CanonicalJson.bytes(MAPPER.<JsonNode>valueToTree(value));
    }

    /** JSON with line breaks and two spaces of indentation, for people and for {@code --json}. */
    public static String pretty(Object value) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + problem(e), e);
        }
    }

    /** @throws IllegalArgumentException when the bytes are not JSON of a {@code type} */
    public static <T> T read(byte[] bytes, Class<T> type) {
        try {
            // Decoded here, because Jackson would accept a lone surrogate in UTF-8 or guess UTF-16.
            T value = MAPPER.readValue(Utf8.decode(bytes), type);
            if (value == null) {
                throw new IllegalArgumentException("is null, not a " + type.getSimpleName());
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is not JSON of a " + type.getSimpleName() + ": " + problem(e), e);
        }
    }

    /** The problem of a text that is not JSON: one line of readable length, because the parser repeats the text. */
    public static String problem(JsonProcessingException e) {
        return Shown.sentence(e.getOriginalMessage());
    }

    /** @param table the source of the names; tests use one of their own */
    public static ObjectMapper build(WireTable table) {
        var factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(100)
                        .maxNumberLength(30)
                        .maxNameLength(2_000)
                        .maxStringLength(8_000_000)
                        .maxDocumentLength(256_000_000)
                        .build())
                .build();
        factory.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
        var builder = JsonMapper.builder(factory)
                .addModule(new JavaTimeModule())
                .addModule(engine())
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                        DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(
                        SerializationFeature.WRITE_DATES_AS_TIMESTAMPS,
                        SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                // Null properties are left out, nulls inside maps stay: Lane.Live.places needs them.
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS));
        builder.annotationIntrospector(
                AnnotationIntrospector.pair(new WireNaming(table), new JacksonAnnotationIntrospector()));
        for (Class<?> family : SEALED) {
            builder.addMixIn(family, Typed.class);
            for (Class<?> member : table.family(family)) {
                builder.registerSubtypes(new NamedType(member, table.type(member)));
            }
        }
        return builder.build();
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    private interface Typed {}

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static SimpleModule engine() {
        var module = new SimpleModule("serverless-promotion");
        module.addSerializer((Class) Set.class, (JsonSerializer) new SortedSet());
        module.addSerializer(Policy.class, new StdDelegatingSerializer(Policy.class, new PolicyForm.Of()));
        module.addDeserializer(Policy.class, new StdDelegatingDeserializer<>(new PolicyForm.Back()));
        module.addSerializer(Lane.class, new StdDelegatingSerializer(Lane.class, new LaneForm.Of()));
        module.addDeserializer(Lane.class, new StdDelegatingDeserializer<>(new LaneForm.Back()));
        module.addSerializer(Promotion.class, new StdDelegatingSerializer(Promotion.class, new PromotionForm.Of()));
        module.addDeserializer(Promotion.class, new StdDelegatingDeserializer<>(new PromotionForm.Back()));
        return module;
    }

    /** {@code Set.copyOf} iterates in an order that differs between JVMs; a digest must not. */
    private static final class SortedSet extends JsonSerializer<Set<String>> {
        @Override
        public void serialize(Set<String> set, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeStartArray();
            for (String item : set.stream().sorted().toList()) {
                out.writeString(item);
            }
            out.writeEndArray();
        }

        @Override
        public boolean isEmpty(SerializerProvider provider, Set<String> set) {
            return set.isEmpty();
        }
    }
}
