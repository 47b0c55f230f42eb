package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneLimits;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Digests;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.ParameterLiterals;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseDifferences;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/** Records releases, each once, and the evidence about them. */
final class ReleaseRegistry {
    /** Pairs of a kind of evidence and its producer for one release. */
    static final int MOST_EVIDENCE = 200;

    private final Store store;
    private final GateContextLoader gateContextLoader;
    private final OwnerRecords owners;
    private final Digests digests;
    private final Clock clock;
    private final Lock wide;
    private final Refusals refusals;

    /** @param wide the write lock of what all lanes share: no transition of a lane is decided or written under it */
    ReleaseRegistry(
            Store store,
            GateContextLoader gateContextLoader,
            OwnerRecords owners,
            Digests digests,
            Clock clock,
            Lock wide,
            Refusals refusals) {
        this.refusals = refusals;
        this.owners = owners;
        this.store = store;
        this.gateContextLoader = gateContextLoader;
        this.digests = digests;
        this.clock = clock;
        this.wide = wide;
    }

    /** @param noEcho as {@link Published#noEcho} */
    Published publish(
            Release release,
            List<String> noEcho,
            Provenance origin,
            String storeName,
            Map<String, String> versions,
            String by)
            throws IOException, RefusedException {
        Provenance provenance = origin.bounded();
        wide.lock();
        try {
            Policy policy = gateContextLoader.policy().orElse(null);
            if (policy == null) {
                throw refused(release, provenance, by, "there is no valid policy");
            }
            if (!policy.services().containsKey(release.service())) {
                throw refused(release, provenance, by, "policy knows no service " + release.service());
            }
            String digest = digests.release(release);
            Optional<Published> known = store.release(release.service(), release.version());
            if (known.isEmpty()) {
                String literal = literal(release, noEcho);
                if (literal != null) {
                    throw refused(release, provenance, by, literal);
                }
                String foreign = new PublishedNames(policy, owners.rules()).refusal(release);
                if (foreign != null) {
                    throw refused(release, provenance, by, foreign);
                }
                var ref = new ReleaseRef(release.service(), release.version(), digest, nextNumber(release.service()));
                var published =
                        new Published(ref, release, provenance, storeName, versions, clock.instant(), by, noEcho);
                store.append(new Entry.ReleasePublished(published));
                return published;
            }
            if (!known.get().ref().digest().equals(digest)) {
                throw refused(
                        release,
                        provenance,
                        by,
                        release.id() + " was published on " + known.get().at()
                                + " with other content (" + known.get().ref().digest() + ", now " + digest
                                + "): " + ReleaseDifferences.between(known.get().release(), release)
                                + "; a release never changes, give this one a new version");
            }
            if (noEcho != null && known.get().noEcho() == null) {
                store.append(new Entry.NoEchoFound(release.id(), noEcho));
            }
            Provenance union = known.get().provenance().and(provenance);
            if (union.publishers().size() > Provenance.MOST_PUBLISHERS) {
                throw refused(
                        release,
                        provenance,
                        by,
                        release.id() + " has "
                                + known.get().provenance().publishers().size()
                                + " publishers, and " + Provenance.MOST_PUBLISHERS
                                + " are the limit; it is published already, so promote it without publishing it again");
            }
            if (!union.equals(known.get().provenance())) {
                store.append(new Entry.ReleasePublishedAgain(
                        release.id(), union.beyond(known.get().provenance()), by));
            }
            return known.get().with(union);
        } finally {
            wide.unlock();
        }
    }

    /** Adds the people among the publishers to the job, as every refusal of a build does. */
    private RefusedException refused(Release release, Provenance provenance, String by, String why) throws IOException {
        return refusals.refuse(by, "publish " + release.id(), why, provenance.people());
    }

    /** The callers refuse this with a line number; this check applies to every caller. Null: there is none. */
    private static String literal(Release release, List<String> noEcho) {
        for (Manifest.Target target : release.manifest().targets()) {
            if (noEcho == null || !(target instanceof Manifest.CloudFormation stack)) {
                continue;
            }
            for (String parameter : stack.parameters().keySet()) {
                if (noEcho.contains(stack.name() + "." + parameter)
                        && !ParameterLiterals.places(release.manifest(), stack, parameter)
                                .isEmpty()) {
                    return "parameter " + parameter + " of target " + stack.name()
                            + " has NoEcho and a literal value; use a variable with secret:";
                }
            }
        }
        return null;
    }

    private long nextNumber(String service) {
        return store.releases(service).stream()
                        .mapToLong(p -> p.ref().number())
                        .max()
                        .orElse(0)
                + 1;
    }

    /**
     * @param envelope null: the evidence is not signed
     * @param people behind the build that submits it, named in a refusal
     * @return the service whose release it is about
     */
    String record(Evidence evidence, String envelope, Collection<String> people) throws IOException, RefusedException {
        int at = evidence.release().indexOf('@');
        String service = at < 0 ? evidence.release() : evidence.release().substring(0, at);
        if (at < 0
                || store.release(service, evidence.release().substring(at + 1)).isEmpty()) {
            throw refusals.refuse(
                    evidence.producer(),
                    "record " + evidence.kind() + " of " + evidence.release(),
                    evidence.release() + " was never published here",
                    people);
        }
        Optional<String> tooLong =
                LaneLimits.tooLong("detail", evidence.detail()).or(() -> LaneLimits.tooLong("run", evidence.run()));
        if (tooLong.isPresent()) {
            throw refusals.refuse(
                    evidence.producer(),
                    "record " + evidence.kind() + " of " + evidence.release(),
                    tooLong.get(),
                    people);
        }
        wide.lock();
        try {
            boolean known = evidence.signed() != null && store.knows(evidence.release(), evidence.signed());
            if (!known) {
                refuseOlder(evidence, people);
                refuseMany(evidence, people);
                store.append(new Entry.EvidenceRecorded(evidence, envelope));
            }
        } finally {
            wide.unlock();
        }
        return service;
    }

    /** Every pair of kind and producer is kept for every release, so their number is limited. */
    private void refuseMany(Evidence evidence, Collection<String> people) throws IOException, RefusedException {
        List<Evidence> kept = store.evidence(evidence.release());
        boolean replaces = kept.stream()
                .anyMatch(e -> e.kind().equals(evidence.kind()) && e.producer().equals(evidence.producer()));
        if (!replaces && kept.size() >= MOST_EVIDENCE) {
            throw refusals.refuse(
                    evidence.signed() == null
                            ? evidence.producer()
                            : evidence.signed().by(),
                    "record " + evidence.kind() + " of " + evidence.release(),
                    MOST_EVIDENCE + " kinds of evidence by their producers are recorded for " + evidence.release()
                            + ", which is the limit; record those that the policy requires",
                    people);
        }
    }

    /** A dated statement never replaces a newer one. */
    private void refuseOlder(Evidence evidence, Collection<String> people) throws IOException, RefusedException {
        boolean older = evidence.signed() != null
                && store.evidence(evidence.release()).stream()
                        .filter(e ->
                                e.kind().equals(evidence.kind()) && e.producer().equals(evidence.producer()))
                        .anyMatch(e -> e.at().isAfter(evidence.at()));
        if (older) {
            throw refusals.refuse(
                    evidence.signed().by(),
                    "record " + evidence.kind() + " of " + evidence.release(),
                    evidence.producer() + " has recorded something newer about " + evidence.kind() + " of "
                            + evidence.release() + " already",
                    people);
        }
    }
}
