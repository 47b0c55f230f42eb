package io.jenkins.plugins.serverlesspromotion.golden;

import io.jenkins.plugins.serverlesspromotion.engine.lane.CheckResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Adoption;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Freeze;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.SharedFunctions;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes records in which every member has a value, each another one. The constants of an enum and the types of a sealed
 * family take turns, so that after some records each of them has occurred. It only makes golden files; no test depends
 * on what it makes.
 */
final class FullRecords {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00.123Z");
    private static final LaneId LANE = new LaneId("orders", "prod");

    private final Map<Class<?>, Integer> turns = new HashMap<>();
    private int number;

    <T> T make(Class<T> type) {
        return type.cast(value(type, type.getSimpleName(), 0));
    }

    private Object value(Type type, String name, int depth) {
        if (type instanceof ParameterizedType generic) {
            return container(generic, name, depth);
        }
        Class<?> raw = (Class<?>) type;
        int n = ++number;
        if (raw == int.class || raw == Integer.class) {
            return 1 + n % 99;
        } else if (raw == long.class) {
            return 1L + n;
        } else if (raw == boolean.class || raw == Boolean.class) {
            return true;
        } else if (raw == String.class) {
            return text(name, n);
        } else if (raw == Instant.class) {
            return START.plusSeconds(n);
        } else if (raw == Duration.class) {
            return Duration.ofMinutes(n);
        } else if (raw == LocalTime.class) {
            return LocalTime.of(n % 24, n % 60);
        } else if (raw == LocalDateTime.class) {
            return LocalDateTime.ofInstant(START.plusSeconds(60L * n), ZoneOffset.UTC)
                    .withNano(0);
        } else if (raw == ZoneId.class) {
            return ZoneId.of("Europe/Berlin");
        } else if (raw.isEnum()) {
            return turn(raw, raw.getEnumConstants());
        } else if (raw.isSealed()) {
            return value((Class<?>) turn(raw, raw.getPermittedSubclasses()), name, depth);
        } else if (raw.isRecord()) {
            return record(raw, depth);
        }
        throw new AssertionError("a record has a member of type " + type + ", for which nothing is made here; add it");
    }

    private Object turn(Class<?> type, Object[] all) {
        return all[(turns.merge(type, 1, Integer::sum) - 1) % all.length];
    }

    private static String text(String name, int n) {
        return switch (name) {
            case "promotion" -> "orders.prod.17";
            case "environment" -> "prod";
            case "service" -> "orders";
            case "place" -> "orders-prod/eu-west-1";
            case "digest", "planDigest", "releaseDigest", "policyDigest", "templateDigest", "liveDigest", "basis" ->
                "sha256:" + hex(n);
            default -> name + "-" + n;
        };
    }

    private Object container(ParameterizedType generic, String name, int depth) {
        Type[] arguments = generic.getActualTypeArguments();
        Class<?> raw = (Class<?>) generic.getRawType();
        if (raw == List.class && arguments[0] == DayOfWeek.class) {
            return List.of(DayOfWeek.MONDAY, DayOfWeek.FRIDAY);
        }
        int size = depth > 8 ? 1 : 2;
        var list = new ArrayList<Object>();
        for (int i = 0; i < size; i++) {
            list.add(value(arguments[arguments.length - 1], name, depth + 1));
        }
        if (raw == List.class) {
            return list;
        } else if (raw == Set.class) {
            return Set.copyOf(list);
        } else if (raw == Map.class) {
            var map = new LinkedHashMap<String, Object>();
            list.forEach(item -> map.put(name + "-key-" + ++number, item));
            return map;
        }
        throw new AssertionError("a record has a member of type " + generic + ", for which nothing is made here");
    }

    /** Records that do not take any value. */
    private Object record(Class<?> type, int depth) {
        int n = number;
        if (type == LaneId.class) {
            return LANE;
        } else if (type == ReleaseRef.class) {
            return new ReleaseRef("orders", "1." + n, "sha256:" + hex(n), n);
        } else if (type == Artifact.class) {
            return new Artifact("build/file-" + n + ".zip", hex(n), n);
        } else if (type == Evidence.class) {
            return new Evidence(
                    "orders@1.0",
                    "tests",
                    (Evidence.Result) turn(Evidence.Result.class, Evidence.Result.values()),
                    "job:orders/main",
                    "run-" + n,
                    "detail-" + n,
                    START.plusSeconds(n),
                    (Evidence.Signed) value(Evidence.Signed.class, "signed", depth + 1));
        } else if (type == Fact.StepResult.class) {
            var statuses = new Deployment.Status[] {
                Deployment.Status.DONE,
                Deployment.Status.UNCHANGED,
                Deployment.Status.FAILED,
                Deployment.Status.ERRORED,
                Deployment.Status.STALE
            };
            return new Fact.StepResult(
                    (Deployment.Status) turn(type, statuses),
                    Map.of("output", "value-" + n),
                    "detail-" + n,
                    List.of("request-" + n),
                    List.of((CheckResult) value(CheckResult.class, "result", depth + 1)));
        } else if (type == Release.class) {
            return new Release("orders", "1.0", manifest(depth), List.of((Artifact) record(Artifact.class, depth)));
        } else if (type.getSimpleName().equals("Published")) {
            return published(type, depth);
        } else if (type == Manifest.class) {
            return manifest(depth);
        } else if (type == Policy.class) {
            return policy(depth);
        } else if (type == Promotion.class) {
            return promotion(depth);
        } else if (type == Provenance.class) {
            // With authors it is complete unless it says otherwise.
            return build(type, "", Map.of("complete", false), depth);
        }
        return build(type, "", null, depth);
    }

    private Manifest manifest(int depth) {
        var made = (Manifest) build(Manifest.class, "", null, depth);
        var targets = new ArrayList<Manifest.Target>();
        for (Class<?> kind : Manifest.Target.class.getPermittedSubclasses()) {
            targets.add((Manifest.Target) value(kind, "target", depth + 1));
        }
        var variables = new LinkedHashMap<String, Manifest.Variable>();
        for (Class<?> kind : Manifest.Variable.class.getPermittedSubclasses()) {
            variables.put("variable-" + ++number, (Manifest.Variable) value(kind, "variable", depth + 1));
        }
        var checks = new ArrayList<Manifest.Check>();
        for (Class<?> kind : Manifest.Check.class.getPermittedSubclasses()) {
            checks.add((Manifest.Check) value(kind, "check", depth + 1));
        }
        return new Manifest("orders", variables, targets, checks, made.requires());
    }

    private Object published(Class<?> type, int depth) {
        var release = (Release) record(Release.class, depth);
        return build(
                type, "", Map.of("ref", new ReleaseRef("orders", "1.0", "sha256:" + hex(1), 1), "release", release), 1);
    }

    private Object promotion(int depth) {
        return build(
                Promotion.class, "", Map.of("id", LANE.service() + "." + LANE.environment() + "." + ++number), depth);
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
                (Policy.People) value(Policy.People.class, "people", depth + 1),
                named(io.jenkins.plugins.serverlesspromotion.engine.policy.EvidenceKey.class, depth),
                List.of((SharedFunctions) value(SharedFunctions.class, "shared", depth + 1)),
                new Adoption(java.time.LocalDate.of(2027, 3, 31)));
    }

    private <T> Map<String, T> named(Class<T> type, int depth) {
        var map = new LinkedHashMap<String, T>();
        // Not in the order of the alphabet, which is what canonical JSON makes of a map.
        for (String name : List.of("prod", "dev")) {
            map.put(name, type.cast(build(type, "", Map.of("name", name), depth)));
        }
        return map;
    }

    private Object build(Class<?> type, String prefix, Map<String, ?> given, int depth) {
        RecordComponent[] components = type.getRecordComponents();
        var types = new Class<?>[components.length];
        var values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            types[i] = components[i].getType();
            values[i] = given != null && given.containsKey(name)
                    ? given.get(name)
                    : value(components[i].getGenericType(), prefix + name, depth + 1);
        }
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("cannot make a " + type + " of " + Arrays.toString(values), e);
        }
    }

    static String hex(int n) {
        return String.format("%064x", n);
    }
}
