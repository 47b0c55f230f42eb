package io.jenkins.plugins.serverlesspromotion.journey;

import static io.jenkins.plugins.serverlesspromotion.journey.Script.DEV;
import static io.jenkins.plugins.serverlesspromotion.journey.Script.PROD;
import static io.jenkins.plugins.serverlesspromotion.journey.Script.STAGING;

import java.util.List;

/**
 * What each step of {@link Script} must do, counted by hand: in the accounts, in the journal, and which change sets it
 * must leave open. Nothing here is taken from a run of the program. When the program changes what it does, this list is
 * changed by hand, with the reason in the commit.
 *
 * <p>Names as {@link Effects} writes them: what AWS generates is {@code *}. The targets of a release are the stacks
 * {@code edge} (us-east-1, once an account) and {@code api}, the site {@code web} and the function {@code worker}.
 */
final class ExpectedEffects {
    private static final String TOOLS = "111111111111";
    private static final String IRELAND = "eu-west-1";
    private static final String VIRGINIA = "us-east-1";
    private static final String OREGON = "us-west-2";

    /** What a step does. */
    static final class Step {
        /** Changes of resources in the accounts. */
        final Tally effects = new Tally();
        /** Records of the journal, by kind. */
        final Tally journal = new Tally();
        /** Change sets that exist after the step and have not been executed, by stack. */
        final Tally open = new Tally();

        Step journal(String kind, int times) {
            journal.add(kind, times);
            return this;
        }

        Step open(String account, String region, String stack) {
            open.add(account + " " + region + " " + stack, 1);
            return this;
        }

        private Step effect(String account, String region, String what, int times) {
            effects.add(account + " " + region + " " + what, times);
            return this;
        }
    }

    private ExpectedEffects() {}

    /** One for each step of {@link Script#steps()}, in the same order. */
    static List<Step> steps() {
        return List.of(
                // 1: the policy, in a new journal
                new Step().journal("storeCreated", 1).journal("policyApplied", 1),
                // 2: 1.0.0 is api.zip, api.yaml, edge.yaml, a page and a style sheet
                published(5),
                // 3 and 4: the first release of an account
                deployedFirst(plannedFirst(requested(), "dev", DEV, IRELAND), "dev", DEV, IRELAND),
                deployedFirst(plannedFirst(requested(), "staging", STAGING, IRELAND), "staging", STAGING, IRELAND),
                // 5 to 7: planned; two approvals; the second one deploys. Only the change set of the edge can be kept:
                // those of the two other stacks were made with placeholders for its outputs.
                plannedFirst(requested(), "prod", PROD, IRELAND, OREGON).open(PROD, VIRGINIA, "orders-edge-prod"),
                new Step().journal("approved", 1).open(PROD, VIRGINIA, "orders-edge-prod"),
                deployedFirst(new Step().journal("approved", 1), "prod", PROD, IRELAND, OREGON),
                // 8: other code, another page, another style sheet; the templates are in the store already
                published(3),
                // 9
                deployed(planned(requested(), "dev", DEV, IRELAND), "dev", DEV, 2, IRELAND),
                // 10
                undone(deployed(planned(requested(), "staging", STAGING, IRELAND), "staging", STAGING, 2, IRELAND)),
                // 11 to 13
                published(3),
                deployed(planned(requested(), "dev", DEV, IRELAND), "dev", DEV, 3, IRELAND),
                deployed(planned(requested(), "staging", STAGING, IRELAND), "staging", STAGING, 3, IRELAND),
                // 14 to 16
                planned(requested(), "prod", PROD, IRELAND, OREGON)
                        .open(PROD, IRELAND, "orders-prod")
                        .open(PROD, OREGON, "orders-prod"),
                new Step()
                        .journal("approved", 1)
                        .open(PROD, IRELAND, "orders-prod")
                        .open(PROD, OREGON, "orders-prod"),
                deployed(new Step().journal("approved", 1), "prod", PROD, 2, IRELAND, OREGON),
                // 17
                rolledBack());
    }

    private static Step published(int objects) {
        return new Step()
                .effect(TOOLS, IRELAND, "s3:object acme-releases put", objects)
                .journal("releasePublished", 1);
    }

    private static Step requested() {
        return new Step().journal("requested", 1);
    }

    // --- planning: nothing that is live changes ---

    /** @param regions of the stack {@code api} and of the function */
    private static Step plannedFirst(Step step, String environment, String account, String... regions) {
        stagedOnce(step, account, regions);
        // The template of the edge, once an account.
        step.effect(account, VIRGINIA, "s3:object staging put", 1);
        step.effect(account, VIRGINIA, "cloudformation:stack orders-edge-" + environment + " REVIEW_IN_PROGRESS", 1);
        step.effect(account, VIRGINIA, "cloudformation:change-set orders-edge-" + environment + " kept", 1);
        for (String region : regions) {
            step.effect(account, region, "cloudformation:stack orders-" + environment + " REVIEW_IN_PROGRESS", 1);
        }
        return step.journal("planned", 1);
    }

    private static Step planned(Step step, String environment, String account, String... regions) {
        stagedOnce(step, account, regions);
        for (String region : regions) {
            step.effect(account, region, "cloudformation:change-set orders-" + environment + " kept", 1);
        }
        return step.journal("planned", 1);
    }

    /** Copies in the buckets that CloudFormation and Lambda read from. */
    private static void stagedOnce(Step step, String account, String... regions) {
        for (String region : regions) {
            // api.zip, which both functions of the stack and the worker share
            step.effect(account, region, "s3:object staging copy", 1);
            // api.yaml, with the place of api.zip in it
            step.effect(account, region, "s3:object staging put", 1);
        }
        // The page and the style sheet.
        step.effect(account, VIRGINIA, "s3:object staging copy", 2);
    }

    // --- deploying ---

    private static Step deployedFirst(Step step, String environment, String account, String... regions) {
        edgeCreated(step, environment, account);
        for (String region : regions) {
            step.effect(account, region, "cloudformation:change-set orders-" + environment + " kept", 1);
            apiCreated(step, environment, account, region);
            worker(step, environment, account, region);
            step.effect(account, region, "lambda:version orders-worker-" + environment + ":1 publish", 1);
            step.effect(account, region, "lambda:alias orders-worker-" + environment + ":live create", 1);
        }
        site(step, environment, account);
        return ended(step, regions.length);
    }

    private static void edgeCreated(Step step, String environment, String account) {
        String stack = "orders-edge-" + environment;
        created(step, account, VIRGINIA, stack, "WebAccess", "WebBucket", "Distribution", "WebBucketPolicy");
        step.effect(account, VIRGINIA, "s3:bucket " + stack + "-webbucket-* create", 1);
        step.effect(account, VIRGINIA, "s3:bucket " + stack + "-webbucket-* policy", 1);
        step.effect(account, "global", "cloudfront:distribution * put", 1);
    }

    private static void apiCreated(Step step, String environment, String account, String region) {
        String stack = "orders-" + environment;
        created(
                step,
                account,
                region,
                stack,
                "DeadLetters",
                "Queue",
                "Role",
                "Function",
                "Smoke",
                "Api",
                "ApiMayInvoke");
        step.effect(account, "global", "iam:role " + stack + "-Role-* create", 1);
        step.effect(account, region, "lambda:function " + stack + "-Function-* create", 1);
        step.effect(account, region, "lambda:function orders-smoke-" + environment + " create", 1);
        step.effect(account, region, "lambda:permission " + stack + "-Function-*||" + stack + "-ApiMayInvoke-* add", 1);
    }

    private static void created(Step step, String account, String region, String stack, String... resources) {
        step.effect(account, region, "cloudformation:change-set " + stack + " execute", 1);
        step.effect(account, region, "cloudformation:stack " + stack + " CREATE_IN_PROGRESS", 1);
        for (String resource : resources) {
            step.effect(account, region, "cloudformation:resource " + stack + "/" + resource + " create", 1);
        }
        step.effect(account, region, "cloudformation:stack " + stack + " CREATE_COMPLETE", 1);
    }

    /** @param version of the worker that is published */
    private static Step deployed(Step step, String environment, String account, int version, String... regions) {
        for (String region : regions) {
            apiUpdated(step, environment, account, region);
            worker(step, environment, account, region);
            step.effect(account, region, "lambda:version orders-worker-" + environment + ":" + version + " publish", 1);
            step.effect(account, region, "lambda:alias orders-worker-" + environment + ":live update", 1);
        }
        site(step, environment, account);
        return ended(step, regions.length);
    }

    private static void apiUpdated(Step step, String environment, String account, String region) {
        String stack = "orders-" + environment;
        step.effect(account, region, "cloudformation:change-set " + stack + " execute", 1);
        step.effect(account, region, "cloudformation:stack " + stack + " UPDATE_IN_PROGRESS", 1);
        for (String resource : List.of("Function", "Smoke")) {
            step.effect(account, region, "cloudformation:resource " + stack + "/" + resource + " update", 1);
        }
        step.effect(account, region, "lambda:function " + stack + "-Function-* update-code", 1);
        step.effect(account, region, "lambda:function orders-smoke-" + environment + " update-code", 1);
        step.effect(account, region, "cloudformation:stack " + stack + " UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", 1);
        step.effect(account, region, "cloudformation:stack " + stack + " UPDATE_COMPLETE", 1);
    }

    private static void worker(Step step, String environment, String account, String region) {
        step.effect(account, region, "lambda:function orders-worker-" + environment + " update-code", 1);
    }

    private static void site(Step step, String environment, String account) {
        page(step, environment, account);
        step.effect(account, VIRGINIA, "s3:object orders-edge-" + environment + "-webbucket-*/style.*.css copy", 1);
    }

    private static void page(Step step, String environment, String account) {
        step.effect(account, VIRGINIA, "s3:object orders-edge-" + environment + "-webbucket-*/index.html copy", 1);
        step.effect(account, "global", "cloudfront:invalidation * create", 1);
    }

    /** {@code edge} and {@code web} are one step each, {@code api} and {@code worker} one in each region. */
    private static Step ended(Step step, int regions) {
        step.journal("stepEnded", 2 + 2 * regions).journal("verified", regions);
        // The pause between two waves ends.
        return regions == 1 ? step : step.journal("reconsidered", regions - 1);
    }

    // --- the way back ---

    /** Staging returns to 1.0.0: its style sheet is in the bucket still, and version 1 of the worker exists still. */
    private static Step undone(Step step) {
        step.effect(STAGING, IRELAND, "cloudformation:change-set orders-staging kept", 1);
        apiUpdated(step, "staging", STAGING, IRELAND);
        worker(step, "staging", STAGING, IRELAND);
        step.effect(STAGING, IRELAND, "lambda:alias orders-worker-staging:live update", 1);
        page(step, "staging", STAGING);
        // Everything but the edge, which had not changed.
        return step.journal("undone", 3);
    }

    /** A release of its own, from copies that are staged already: the worker gets a third version. */
    private static Step rolledBack() {
        var step = new Step().journal("rollbackRequested", 1).journal("planned", 1).journal("approved", 1);
        for (String region : List.of(IRELAND, OREGON)) {
            step.effect(PROD, region, "cloudformation:change-set orders-prod kept", 1);
            apiUpdated(step, "prod", PROD, region);
            worker(step, "prod", PROD, region);
            step.effect(PROD, region, "lambda:version orders-worker-prod:3 publish", 1);
            step.effect(PROD, region, "lambda:alias orders-worker-prod:live update", 1);
        }
        page(step, "prod", PROD);
        return ended(step, 2);
    }
}
