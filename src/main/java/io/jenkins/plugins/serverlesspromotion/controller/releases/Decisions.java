package io.jenkins.plugins.serverlesspromotion.controller.releases;

import hudson.security.ACL;
import hudson.security.AccessDeniedException3;
import hudson.security.Permission;
import io.jenkins.plugins.serverlesspromotion.controller.Identity;
import io.jenkins.plugins.serverlesspromotion.controller.NobodyException;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionEngine;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Surroundings.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.core.Authentication;

/**
 * Everything a person can read or decide about releases, with the permission that it needs: page, REST and commands of
 * {@code jenkins-cli} all come through here, so that none of them can forget a check. Each method checks first, then
 * establishes who it is, then lets the engine decide and record.
 */
@Restricted(NoExternalUse.class)
public final class Decisions {
    /** The longest comment or reason, in characters. */
    public static final int LONGEST_TEXT = 4000;

    private static final Logger LOGGER = Logger.getLogger(Decisions.class.getName());

    private Decisions() {}

    // --- reading ---

    /**
     * The store for somebody who may see something of it.
     *
     * @throws org.springframework.security.access.AccessDeniedException when they may see nothing at all
     */
    public static Store reading() throws DecisionException {
        Visibility visibility = visibility();
        if (!visibility.seesAnything()) {
            throw new AccessDeniedException3(Jenkins.getAuthentication2(), PromotionPermissions.VIEW);
        }
        return store();
    }

    /** The promotion, if whoever asks may see its service; one that does not exist and one they may not see are the same. */
    public static Promotion promotion(String id) throws DecisionException {
        Store store = reading();
        LaneId lane;
        try {
            lane = LaneId.ofPromotion(id);
        } catch (IllegalArgumentException e) {
            throw DecisionException.unknownPromotion(id);
        }
        if (!visibility().sees(lane.service())) {
            throw DecisionException.unknownPromotion(id);
        }
        return store.promotion(id).orElseThrow(() -> DecisionException.unknownPromotion(id));
    }

    /** The service's name, if policy or a release knows it and whoever asks may see it. */
    public static String service(String name) throws DecisionException {
        Store store = reading();
        boolean known = Names.isName(name)
                && (policy(store) != null && policy(store).services().containsKey(name)
                        || store.services().contains(name));
        if (!known || !visibility().sees(name)) {
            throw DecisionException.unknownService(name);
        }
        return name;
    }

    /**
     * The release, if whoever asks may see its service.
     *
     * @param id {@code orders@1.4.2}
     */
    static Published release(String id) throws DecisionException {
        int at = id == null ? -1 : id.indexOf('@');
        if (at < 0) {
            reading();
            throw wrong("'" + id + "' is not a release; they look like orders@1.4.2");
        }
        String service = service(id.substring(0, at).strip());
        String version = id.substring(at + 1).strip();
        return store().release(service, version)
                .orElseThrow(() -> new DecisionException(
                        DecisionException.Kind.UNKNOWN,
                        "release " + version + " of " + service + " was never published here"));
    }

    /** The audit log's records that {@code wanted} accepts, oldest first. */
    public static List<JournalRecord> audit(Predicate<JournalRecord> wanted) throws DecisionException {
        Jenkins.get().checkPermission(PromotionPermissions.AUDIT);
        return records(wanted);
    }

    /** What happened to one promotion, oldest first. */
    public static List<JournalRecord> log(String id) throws DecisionException {
        Promotion promotion = promotion(id);
        LaneId lane = LaneId.ofPromotion(promotion.id());
        return records(r -> r.entry() instanceof Entry.LaneAdvanced advanced
                && advanced.lane().id().equals(lane)
                && advanced.events().stream().anyMatch(e -> promotion.id().equals(e.promotion())));
    }

    private static List<JournalRecord> records(Predicate<JournalRecord> wanted) throws DecisionException {
        try {
            return store().records(wanted);
        } catch (IOException e) {
            throw new DecisionException(
                    DecisionException.Kind.UNAVAILABLE, "the journal cannot be read: " + e.getMessage(), e);
        }
    }

    // --- deciding ---

    /** @param planDigest of the plan that was looked at */
    public static void approve(String id, String planDigest, String comment) throws DecisionException {
        check("approve " + id, null, PromotionPermissions.APPROVE);
        Promotion promotion = promotion(id);
        Person person = deciding("approve " + promotion.id());
        String said = text("comment", comment);
        if (planDigest == null || planDigest.isBlank()) {
            throw wrong("say which plan you looked at: planDigest is missing");
        }
        act(promotions -> promotions.approve(promotion.id(), person, planDigest.strip(), said));
    }

    /**
     * Takes back the approval that whoever asks gave. Somebody of whom it is not sure enough who it is to give one may
     * still do so: nothing comes in by it.
     */
    public static void withdraw(String id, String reason) throws DecisionException {
        check("withdraw the approval of " + id, null, PromotionPermissions.APPROVE);
        Promotion promotion = promotion(id);
        Person person = asking("withdraw the approval of " + promotion.id());
        String said = needed("reason", reason);
        act(promotions -> promotions.withdrawApproval(promotion.id(), person, said));
    }

    public static void reject(String id, String reason) throws DecisionException {
        check("reject " + id, null, PromotionPermissions.APPROVE);
        Promotion promotion = promotion(id);
        Person person = deciding("reject " + promotion.id());
        String said = needed("reason", reason);
        act(promotions -> promotions.reject(promotion.id(), person, said));
    }

    public static void abort(String id, String reason) throws DecisionException {
        check("abort " + id, serviceOf(id), PromotionPermissions.PROMOTE);
        Promotion promotion = promotion(id);
        Person person = asking("abort " + promotion.id());
        String said = text("reason", reason);
        act(promotions -> promotions.abort(promotion.id(), "user:" + person.id(), said));
    }

    public static void replan(String id) throws DecisionException {
        check("plan " + id + " again", serviceOf(id), PromotionPermissions.PROMOTE);
        Promotion promotion = promotion(id);
        Person person = asking("plan " + promotion.id() + " again");
        act(promotions -> promotions.replan(promotion.id(), person));
    }

    /**
     * Asks to bring a release into an environment; asking again for the same one joins the first.
     *
     * @param release id: {@code orders@1.4.2}
     * @return id of the promotion
     */
    public static String request(String release, String environment, String reason, String ticket)
            throws DecisionException {
        String service =
                release == null || release.indexOf('@') < 0 ? null : release.substring(0, release.indexOf('@'));
        check("promote " + release + " to " + environment, service, PromotionPermissions.PROMOTE);
        Published published = release(release);
        LaneId lane = lane(published.ref().service(), environment);
        Person person = asking("promote " + published.ref().id() + " to " + environment);
        var request = new Promotion.Request(
                "user:" + person.id(),
                Set.of(person.id()),
                Instant.now(),
                text("reason", reason),
                text("ticket", ticket),
                null);
        return answer(promotions -> promotions.request(lane, published.ref(), request));
    }

    /**
     * Asks to return to an earlier good release.
     *
     * @param version null: the last good one
     * @return id of the promotion
     */
    public static String rollback(String service, String environment, String version, String reason, String ticket)
            throws DecisionException {
        check("roll back " + service + " in " + environment, service, PromotionPermissions.PROMOTE);
        LaneId lane = lane(service, environment);
        Person person = asking("roll back " + lane);
        String to = text("version", version);
        if (to != null && !Names.isVersion(to)) {
            throw wrong("'" + to + "' is not a version");
        }
        var request = new Promotion.Request(
                "user:" + person.id(),
                Set.of(person.id()),
                Instant.now(),
                needed("reason", reason),
                text("ticket", ticket),
                null);
        return answer(promotions -> promotions.rollback(lane, to, request));
    }

    /** @param scope as {@link Pause} has it: {@code everything}, {@code environment prod}, {@code service orders} */
    public static void pause(String scope, String reason) throws DecisionException {
        check("pause " + scope, null, PromotionPermissions.PROMOTE);
        String known = scope(scope);
        Person person = asking("pause " + known);
        String said = needed("reason", reason);
        act(promotions -> promotions.pause(known, "user:" + person.id(), said));
    }

    public static void resume(String scope, String reason) throws DecisionException {
        check("resume " + scope, null, PromotionPermissions.PROMOTE);
        reading();
        if (scope == null || scope.isBlank()) {
            throw wrong("say what to resume: everything, an environment or a service");
        }
        Person person = asking("resume " + scope);
        String said = needed("reason", reason);
        act(promotions -> promotions.resume(scope.strip(), "user:" + person.id(), said));
    }

    public static void releaseHold(String service, String environment, String reason) throws DecisionException {
        check("release the hold on " + service + " in " + environment, null, PromotionPermissions.PROMOTE);
        LaneId lane = lane(service, environment);
        Person person = asking("release the hold on " + lane);
        String said = needed("reason", reason);
        act(promotions -> promotions.releaseHold(lane, person, said));
    }

    /** Whether whoever asks may do what needs {@code permission} to {@code service}; for showing, never for deciding. */
    static boolean may(String service, Permission permission) {
        return visibility().may(service, permission);
    }

    /**
     * Why whoever looks at a page could not decide with {@code permission}; null when they could. For showing, never for
     * deciding.
     *
     * @param rule what else keeps that person from it, null: nothing does
     */
    static String whyNot(Permission permission, Function<Person, String> rule) {
        if (PromotionEngine.get().promotions().isEmpty()) {
            return Messages.WhyNot_engine();
        }
        if (!Jenkins.get().hasPermission(permission)) {
            return Messages.WhyNot_permission(permission.group.title + "/" + permission.name);
        }
        try {
            return rule.apply(Identity.configured().deciding());
        } catch (NobodyException e) {
            return e.getMessage();
        }
    }

    // --- the rest ---

    /** Who looks at a page; null when that is nobody in person. */
    static Person onlooker() {
        try {
            return Identity.configured().asking();
        } catch (NobodyException e) {
            return null;
        }
    }

    static Visibility visibility() {
        return new Visibility(
                PromotionEngine.get().store().map(Decisions::policy).orElse(null));
    }

    static Policy policy(Store store) {
        return store.policy().map(Entry.PolicyApplied::policy).orElse(null);
    }

    static Store store() throws DecisionException {
        return PromotionEngine.get().store().orElseThrow(Decisions::unavailable);
    }

    static DecisionException unavailable() {
        return new DecisionException(
                DecisionException.Kind.UNAVAILABLE,
                PromotionEngine.get()
                        .trouble()
                        .orElse("the promotion engine is not running yet; try again in a moment"));
    }

    /** Null when it is no id: then it is unknown, and only somebody with the permission everywhere gets to hear that. */
    private static String serviceOf(String id) {
        try {
            return LaneId.ofPromotion(id).service();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static LaneId lane(String service, String environment) throws DecisionException {
        String known = service(service);
        if (!Names.isName(environment)) {
            throw wrong("'" + environment + "' is not an environment");
        }
        return new LaneId(known, environment);
    }

    /** A pause of something misspelt would pause nothing, and nobody would notice. */
    private static String scope(String scope) throws DecisionException {
        Policy policy = policy(reading());
        String wanted = scope == null ? "" : scope.strip();
        boolean known = wanted.equals(Pause.EVERYTHING)
                || policy != null
                        && policy.environments().keySet().stream().anyMatch(e -> wanted.equals(Pause.environment(e)))
                || policy != null && policy.services().keySet().stream().anyMatch(s -> wanted.equals(Pause.service(s)));
        if (!known) {
            throw wrong("'" + wanted + "' cannot be paused; say everything, 'environment NAME' or 'service NAME'"
                    + " with a name that policy knows");
        }
        return wanted;
    }

    /** The right of whoever asks, on Jenkins, or on a job that may publish {@code service}; a refusal is recorded. */
    static void check(String what, String service, Permission permission) {
        boolean may = service == null
                ? Jenkins.get().hasPermission(permission)
                : visibility().may(service, permission);
        if (may) {
            return;
        }
        Authentication who = Jenkins.getAuthentication2();
        var denied = new AccessDeniedException3(who, permission);
        // Somebody who has not logged in must not be able to fill the disk.
        if (!ACL.isAnonymous2(who)) {
            record("user:" + who.getName(), what, denied.getMessage());
        }
        throw denied;
    }

    static Person asking(String what) throws DecisionException {
        return person(what, Identity::asking);
    }

    static Person deciding(String what) throws DecisionException {
        return person(what, Identity::deciding);
    }

    private static Person person(String what, Identification how) throws DecisionException {
        try {
            return how.of(Identity.configured());
        } catch (NobodyException e) {
            Authentication who = Jenkins.getAuthentication2();
            if (!ACL.isAnonymous2(who)) {
                record("user:" + who.getName(), what, e.getMessage());
            }
            throw new DecisionException(DecisionException.Kind.NOBODY, e.getMessage(), e);
        }
    }

    private static void record(String who, String what, String why) {
        PromotionEngine.get().promotions().ifPresent(promotions -> {
            try {
                promotions.refuse(who, what, why);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "A refusal could not be recorded: " + who + ", " + what, e);
            }
        });
    }

    static String text(String name, String text) throws DecisionException {
        if (text == null || text.isBlank()) {
            return null;
        }
        String stripped = text.strip();
        if (stripped.length() > LONGEST_TEXT) {
            throw wrong(name + " is longer than " + LONGEST_TEXT + " characters");
        }
        return stripped;
    }

    static String needed(String name, String text) throws DecisionException {
        String said = text(name, text);
        if (said == null) {
            throw wrong("say why: " + name + " is missing");
        }
        return said;
    }

    static DecisionException wrong(String sentence) {
        return new DecisionException(DecisionException.Kind.WRONG, sentence);
    }

    @FunctionalInterface
    private interface Identification {
        Person of(Identity identity) throws NobodyException;
    }

    @FunctionalInterface
    interface Act {
        void on(Promotions promotions) throws IOException, RefusedException;
    }

    @FunctionalInterface
    interface Question<T> {
        T of(Promotions promotions) throws IOException, RefusedException;
    }

    static void act(Act act) throws DecisionException {
        answer(promotions -> {
            act.on(promotions);
            return true;
        });
    }

    static <T> T answer(Question<T> question) throws DecisionException {
        Promotions promotions = PromotionEngine.get().promotions().orElseThrow(Decisions::unavailable);
        try {
            return question.of(promotions);
        } catch (RefusedException e) {
            throw new DecisionException(DecisionException.Kind.REFUSED, e.getMessage(), e);
        } catch (IOException e) {
            throw new DecisionException(
                    DecisionException.Kind.UNAVAILABLE,
                    "the journal could not be written, so nothing was done: " + e.getMessage(),
                    e);
        }
    }
}
