package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Refuses additions that would exceed {@link LaneLimits}. */
final class LimitCheck {
    private static final String NO_PERSON = "builds without a known person";

    private static final int OF_INSTANT = 34;

    /** Upper bound for numbers, booleans and enum constants, whose names in the journal are shorter. */
    private static final int OF_OTHER = 24;

    /**
     * The accessors of a record by the names of its components; cached, because the JVM creates new objects at each
     * call.
     */
    private static final ClassValue<Map<String, Method>> PARTS = new ClassValue<>() {
        @Override
        protected Map<String, Method> computeValue(Class<?> type) {
            var parts = new LinkedHashMap<String, Method>();
            for (RecordComponent part : type.getRecordComponents()) {
                parts.put(part.getName(), part.getAccessor());
            }
            return parts;
        }
    };

    private LimitCheck() {}

    /** Why {@code request} creates no further promotion of the kind, as a sentence; empty when it may. */
    static Optional<String> tooManyOpen(LaneBuilder lane, Promotion.Kind kind, PromotionDecisions.Request request) {
        boolean rollback = kind == Promotion.Kind.ROLLBACK;
        List<LaneBuilder.PromotionDraft> open = lane.open(kind);
        if (!rollback && open.size() >= LaneLimits.OPEN) {
            return Optional.of(LaneLimits.OPEN + " promotions are open in " + lane.id
                    + ", which is the limit; abort one that is not needed first");
        }
        int most = rollback ? LaneLimits.ROLLBACKS_OF_ONE : LaneLimits.OPEN_OF_ONE;
        return requesters(request).stream()
                .filter(who -> open.stream().filter(p -> isRequestedBy(p, who)).count() >= most)
                .sorted()
                .findFirst()
                .map(who ->
                        who + " requested " + most + (rollback ? " rollbacks" : " promotions") + " that are open in "
                                + lane.id + ", which is the limit for one person; abort one that is not needed first");
    }

    private static boolean isRequestedBy(LaneBuilder.PromotionDraft promotion, String who) {
        return promotion.requests().stream()
                .anyMatch(r -> r.withdrawn() == null && requesters(r).contains(who));
    }

    /** A project has as many jobs as it has branches: all builds without a known person share one limit. */
    private static Set<String> requesters(PromotionDecisions.Request request) {
        return request.people().isEmpty() ? Set.of(NO_PERSON) : request.people();
    }

    /** Why nothing further is promoted to a lane that owns too many resources; empty when it may be. */
    static Optional<String> tooMuchOwned(LaneBuilder lane, GateContext around) {
        long recorded = lane.owns.stream()
                .filter(claim -> !around.answered().contains(claim.resource()))
                .count();
        return recorded < LaneLimits.OWNED
                ? Optional.empty()
                : Optional.of(recorded + " resources are recorded as those of " + lane.id + ", and " + LaneLimits.OWNED
                        + " are the limit; name them by patterns under 'owns' of the service's policy, or decide about"
                        + " those that are gone (promotion owners)");
    }

    /** Why {@code fact} cannot be accepted in any lane, as a sentence; empty when it can. */
    static Optional<String> whyNot(Fact fact) {
        if (!isByPeople(fact) && !endsSomething(fact)) {
            return Optional.empty();
        }
        Optional<String> request = fact instanceof Fact.Requested f
                ? tooLong(f.request())
                : fact instanceof Fact.RollbackRequested f ? tooLong(f.request()) : Optional.empty();
        return request.or(() -> tooLong(fact));
    }

    private static Optional<String> tooLong(Object what) {
        for (Map.Entry<String, Method> part : PARTS.get(what.getClass()).entrySet()) {
            Object value = value(part.getValue(), what);
            // Tickets have a separate rule, in Tickets.
            Optional<String> tooLong =
                    value instanceof String text && !part.getKey().equals("ticket")
                            ? LaneLimits.tooLong(part.getKey(), text)
                            : Optional.empty();
            if (tooLong.isPresent()) {
                return tooLong;
            }
            if (value instanceof Collection<?> all
                    && all.stream().anyMatch(one -> one instanceof String id && id.length() > LaneLimits.ID)) {
                return Optional.of(
                        "an id among the " + part.getKey() + " has more than " + LaneLimits.ID + " characters");
            }
        }
        return Optional.empty();
    }

    /**
     * Why the lane cannot become {@code after} because of {@code fact}, as a sentence; empty when it can. A service
     * with many targets has large plans and deployments, which cannot be made smaller. It gets the same room in
     * addition to them as any other service.
     */
    static Optional<String> whyNot(Fact fact, Lane before, Lane after) {
        boolean request = fact instanceof Fact.Requested;
        if (!request && !isByPeople(fact)) {
            return Optional.empty();
        }
        Optional<String> share =
                fact instanceof Fact.Requested f ? tooLargeShare(f.request(), before, after) : Optional.empty();
        if (share.isPresent()) {
            return share;
        }
        int releases = ofReleases(after);
        int most = request
                ? LaneLimits.BYTES_OF_REQUESTS
                : isAboutRollback(fact, after) ? LaneLimits.BYTES_WITH_ROLLBACK : LaneLimits.BYTES;
        int limit = most + Math.max(0, releases - LaneLimits.BYTES / 4);
        int size = bytes(after);
        if (request
                && releases > LaneLimits.BYTES_OF_RELEASES
                && before.promotions().size() < after.promotions().size()
                && !before.promotions().isEmpty()) {
            return Optional.of("the plans in " + after.id() + " take more than " + LaneLimits.BYTES_OF_RELEASES / 1024
                    + " KB, which is the limit; wait for a promotion to end, or abort one that is not needed");
        }
        return size <= limit || size <= bytes(before)
                ? Optional.empty()
                : Optional.of("the lane " + after.id() + " would have more than " + limit / 1024
                        + " KB, which is the limit; abort promotions that are not needed first");
    }

    /** Requests of one person with long reasons must leave room for the requests of others. */
    private static Optional<String> tooLargeShare(PromotionDecisions.Request request, Lane before, Lane after) {
        return requesters(request).stream()
                .filter(who -> requestsOf(who, after) > Math.max(LaneLimits.BYTES_OF_ONE, requestsOf(who, before)))
                .sorted()
                .findFirst()
                .map(who -> "the requests of " + who + " in " + after.id() + " would have more than "
                        + LaneLimits.BYTES_OF_ONE / 1024
                        + " KB, which is the limit for one person; give shorter reasons, or abort"
                        + " promotions that are not needed first");
    }

    private static int requestsOf(String who, Lane lane) {
        return lane.promotions().stream()
                .flatMap(p -> p.requests().stream())
                .filter(r -> requesters(r).contains(who))
                .mapToInt(LimitCheck::bytes)
                .sum();
    }

    private static boolean isAboutRollback(Fact fact, Lane lane) {
        Method promotion = PARTS.get(fact.getClass()).get("promotion");
        return promotion == null
                ? fact instanceof Fact.RollbackRequested
                : lane.promotion((String) value(promotion, fact))
                        .map(p -> p.kind() == Promotion.Kind.ROLLBACK)
                        .orElse(false);
    }

    /** Records that {@code fact} was refused. */
    static void refuse(LaneBuilder lane, Fact fact, String why) {
        if (fact instanceof Fact.Requested f) {
            lane.refuse(null, f.request().by(), "promotion", why);
        } else if (fact instanceof Fact.RollbackRequested f) {
            lane.refuse(null, f.request().by(), "rollback", why);
        } else if (fact instanceof Fact.Approved f) {
            refuse(lane, f.promotion(), f.person(), "approval", why);
        } else if (fact instanceof Fact.ApprovalWithdrawn f) {
            refuse(lane, f.promotion(), f.person(), "withdrawal", why);
        } else if (fact instanceof Fact.Overridden f) {
            refuse(lane, f.promotion(), f.person(), "override", why);
        } else if (fact instanceof Fact.RequestersStated f) {
            refuse(lane, f.promotion(), f.person(), "statement", why);
        } else if (fact instanceof Fact.AuthorsAttested f) {
            refuse(lane, f.promotion(), f.person(), "attestation", why);
        } else if (fact instanceof Fact.Rejected f) {
            refuse(lane, f.promotion(), f.person(), "rejection", why);
        } else if (fact instanceof Fact.Reviewed f) {
            refuse(lane, f.promotion(), f.person(), "review", why);
        } else if (fact instanceof Fact.HoldReleased f) {
            lane.refuse(null, "user:" + f.person().id(), "release of the hold", why);
        } else {
            throw new IllegalArgumentException(
                    "no limit is for " + fact.getClass().getSimpleName());
        }
    }

    private static void refuse(LaneBuilder lane, String promotion, Person person, String what, String why) {
        lane.refuse(lane.find(promotion).orElse(null), "user:" + person.id(), what, why);
    }

    /** Facts of a person or a build that add to the lane. */
    private static boolean isByPeople(Fact fact) {
        return fact instanceof Fact.Requested
                || fact instanceof Fact.RollbackRequested
                || fact instanceof Fact.Approved
                || fact instanceof Fact.ApprovalWithdrawn
                || fact instanceof Fact.Overridden
                || fact instanceof Fact.RequestersStated
                || fact instanceof Fact.AuthorsAttested;
    }

    /** Facts of people that end something: their texts stay in the lane for one transition only. */
    private static boolean endsSomething(Fact fact) {
        return fact instanceof Fact.Rejected || fact instanceof Fact.Reviewed || fact instanceof Fact.HoldReleased;
    }

    /** An upper bound of the JSON of the part that releases determine and people cannot enlarge. */
    private static int ofReleases(Lane lane) {
        return bytes(lane.live())
                + bytes(lane.good())
                + bytes(lane.owns())
                + lane.promotions().stream()
                        .mapToInt(p -> bytes(p.before()) + bytes(p.plan()) + bytes(p.deployment()))
                        .sum();
    }

    /** An upper bound of the size of {@code value} as JSON. */
    static int bytes(Object value) {
        if (value == null) {
            return 4;
        }
        if (value instanceof String text) {
            return text(text);
        }
        if (value instanceof Collection<?> all) {
            return 2 + all.stream().mapToInt(one -> bytes(one) + 1).sum();
        }
        if (value instanceof Map<?, ?> all) {
            return 2
                    + all.entrySet().stream()
                            .mapToInt(e -> bytes(e.getKey()) + bytes(e.getValue()) + 2)
                            .sum();
        }
        if (value instanceof java.time.Instant) {
            return OF_INSTANT;
        }
        if (!(value instanceof Record)) {
            return OF_OTHER;
        }
        int size = 2;
        for (Map.Entry<String, Method> part : PARTS.get(value.getClass()).entrySet()) {
            size += part.getKey().length() + 4 + bytes(value(part.getValue(), value));
        }
        return size;
    }

    private static int text(String text) {
        int size = 2;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            size += c < ' ' ? 6 : c == '"' || c == '\\' ? 2 : c < 0x80 ? 1 : 3;
        }
        return size;
    }

    private static Object value(Method part, Object of) {
        try {
            return part.invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
