package io.jenkins.plugins.serverlesspromotion.controller.releases.decision;

import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.engine.policy.EvidenceKey;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.format.evidence.Envelope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Accepts signed statements of users who may publish. The signature proves the producer. */
@Restricted(NoExternalUse.class)
public final class EvidenceDecisions {
    private EvidenceDecisions() {}

    /**
     * @param release {@code orders@1.4.2}
     * @param envelope text of a DSSE envelope
     * @return the record, in the form of {@code --json} of the command line
     */
    public static Map<String, Object> record(String release, String envelope) throws DecisionException {
        int at = release == null ? -1 : release.indexOf('@');
        String service = at < 0 ? null : release.substring(0, at);
        Authorization.check(
                "record evidence of " + release, Names.isName(service) ? service : null, PromotionPermissions.PUBLISH);
        if (at < 0 || !Names.isVersion(release.substring(at + 1))) {
            throw Authorization.wrong("release must be SERVICE@VERSION, as in orders@1.4.2");
        }
        String known = ReleaseLookup.service(service);
        Store store = ReleaseLookup.reading();
        Published published = store.release(known, release.substring(at + 1))
                .orElseThrow(() ->
                        new DecisionException(DecisionException.Kind.UNKNOWN, release + " was never published here"));
        Person person =
                Authorization.asking("record evidence of " + published.ref().id());
        if (envelope == null || envelope.isBlank()) {
            throw Authorization.wrong("envelope is missing: the text of a DSSE envelope");
        }
        Policy policy = Authorization.policy(store);
        Collection<EvidenceKey> keys =
                policy == null ? List.of() : policy.evidenceKeys().values();
        Evidence evidence = read(envelope, published, keys, "user:" + person.id());
        Authorization.act(promotions -> promotions.record(evidence, envelope));
        var answer = new LinkedHashMap<String, Object>();
        answer.put("evidence", evidence);
        return answer;
    }

    private static Evidence read(String envelope, Published published, Collection<EvidenceKey> keys, String by)
            throws DecisionException {
        try {
            return Envelope.evidence(envelope.getBytes(StandardCharsets.UTF_8), published, keys, by, Instant.now());
        } catch (IllegalArgumentException e) {
            throw Authorization.wrong(e.getMessage());
        }
    }
}
