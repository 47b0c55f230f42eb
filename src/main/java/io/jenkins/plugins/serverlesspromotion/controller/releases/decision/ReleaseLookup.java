package io.jenkins.plugins.serverlesspromotion.controller.releases.decision;

import hudson.security.AccessDeniedException3;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RecordPage;
import java.io.IOException;
import java.util.function.Predicate;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Finds what the user may see, and nothing else. For the user, an object that they may not see does not exist. */
@Restricted(NoExternalUse.class)
public final class ReleaseLookup {
    /** The most records of a promotion's log in one answer. */
    private static final int LOG_PAGE = 500;

    private ReleaseLookup() {}

    /**
     * The store, for a user who may see a part of it.
     *
     * @throws org.springframework.security.access.AccessDeniedException when they may see nothing at all
     */
    public static Store reading() throws DecisionException {
        ServiceVisibility serviceVisibility = Authorization.serviceVisibility();
        if (!serviceVisibility.seesAnything()) {
            throw new AccessDeniedException3(Jenkins.getAuthentication2(), PromotionPermissions.VIEW);
        }
        return Authorization.store();
    }

    /**
     * The promotion, if the user may see its service. The answer for one that they may not see is that it does not
     * exist.
     */
    public static Promotion promotion(String id) throws DecisionException {
        Store store = reading();
        LaneId lane;
        try {
            lane = LaneId.ofPromotion(id);
        } catch (IllegalArgumentException e) {
            throw DecisionException.unknownPromotion(id);
        }
        if (!Authorization.serviceVisibility().sees(lane.service())) {
            throw DecisionException.unknownPromotion(id);
        }
        return store.promotion(id).orElseThrow(() -> DecisionException.unknownPromotion(id));
    }

    /** The service's name, if policy or a release knows it and the user may see it. */
    public static String service(String name) throws DecisionException {
        Store store = reading();
        boolean known = Names.isName(name)
                && (Authorization.policy(store) != null
                                && Authorization.policy(store).services().containsKey(name)
                        || store.services().contains(name));
        if (!known || !Authorization.serviceVisibility().sees(name)) {
            throw DecisionException.unknownService(name);
        }
        return name;
    }

    /**
     * The release, if the user may see its service.
     *
     * @param id {@code orders@1.4.2}
     */
    public static Published release(String id) throws DecisionException {
        int at = id == null ? -1 : id.indexOf('@');
        if (at < 0) {
            reading();
            throw Authorization.wrong("'" + id + "' is not a release; they look like orders@1.4.2");
        }
        String service = service(id.substring(0, at).strip());
        String version = id.substring(at + 1).strip();
        return Authorization.store()
                .release(service, version)
                .orElseThrow(() -> new DecisionException(
                        DecisionException.Kind.UNKNOWN,
                        "release " + version + " of " + service + " was never published here"));
    }

    /**
     * The audit log's records from number {@code from} on that {@code wanted} accepts, oldest first, at most {@code
     * most}.
     */
    public static RecordPage audit(long from, int most, Predicate<JournalRecord> wanted) throws DecisionException {
        Jenkins.get().checkPermission(PromotionPermissions.AUDIT);
        return page(from, most, wanted);
    }

    /** The log of one promotion from record {@code from} on, oldest first. */
    public static RecordPage log(String id, long from) throws DecisionException {
        Promotion promotion = promotion(id);
        LaneId lane = LaneId.ofPromotion(promotion.id());
        return page(
                from,
                LOG_PAGE,
                r -> r.entry() instanceof Entry.LaneAdvanced advanced
                        && advanced.lane().id().equals(lane)
                        && advanced.events().stream()
                                .anyMatch(e -> promotion.id().equals(e.promotion())));
    }

    private static RecordPage page(long from, int most, Predicate<JournalRecord> wanted) throws DecisionException {
        try {
            return RecordPage.of(Authorization.store(), from, most, wanted);
        } catch (IOException e) {
            throw new DecisionException(
                    DecisionException.Kind.UNAVAILABLE, "the journal cannot be read: " + e.getMessage(), e);
        }
    }

    static LaneId lane(String service, String environment) throws DecisionException {
        String known = service(service);
        if (!Names.isName(environment)) {
            throw Authorization.wrong("'" + environment + "' is not an environment");
        }
        return new LaneId(known, environment);
    }
}
