package io.jenkins.plugins.serverlesspromotion.aws.check;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.Failures;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSession;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.AccountChecker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/**
 * Assumes every role of the policy and reads the buckets that it needs, with the role that will need them. Roles that no
 * other role may read are named as not checked.
 */
public final class AwsAccountChecker implements AccountChecker {
    private static final String TARGET = "target-account.yaml";
    private static final String TOOLS = "tools-account.yaml";
    private static final String STAGING = "staging-bucket.yaml";

    /** A stack of this name exists nowhere. */
    private static final String NO_STACK = "serverless-promotion-accounts-check";

    private final AwsSessions sessions;

    /** This class has nothing to close; the sessions belong to the caller. */
    public AwsAccountChecker(AwsSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public List<AccountFinding> checkAccounts(Policy policy) throws InterruptedException {
        var findings = new ArrayList<AccountFinding>();
        try (var scope = sessions.scope(new AwsSessions.Actor(null, null, List.of()))) {
            for (Policy.Account account : policy.accounts().values()) {
                new OneAccount(policy, account, scope, findings).check();
            }
        }
        return List.copyOf(findings);
    }

    /** Something that AWS is asked. */
    @FunctionalInterface
    private interface AwsRead {
        /** @return what is not in order; null: nothing */
        String ask();
    }

    private record OneAccount(
            Policy policy, Policy.Account account, AwsSessions.Scope scope, List<AccountFinding> findings) {
        void check() throws InterruptedException {
            SortedSet<String> regions = regions();
            List<Policy.Store> stores = policy.stores().values().stream()
                    .filter(s -> s.account().equals(account.name()))
                    .toList();
            for (Policy.Store store : stores) {
                store(store);
            }
            if (!regions.isEmpty()) {
                target(regions);
            } else if (stores.isEmpty()) {
                add(
                        null,
                        "account " + account.id(),
                        FindingState.NOT_CHECKED,
                        "no placement and no artifact store names it, so no region is known to try it in",
                        null);
            }
        }

        private SortedSet<String> regions() {
            var regions = new TreeSet<String>();
            policy.services()
                    .values()
                    .forEach(service -> service.placements()
                            .values()
                            .forEach(placement -> placement.places().stream()
                                    .filter(place -> place.account().equals(account.name()))
                                    .forEach(place -> regions.add(place.region()))));
            return regions;
        }

        private void store(Policy.Store store) throws InterruptedException {
            AwsSession session = role(AwsSessions.Purpose.STORE, store.region(), TOOLS);
            String subject = "bucket " + store.bucket() + " of artifact store " + store.name();
            bucket(session, store.region(), subject, store.bucket(), account.id(), TOOLS);
        }

        private void target(SortedSet<String> regions) throws InterruptedException {
            Map<AwsSessions.Purpose, AwsSession> roles = new TreeMap<>();
            for (var purpose :
                    List.of(AwsSessions.Purpose.PLAN, AwsSessions.Purpose.DEPLOY, AwsSessions.Purpose.TEST)) {
                AwsSession session = role(purpose, regions.first(), TARGET);
                if (session != null) {
                    roles.put(purpose, session);
                }
            }
            if (account.executionRole() != null) {
                add(
                        null,
                        "execution role " + account.executionRole(),
                        FindingState.NOT_CHECKED,
                        "only CloudFormation can assume it, and no role of the policy may read it: the first promotion of"
                                + " a stack shows it",
                        TARGET);
            }
            add(
                    null,
                    "permissions boundaries",
                    FindingState.NOT_CHECKED,
                    "no role of the policy may read them: the first promotion of a stack with a role shows them",
                    TARGET);
            for (String region : regions) {
                stacks(roles.get(AwsSessions.Purpose.PLAN), region);
                String bucket = account.bucketIn(region);
                bucket(
                        roles.get(AwsSessions.Purpose.DEPLOY),
                        region,
                        "staging bucket " + bucket,
                        bucket,
                        account.id(),
                        STAGING);
            }
            for (Policy.Store store : policy.stores().values()) {
                for (var purpose : List.of(AwsSessions.Purpose.PLAN, AwsSessions.Purpose.DEPLOY)) {
                    reads(roles.get(purpose), purpose, store);
                }
            }
        }

        /** Null when it cannot be used, which has been added then. */
        private AwsSession role(AwsSessions.Purpose purpose, String region, String template)
                throws InterruptedException {
            String role = purpose.role(account);
            String subject = word(purpose)
                    + (role == null ? " with the base credentials, as the policy names no role" : " role " + role);
            var session = new AwsSession[1];
            ask(null, subject, template, () -> {
                session[0] = scope.session(account, purpose, region);
                return null;
            });
            return session[0];
        }

        private static String word(AwsSessions.Purpose purpose) {
            return switch (purpose) {
                case PLAN -> "plan";
                case DEPLOY -> "deploy";
                case TEST -> "test";
                case STORE -> "artifact store";
            };
        }

        private void stacks(AwsSession plan, String region) throws InterruptedException {
            String subject = "stacks, read with the plan role";
            if (untried(plan, region, subject, TARGET)) {
                return;
            }
            ask(region, subject, TARGET, () -> {
                try {
                    plan.cloudFormation(region).describeStacks(r -> r.stackName(NO_STACK));
                } catch (CloudFormationException e) {
                    if (e.statusCode() != 400 || Failures.isDenied(e) || Failures.isThrottling(e)) {
                        throw e;
                    } // it does not exist, and we may know that
                }
                return null;
            });
        }

        private void bucket(
                AwsSession session, String region, String subject, String bucket, String owner, String template)
                throws InterruptedException {
            if (untried(session, region, subject, template)) {
                return;
            }
            ask(region, subject, template, () -> {
                S3Client s3 = session.s3(region);
                s3.headBucket(r -> r.bucket(bucket).expectedBucketOwner(owner));
                var versioning = s3.getBucketVersioning(r -> r.bucket(bucket).expectedBucketOwner(owner));
                return versioning.status() == BucketVersioningStatus.ENABLED
                        ? null
                        : "versioning is off: what is deployed is pinned by version";
            });
        }

        /** Planning and deploying copy the artifacts, each with its own role. */
        private void reads(AwsSession session, AwsSessions.Purpose purpose, Policy.Store store)
                throws InterruptedException {
            String subject = "artifact store " + store.name() + ", read with the " + word(purpose) + " role";
            if (untried(session, store.region(), subject, TOOLS)) {
                return;
            }
            String owner = policy.accounts().get(store.account()).id();
            ask(store.region(), subject, TOOLS, () -> {
                session.s3(store.region())
                        .headBucket(r -> r.bucket(store.bucket()).expectedBucketOwner(owner));
                return null;
            });
        }

        private boolean untried(AwsSession session, String region, String subject, String template) {
            if (session == null) {
                add(region, subject, FindingState.NOT_CHECKED, "its role cannot be assumed", template);
            }
            return session == null;
        }

        private void ask(String region, String subject, String template, AwsRead question) throws InterruptedException {
            try {
                String wrong = question.ask();
                add(region, subject, wrong == null ? FindingState.OK : FindingState.MISSING, wrong, template);
            } catch (DeploymentException | SdkException e) {
                Fact.Failure failure = Failures.of(e);
                boolean answered = failure.verdict() == Fact.FailureKind.FAILED || isNo(e);
                add(region, subject, answered ? FindingState.MISSING : FindingState.UNKNOWN, failure.cause(), template);
            }
        }

        /** Whether AWS has answered that it is not there, or not allowed. */
        private static boolean isNo(Throwable thrown) {
            return Failures.isDenied(thrown)
                    || thrown instanceof AwsServiceException service
                            && (service.statusCode() == 301 || service.statusCode() == 404);
        }

        private void add(String region, String subject, FindingState state, String detail, String template) {
            findings.add(new AccountFinding(
                    account.name(), region, subject, state, detail, state == FindingState.OK ? null : template));
        }
    }
}
