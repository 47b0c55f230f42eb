package io.jenkins.plugins.serverlesspromotion.aws.session;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The settings of the connection to AWS. None of them comes from the environment: {@code AWS_ENDPOINT_URL} and similar
 * variables are ignored, so that a variable on a controller cannot redirect a deployment.
 *
 * @param endpoint one address for every service, for S3-compatible stores and emulators; null: AWS's regional endpoints
 * @param proxy null: none
 * @param authorities certificates in PEM that are trusted in addition to those of this JVM; null: none
 * @param pathStyleAccess bucket names in the path instead of the host name
 * @param checksumsWhenRequired leave out the SDK's default checksums, for stores that do not support them; the SHA-256
 *     checksums of artifacts are always sent
 * @param sessionTags send the tags {@code release}, {@code promotion} and {@code approvers}; the roles' trust policies
 *     must allow {@code sts:TagSession}
 * @param sourceIdentity send the promotion as source identity; needs {@code sts:SetSourceIdentity}
 * @param privateAddresses allow HTTP checks to reach loopback and private addresses
 * @param checkHosts names of hosts that HTTP checks may reach at private addresses, in lower case; {@code *.} stands
 *     for any beginning. Link-local addresses and those of the controller are never called
 * @param pollScale factor for every wait and poll interval, above 0; 1 against AWS
 * @param busyLimit how long to wait for another process's operation on the same stack, before scaling
 * @param controllerHosts names of the controller, in lower case, which no HTTP check may call
 */
public record AwsSettings(
        URI endpoint,
        Proxy proxy,
        String authorities,
        boolean pathStyleAccess,
        boolean checksumsWhenRequired,
        boolean sessionTags,
        boolean sourceIdentity,
        boolean privateAddresses,
        Set<String> checkHosts,
        double pollScale,
        Duration busyLimit,
        Set<String> controllerHosts) {
    public AwsSettings {
        checkHosts = Set.copyOf(checkHosts);
        controllerHosts = Set.copyOf(controllerHosts);
        if (!(pollScale > 0)) {
            throw new IllegalArgumentException("pollScale must be above 0, was " + pollScale);
        }
    }

    /** For AWS itself: no proxy, tags and source identity on, five minutes for operations of other processes. */
    public static AwsSettings defaults() {
        return new AwsSettings(
                null, null, null, false, false, true, true, false, Set.of(), 1.0, Duration.ofMinutes(5), Set.of());
    }

    /** All services at one address with path-style buckets; HTTP checks may reach private addresses there. */
    public AwsSettings at(URI address) {
        return with(draft -> {
            draft.endpoint = address;
            draft.proxy = null;
            draft.pathStyleAccess = true;
            draft.privateAddresses = true;
        });
    }

    public AwsSettings withPollScale(double factor) {
        return with(draft -> draft.pollScale = factor);
    }

    public AwsSettings withProxy(Proxy by) {
        return with(draft -> draft.proxy = by);
    }

    /**
     * Certificates of authorities in addition to those that this JVM trusts, such as that of a TLS-inspecting proxy.
     *
     * @param pem null: none
     * @throws IllegalArgumentException when it contains no certificate
     */
    public AwsSettings withAuthorities(String pem) {
        if (pem != null) {
            TrustStores.certificates(pem);
        }
        return with(draft -> draft.authorities = pem);
    }

    public AwsSettings withSessionMarks(boolean tags, boolean identity) {
        return with(draft -> {
            draft.sessionTags = tags;
            draft.sourceIdentity = identity;
        });
    }

    public AwsSettings withBusyLimit(Duration limit) {
        return with(draft -> draft.busyLimit = limit);
    }

    /** How buckets are addressed, and whether the SDK's default checksums are left out. */
    public AwsSettings withS3(boolean pathStyle, boolean whenRequired) {
        return with(draft -> {
            draft.pathStyleAccess = pathStyle;
            draft.checksumsWhenRequired = whenRequired;
        });
    }

    public AwsSettings withCheckHosts(Set<String> hosts) {
        return with(draft -> draft.checkHosts = hosts);
    }

    public AwsSettings withControllerHosts(Set<String> names) {
        return with(draft -> draft.controllerHosts = names);
    }

    private AwsSettings with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    /**
     * @param endpoint {@code http://proxy.acme.net:3128}
     * @param username null: no authentication
     * @param direct host patterns with {@code *} that are reached without the proxy; the instance metadata address
     *     always is
     */
    public record Proxy(URI endpoint, String username, String password, Set<String> direct) {
        public Proxy {
            direct = Set.copyOf(direct);
        }

        @Override
        public String toString() {
            return "Proxy[" + endpoint + "]";
        }
    }

    /** The settings while one of them is being changed. */
    private static final class Draft {
        private URI endpoint;
        private Proxy proxy;
        private String authorities;
        private boolean pathStyleAccess;
        private boolean checksumsWhenRequired;
        private boolean sessionTags;
        private boolean sourceIdentity;
        private boolean privateAddresses;
        private Set<String> checkHosts;
        private double pollScale;
        private Duration busyLimit;
        private Set<String> controllerHosts;

        Draft(AwsSettings from) {
            endpoint = from.endpoint;
            proxy = from.proxy;
            authorities = from.authorities;
            pathStyleAccess = from.pathStyleAccess;
            checksumsWhenRequired = from.checksumsWhenRequired;
            sessionTags = from.sessionTags;
            sourceIdentity = from.sourceIdentity;
            privateAddresses = from.privateAddresses;
            checkHosts = from.checkHosts;
            pollScale = from.pollScale;
            busyLimit = from.busyLimit;
            controllerHosts = from.controllerHosts;
        }

        AwsSettings settings() {
            return new AwsSettings(
                    endpoint,
                    proxy,
                    authorities,
                    pathStyleAccess,
                    checksumsWhenRequired,
                    sessionTags,
                    sourceIdentity,
                    privateAddresses,
                    checkHosts,
                    pollScale,
                    busyLimit,
                    controllerHosts);
        }
    }
}
