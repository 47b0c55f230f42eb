package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is to go wrong. Rules are consulted in the order they were added; each is used up by its count. */
final class Faults implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The kinds of faults, by their names in the control API. */
    static final List<String> KINDS = List.of(
            "throttle",
            "rateLimit",
            "error",
            "latency",
            "dropRequest",
            "loseResponse",
            "staleReads",
            "failResource",
            "failUpdate",
            "expireTokens",
            "alarm");

    /** One rule; empty fields match everything, {@code *} and {@code ?} are wild. */
    static final class Rule implements Serializable {
        private static final long serialVersionUID = 1L;
        public String kind;
        public String service = "*";
        public String operation = "*";
        public String resource = "*";
        public String account = "*";
        public String region = "*";
        /** How many times it strikes; negative: until cleared. */
        public int count = 1;
        /** How many matching calls pass first. */
        public int skip;
        /** Milliseconds of the wall clock for latency and staleReads, nominal ones for alarm. */
        public long millis;

        /** rateLimit: calls a second in each account and Region; what exceeds them is throttled. */
        public double perSecond;

        public int status = 500;
        public String code = "InternalFailure";
        public String message = "We encountered an internal error. Please try again.";
        /** failResource: stack name, logical id, reason, and during what: forward, rollback or cleanup; failUpdate: the
         * name of a function as resource, and reason. */
        public String stack = "*";

        public String logicalId = "*";
        public String reason = "Resource handler returned message: \"Internal failure\"";
        public String during = "forward";
        /** alarm: name and new state. */
        public String alarm;

        public String state = "ALARM";

        boolean matches(Call call) {
            return IamPolicy.glob(service, call.service, false)
                    && IamPolicy.glob(operation, call.operation, false)
                    && IamPolicy.glob(resource, call.resource, false)
                    && IamPolicy.glob(account, call.account(), false)
                    && IamPolicy.glob(region, call.region, false);
        }
    }

    private final List<Rule> rules = new ArrayList<>();
    /** What is left of each rate, and since when (epoch milliseconds). */
    private final Map<String, double[]> buckets = new HashMap<>();

    /** Rules are used up while a snapshot is written. */
    private synchronized void writeObject(ObjectOutputStream out) throws IOException {
        out.defaultWriteObject();
    }

    synchronized void add(Rule rule) {
        rules.add(rule);
    }

    synchronized void clear() {
        buckets.clear();
        rules.clear();
    }

    synchronized List<Rule> rules() {
        return new ArrayList<>(rules);
    }

    /** The rule of this kind that strikes this call, or null. */
    synchronized Rule strike(String kind, Call call) {
        for (Rule rule : rules) {
            if (rule.kind.equals(kind) && rule.count != 0 && rule.matches(call) && use(rule)) {
                return rule;
            }
        }
        return null;
    }

    /** Whether the call exceeds a rate; a second's worth may come at once. */
    synchronized boolean overLimit(Call call) {
        boolean over = false;
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule.kind.equals("rateLimit") && rule.matches(call)) {
                double now = System.currentTimeMillis();
                double[] bucket = buckets.computeIfAbsent(
                        i + "|" + call.account() + "|" + call.region, key -> new double[] {rule.perSecond, now});
                bucket[0] = Math.min(rule.perSecond, bucket[0] + (now - bucket[1]) / 1000 * rule.perSecond);
                bucket[1] = now;
                if (bucket[0] < 1) {
                    over = true;
                } else {
                    bucket[0]--;
                }
            }
        }
        return over;
    }

    /** Why a resource must fail now, or null. */
    synchronized String failure(Region region, String stack, String logicalId, String during) {
        for (Rule rule : rules) {
            if (rule.kind.equals("failResource")
                    && rule.count != 0
                    && rule.during.equals(during)
                    && IamPolicy.glob(rule.account, region.account, false)
                    && IamPolicy.glob(rule.region, region.name, false)
                    && IamPolicy.glob(rule.stack, stack, false)
                    && IamPolicy.glob(rule.logicalId, logicalId, false)
                    && use(rule)) {
                return rule.reason;
            }
        }
        return null;
    }

    /** Why the update of a function that is in progress must fail, or null. */
    synchronized String updateFailure(Region region, String function) {
        for (Rule rule : rules) {
            if (rule.kind.equals("failUpdate")
                    && rule.count != 0
                    && IamPolicy.glob(rule.account, region.account, false)
                    && IamPolicy.glob(rule.region, region.name, false)
                    && IamPolicy.glob(rule.resource, function, false)
                    && use(rule)) {
                return rule.reason;
            }
        }
        return null;
    }

    private static boolean use(Rule rule) {
        if (rule.skip > 0) {
            rule.skip--;
            return false;
        }
        if (rule.count > 0) {
            rule.count--;
        }
        return true;
    }
}
