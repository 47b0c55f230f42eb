package io.jenkins.plugins.serverlesspromotion.format;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PeopleStatements;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionPlanning;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Adoption;
import io.jenkins.plugins.serverlesspromotion.engine.policy.EvidenceKey;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Freeze;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.SharedFunctions;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.engine.release.TrafficShift;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Makes records of the engine with random content, through reflection, so that a record or a component added later is
 * covered without anybody thinking of it.
 */
final class RandomRecords {
    private static final String[] TEXTS = {
        "", "orders", "ä€\ud83d\ude00", "a\"b\\c\n", "${environment}", "1.5", "null", " \u0001"
    };

    private final Random random;

    /** Every record type of which one was made. */
    final Set<Class<?>> made = new HashSet<>();

    RandomRecords(long seed) {
        random = new Random(seed);
    }

    <T> T make(Class<T> type) {
        return type.cast(value(type, false, 0));
    }

    /** Parts of a promotion, which are never null. */
    private static final Set<Class<?>> PARTS =
            Set.of(PromotionPlanning.class, PromotionDecisions.class, PeopleStatements.class);

    private Object value(Type type, boolean nullable, int depth) {
        if (type instanceof ParameterizedType generic) {
            return container(generic, depth);
        }
        Class<?> raw = (Class<?>) type;
        if (raw == int.class || raw == Integer.class) {
            return raw == Integer.class && nullable && random.nextBoolean() ? null : random.nextInt(1000);
        } else if (raw == long.class) {
            return 1 + (random.nextLong() & 0xFFFFFFFFFFFFL);
        } else if (raw == boolean.class) {
            return random.nextBoolean();
        } else if (raw == Boolean.class) {
            return nullable && random.nextBoolean() ? null : random.nextBoolean();
        } else if (raw == String.class) {
            return nullable && random.nextInt(3) == 0 ? null : TEXTS[random.nextInt(TEXTS.length)];
        } else if (raw == Instant.class) {
            return nullable && random.nextInt(3) == 0
                    ? null
                    : Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
        } else if (raw == Duration.class) {
            return Duration.ofMillis(random.nextInt(1_000_000_000));
        } else if (raw == LocalTime.class) {
            return LocalTime.ofSecondOfDay(random.nextInt(86_400));
        } else if (raw == LocalDateTime.class) {
            return LocalDateTime.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000), ZoneOffset.UTC);
        } else if (raw == ZoneId.class) {
            return ZoneId.of(random.nextBoolean() ? "Europe/Berlin" : "UTC");
        } else if (raw.isEnum()) {
            return raw.getEnumConstants()[random.nextInt(raw.getEnumConstants().length)];
        } else if (raw.isSealed()) {
            Class<?>[] members = raw.getPermittedSubclasses();
            return value(members[random.nextInt(members.length)], false, depth);
        } else if (raw.isRecord()) {
            return nullable && !PARTS.contains(raw) && random.nextInt(3) == 0 ? null : record(raw, depth);
        }
        throw new AssertionError("the engine has a component of type " + type + ", for which nothing is made here");
    }

    private Object container(ParameterizedType generic, int depth) {
        Type[] arguments = generic.getActualTypeArguments();
        int size = depth > 6 ? 0 : random.nextInt(3);
        Class<?> raw = (Class<?>) generic.getRawType();
        if (raw == List.class) {
            var list = new ArrayList<Object>();
            for (int i = 0; i < size; i++) {
                list.add(value(arguments[0], false, depth + 1));
            }
            return list;
        } else if (raw == Set.class) {
            return new LinkedHashSet<Object>(Arrays.asList(TEXTS).subList(0, random.nextInt(TEXTS.length)));
        } else if (raw == Map.class) {
            var map = new LinkedHashMap<String, Object>();
            for (int i = 0; i < size; i++) {
                map.put("key" + random.nextInt(100), value(arguments[1], false, depth + 1));
            }
            return map;
        }
        throw new AssertionError("the engine has a component of type " + generic);
    }

    /** Records with rules of their own; all others take anything. */
    private Object record(Class<?> type, int depth) {
        made.add(type);
        if (type == ReleaseRef.class) {
            return new ReleaseRef(name(), "1." + random.nextInt(9), "sha256:" + hex(), 1 + random.nextInt(99));
        } else if (type == LaneId.class) {
            return new LaneId(name(), name());
        } else if (type == TrafficShift.class) {
            return new TrafficShift(1 + random.nextInt(99), 1 + random.nextInt(1440));
        } else if (type == Artifact.class) {
            return new Artifact("build/" + name() + ".zip", hex(), random.nextInt(1 << 30));
        } else if (type == Person.class) {
            return new Person(name(), Set.of(name(), "sre"), "login");
        } else if (type == Evidence.class) {
            var result = Evidence.Result.values()[random.nextInt(2)];
            Instant at = Instant.ofEpochSecond(random.nextInt());
            var signed = random.nextBoolean() ? null : (Evidence.Signed) record(Evidence.Signed.class, depth);
            made.add(Evidence.Signed.class);
            return new Evidence("orders@1.0", name(), result, "job:" + name(), null, "412 tests", at, signed);
        } else if (type == Fact.StepResult.class) {
            var statuses = List.of(Deployment.Status.DONE, Deployment.Status.STALE, Deployment.Status.FAILED);
            return new Fact.StepResult(
                    statuses.get(random.nextInt(3)), Map.of("Url", "https://x"), "done", List.of("req-1"));
        } else if (type == Release.class || type == Published.class) {
            return release(type, depth);
        } else if (type == Policy.class) {
            return policy(depth);
        } else if (type.getSimpleName().equals("Live")) {
            return live(type);
        }
        return construct(type, depth);
    }

    private Object construct(Class<?> type, int depth) {
        RecordComponent[] components = type.getRecordComponents();
        var types = new Class<?>[components.length];
        var values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = value(components[i].getGenericType(), !types[i].isSealed(), depth + 1);
            // A lane takes no promotion of another one.
            if (components[i].getName().equals("id") && type == Lane.class) {
                values[i] = new LaneId("orders", "prod");
            } else if (components[i].getName().equals("id") && type == Promotion.class) {
                values[i] = "orders.prod." + (1 + random.nextInt(99));
            }
        }
        return build(type, types, values);
    }

    private static Object build(Class<?> type, Class<?>[] types, Object[] values) {
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("cannot make a " + type + " of " + Arrays.toString(values), e);
        }
    }

    private Object release(Class<?> type, int depth) {
        var manifest = (io.jenkins.plugins.serverlesspromotion.engine.release.Manifest)
                construct(io.jenkins.plugins.serverlesspromotion.engine.release.Manifest.class, depth);
        manifest = new io.jenkins.plugins.serverlesspromotion.engine.release.Manifest(
                "orders", manifest.variables(), manifest.targets(), manifest.verify(), manifest.requires());
        made.add(manifest.getClass());
        made.add(Release.class);
        var release = new Release("orders", "1.0", manifest, List.of((Artifact) record(Artifact.class, depth)));
        if (type == Release.class) {
            return release;
        }
        var provenance = (io.jenkins.plugins.serverlesspromotion.engine.release.Provenance)
                construct(io.jenkins.plugins.serverlesspromotion.engine.release.Provenance.class, depth);
        return new Published(
                new ReleaseRef("orders", "1.0", "sha256:" + hex(), 3),
                release,
                provenance,
                "main",
                Map.of("sha256:" + hex(), "v1"),
                Instant.ofEpochMilli(random.nextInt()),
                "user:bob");
    }

    /** The maps of a policy are keyed by the names in their values. */
    private Policy policy(int depth) {
        return new Policy(
                named(Policy.Store.class, depth),
                named(Policy.Account.class, depth),
                named(Policy.Role.class, depth),
                named(Policy.Environment.class, depth),
                named(Policy.Service.class, depth),
                named(Freeze.class, depth),
                new Policy.People(Map.of("alice", Set.of("ali@home.net")), Set.of("acme.net")),
                named(EvidenceKey.class, depth),
                List.of((SharedFunctions) value(SharedFunctions.class, false, depth + 1)),
                new Adoption(java.time.LocalDate.of(2027, 3, 31)));
    }

    private <T> Map<String, T> named(Class<T> type, int depth) {
        var map = new LinkedHashMap<String, T>();
        // Not in the order of the alphabet, which is what canonical JSON would make of a map.
        for (String name : List.of("staging", "prod", "dev")) {
            RecordComponent[] components = type.getRecordComponents();
            var types = new Class<?>[components.length];
            var values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                values[i] = components[i].getName().equals("name")
                        ? name
                        : value(components[i].getGenericType(), true, depth + 1);
            }
            made.add(type);
            map.put(name, type.cast(build(type, types, values)));
        }
        return map;
    }

    /** A null in its map of places says something. */
    private Object live(Class<?> type) {
        var places = new LinkedHashMap<String, ReleaseRef>();
        places.put("orders-prod/eu-west-1", null);
        places.put("orders-prod/us-west-2", (ReleaseRef) record(ReleaseRef.class, 0));
        return build(type, new Class<?>[] {ReleaseRef.class, String.class, Instant.class, Map.class}, new Object[] {
            record(ReleaseRef.class, 0), "orders.prod.1", Instant.EPOCH, places
        });
    }

    private String name() {
        return "n" + random.nextInt(100);
    }

    private String hex() {
        return String.format("%064x", new java.math.BigInteger(255, random));
    }
}
