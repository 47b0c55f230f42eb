package io.jenkins.plugins.serverlesspromotion.controller.releases.decision;

import hudson.security.ACL;
import hudson.security.AccessDeniedException3;
import hudson.security.Permission;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.Identity;
import io.jenkins.plugins.serverlesspromotion.controller.NotAPersonException;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.ServerlessPromotionConfiguration;
import io.jenkins.plugins.serverlesspromotion.controller.releases.Messages;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneLimits;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Tickets;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.core.Authentication;

/**
 * The checks that every decision shares: the permission, then the person, then their text, and finally the engine's
 * answer. A refusal is recorded.
 */
@Restricted(NoExternalUse.class)
public final class Authorization {
    /** The longest comment or reason, in characters. */
    public static final int LONGEST_TEXT = LaneLimits.TEXT;

    /**
     * The longest description of a refused action, in characters. It contains text of a person without permission, and
     * the audit log keeps it permanently.
     */
    static final int LONGEST_ACTION = 300;

    private static final Logger LOGGER = Logger.getLogger(Authorization.class.getName());

    private Authorization() {}

    /** Whether the user has {@code permission} for {@code service}. Only for display, never for authorization. */
    public static boolean may(String service, Permission permission) {
        return serviceVisibility().may(service, permission);
    }

    /**
     * Why the viewer of a page could not decide with {@code permission}; null when they could. Only for display, never
     * for authorization.
     *
     * @param rule another reason that keeps that person from it, null for none
     */
    public static String whyNot(Permission permission, Function<Person, String> rule) {
        if (EngineLifecycle.get().promotions().isEmpty()) {
            return Messages.WhyNot_engine();
        }
        if (!Jenkins.get().hasPermission(permission)) {
            return Messages.WhyNot_permission(permission.group.title + "/" + permission.name);
        }
        try {
            return rule.apply(ServerlessPromotionConfiguration.get().identity().deciding());
        } catch (NotAPersonException e) {
            return e.getMessage();
        }
    }

    /** The viewer of a page; null when that is not a person. */
    public static Person onlooker() {
        try {
            return ServerlessPromotionConfiguration.get().identity().asking();
        } catch (NotAPersonException e) {
            return null;
        }
    }

    public static ServiceVisibility serviceVisibility() {
        return new ServiceVisibility(
                EngineLifecycle.get().store().map(Authorization::policy).orElse(null));
    }

    public static Policy policy(Store store) {
        return store.policy().map(Entry.PolicyApplied::policy).orElse(null);
    }

    public static Store store() throws DecisionException {
        return EngineLifecycle.get().store().orElseThrow(Authorization::unavailable);
    }

    public static DecisionException unavailable() {
        return new DecisionException(
                DecisionException.Kind.UNAVAILABLE,
                EngineLifecycle.get()
                        .trouble()
                        .orElse("the promotion engine is not running yet; try again in a moment"));
    }

    /**
     * Requires the user's permission on Jenkins, or on a job that may publish {@code service}; a refusal is recorded.
     */
    public static void check(String what, String service, Permission permission) {
        check(what, null, service, permission);
    }

    /** @param promotion id of the promotion as it was given; null for none */
    static void check(String what, String promotion, String service, Permission permission) {
        boolean may = service == null
                ? Jenkins.get().hasPermission(permission)
                : serviceVisibility().may(service, permission);
        if (may) {
            return;
        }
        Authentication who = Jenkins.getAuthentication2();
        var denied = new AccessDeniedException3(who, permission);
        // A user who has not logged in must not be able to fill the disk.
        if (!ACL.isAnonymous2(who)) {
            record("user:" + who.getName(), what, denied.getMessage(), promotion);
        }
        throw denied;
    }

    static Person asking(String what) throws DecisionException {
        return asking(what, null);
    }

    /** @param promotion id of the promotion, null for none */
    static Person asking(String what, String promotion) throws DecisionException {
        return person(what, promotion, Identity::asking);
    }

    static Person deciding(String what) throws DecisionException {
        return deciding(what, null);
    }

    /** @param promotion id of the promotion, null for none */
    static Person deciding(String what, String promotion) throws DecisionException {
        return person(what, promotion, Identity::deciding);
    }

    private static Person person(String what, String promotion, Identification how) throws DecisionException {
        try {
            return how.of(ServerlessPromotionConfiguration.get().identity());
        } catch (NotAPersonException e) {
            Authentication who = Jenkins.getAuthentication2();
            if (!ACL.isAnonymous2(who)) {
                record("user:" + who.getName(), what, e.getMessage(), promotion);
            }
            throw new DecisionException(DecisionException.Kind.NOT_A_PERSON, e.getMessage(), e);
        }
    }

    private static void record(String who, String what, String why, String promotion) {
        EngineLifecycle.get().promotions().ifPresent(promotions -> {
            try {
                promotions.refuse(new Entry.Refused(who, inShort(what), why, List.of(), idOrNull(promotion)));
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "A refusal could not be recorded: " + who + ", " + what, e);
            }
        });
    }

    /** Null for a text that is no id: the refused person can send a text of any length. */
    private static String idOrNull(String promotion) {
        try {
            if (promotion != null) {
                LaneId.ofPromotion(promotion);
            }
            return promotion;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String inShort(String what) {
        return what.length() <= LONGEST_ACTION ? what : Shown.cut(what, LONGEST_ACTION - 1);
    }

    public static String text(String name, String text) throws DecisionException {
        if (text == null || text.isBlank()) {
            return null;
        }
        String stripped = text.strip();
        if (stripped.length() > LONGEST_TEXT) {
            throw wrong(name + " is longer than " + LONGEST_TEXT + " characters");
        }
        return stripped;
    }

    /** A ticket without the blanks around it; null when none is named. */
    public static String ticket(String ticket) throws DecisionException {
        if (ticket == null || ticket.isBlank()) {
            return null;
        }
        String named = ticket.strip();
        Optional<String> problem = Tickets.problem(named);
        if (problem.isPresent()) {
            throw wrong(problem.get());
        }
        return named;
    }

    static String needed(String name, String text) throws DecisionException {
        String cleaned = text(name, text);
        if (cleaned == null) {
            throw wrong("state the reason: " + name + " is missing");
        }
        return cleaned;
    }

    public static DecisionException wrong(String sentence) {
        return new DecisionException(DecisionException.Kind.WRONG, sentence);
    }

    @FunctionalInterface
    private interface Identification {
        Person of(Identity identity) throws NotAPersonException;
    }

    @FunctionalInterface
    interface EngineCall {
        void on(Promotions promotions) throws IOException, RefusedException;
    }

    @FunctionalInterface
    interface EngineQuery<T> {
        T of(Promotions promotions) throws IOException, RefusedException;
    }

    static void act(EngineCall engineCall) throws DecisionException {
        answer(promotions -> {
            engineCall.on(promotions);
            return true;
        });
    }

    static <T> T answer(EngineQuery<T> engineQuery) throws DecisionException {
        Promotions promotions = EngineLifecycle.get().promotions().orElseThrow(Authorization::unavailable);
        try {
            return engineQuery.of(promotions);
        } catch (RefusedException e) {
            throw DecisionException.refused(e);
        } catch (IOException e) {
            throw new DecisionException(
                    DecisionException.Kind.UNAVAILABLE,
                    "the journal could not be written, so nothing was done: " + e.getMessage(),
                    e);
        }
    }
}
