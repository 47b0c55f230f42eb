package io.jenkins.plugins.serverlesspromotion.format;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDelegatingDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdDelegatingSerializer;
import com.fasterxml.jackson.databind.util.StdConverter;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Command;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.policy.EvidenceKey;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.RulesChange;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The records of the engine as JSON, so that the engine itself needs no annotation: instants and durations in ISO 8601,
 * nulls left out, a member of a sealed family as {@code {"type":"simpleName",…}}, sets sorted. Reading is strict: an
 * unknown or repeated property, a number in place of a text, or a missing number is an error.
 */
public final class Json {
    /** The families whose members say their own name. */
    private static final List<Class<?>> SEALED = List.of(
            Entry.class,
            Fact.class,
            Command.class,
            Manifest.Variable.class,
            Manifest.Target.class,
            Manifest.Check.class,
            Gate.class);

    private static final ObjectMapper MAPPER = build();

    private Json() {}

    /**
     * The mapper that everything of this project is read and written with. Shared: never configure it further, make a
     * {@code copy()}.
     */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /**
     * The canonical bytes (RFC 8785) of a record, list, map or value.
     *
     * @throws IllegalArgumentException when it holds something that has no canonical form
     */
    public static byte[] canonical(Object value) {
        return CanonicalJson.bytes(MAPPER.<JsonNode>valueToTree(value));
    }

    /** JSON with line breaks and two spaces of indentation, for people and for {@code --json}. */
    public static String pretty(Object value) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** @throws IllegalArgumentException when the bytes are not JSON of a {@code type} */
    public static <T> T read(byte[] bytes, Class<T> type) {
        try {
            // Decoded here, because Jackson would take a lone surrogate in UTF-8 or guess UTF-16.
            T value = MAPPER.readValue(Utf8.decode(bytes), type);
            if (value == null) {
                throw new IllegalArgumentException("is null, not a " + type.getSimpleName());
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "is not JSON of a " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
        }
    }

    private static ObjectMapper build() {
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
                // Nulls of properties are left out, nulls inside maps stay: Lane.Live.places says something with them.
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS));
        for (Class<?> family : SEALED) {
            builder.addMixIn(family, Typed.class);
            for (Class<?> member : family.getPermittedSubclasses()) {
                builder.registerSubtypes(new NamedType(member, name(member)));
            }
        }
        builder.addMixIn(LaneRules.class, LaterRules.class);
        builder.addMixIn(Policy.Service.class, LaterService.class);
        builder.addMixIn(Entry.PolicyApplied.class, LaterPolicy.class);
        builder.addMixIn(Promotion.class, LaterPromotion.class);
        builder.addMixIn(Lane.class, LaterLane.class);
        return builder.build();
    }

    /**
     * What came later is left out while it is empty, so that the digest of a policy that does not use it stays what it
     * was, and the approvals bound to that stay good.
     */
    private interface LaterRules {
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Policy.Freeze> freezes();

        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Policy.Route> routes();

        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, EvidenceKey> evidenceKeys();
    }

    private interface LaterPolicy {
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<RulesChange> changes();
    }

    private interface LaterPromotion {
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Promotion.Override> overrides();
    }

    private interface LaterLane {
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Lane.Review> reviews();
    }

    private interface LaterService {
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Policy.Path> paths();
    }

    private static String name(Class<?> member) {
        String simple = member.getSimpleName();
        return Character.toLowerCase(simple.charAt(0)) + simple.substring(1);
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonAutoDetect(isGetterVisibility = JsonAutoDetect.Visibility.NONE)
    private interface Typed {}

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static SimpleModule engine() {
        var module = new SimpleModule("serverless-promotion");
        module.addSerializer((Class) Set.class, (JsonSerializer) new SortedSet());
        module.addSerializer(Policy.class, new StdDelegatingSerializer(Policy.class, new FromPolicy()));
        module.addDeserializer(Policy.class, new StdDelegatingDeserializer<>(new ToPolicy()));
        return module;
    }

    /** {@code Set.copyOf} iterates in an order that differs from one JVM to the next; a digest must not. */
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

    /**
     * Policy with lists instead of maps: the order of stores and environments has a meaning (the first store is the
     * default, environments stand in the order of the path), and canonical JSON sorts the keys of a map.
     */
    private record PolicyForm(
            List<Policy.Store> stores,
            List<Policy.Account> accounts,
            List<Policy.Role> roles,
            List<Policy.Environment> environments,
            List<Policy.Service> services,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Policy.Freeze> freezes,
            Policy.People people,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<EvidenceKey> evidenceKeys) {}

    private static final class FromPolicy extends StdConverter<Policy, PolicyForm> {
        @Override
        public PolicyForm convert(Policy policy) {
            return new PolicyForm(
                    new ArrayList<>(policy.stores().values()),
                    new ArrayList<>(policy.accounts().values()),
                    new ArrayList<>(policy.roles().values()),
                    new ArrayList<>(policy.environments().values()),
                    new ArrayList<>(policy.services().values()),
                    new ArrayList<>(policy.freezes().values()),
                    policy.people(),
                    new ArrayList<>(policy.evidenceKeys().values()));
        }
    }

    private static final class ToPolicy extends StdConverter<PolicyForm, Policy> {
        @Override
        public Policy convert(PolicyForm form) {
            return new Policy(
                    named(form.stores(), Policy.Store::name),
                    named(form.accounts(), Policy.Account::name),
                    named(form.roles(), Policy.Role::name),
                    named(form.environments(), Policy.Environment::name),
                    named(form.services(), Policy.Service::name),
                    form.freezes() == null ? Map.of() : named(form.freezes(), Policy.Freeze::name),
                    form.people(),
                    form.evidenceKeys() == null ? Map.of() : named(form.evidenceKeys(), EvidenceKey::name));
        }

        private static <V> Map<String, V> named(List<V> values, Function<V, String> name) {
            var map = new LinkedHashMap<String, V>();
            for (V value : values) {
                if (map.put(name.apply(value), value) != null) {
                    throw new IllegalArgumentException("policy names '" + name.apply(value) + "' twice");
                }
            }
            return map;
        }
    }
}
