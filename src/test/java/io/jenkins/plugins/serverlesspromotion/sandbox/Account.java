package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The global things of an account: users, roles and CloudFront distributions. */
final class Account implements Serializable {
    private static final long serialVersionUID = 1L;

    /** An access key; {@code token} and {@code expires} (epoch milliseconds) only for temporary ones. */
    static final class Key implements Serializable {
        private static final long serialVersionUID = 1L;
        final String id;
        final String secret;
        final String token;
        final Principal principal;
        long expires;

        Key(String id, String secret, String token, Principal principal, long expires) {
            this.id = id;
            this.secret = secret;
            this.token = token;
            this.principal = principal;
            this.expires = expires;
        }
    }

    /** An IAM role: its trust and its inline policies by name. */
    static final class Role implements Serializable {
        private static final long serialVersionUID = 1L;
        final String name;
        final String arn;
        final String id;
        JsonNode trust;
        int maxSessionSeconds = 3600;
        /** ARN of the managed policy that bounds what the role can do; null for none. */
        String boundary;

        final Map<String, JsonNode> policies = new TreeMap<>();
        private boolean asked;

        /** Whether STS and CloudFormation know it yet; see {@link Variant#ROLES_NEED_A_MOMENT}. */
        boolean known(World world) {
            boolean first = !asked;
            asked = true;
            return !first || !world.is(Variant.ROLES_NEED_A_MOMENT);
        }

        Role(String name, String arn, String id, JsonNode trust) {
            this.name = name;
            this.arn = arn;
            this.id = id;
            this.trust = trust;
        }
    }

    final String id;
    final String name;
    /** Identity policies of users by user name. */
    final Map<String, JsonNode> users = new TreeMap<>();

    final Map<String, Role> roles = new TreeMap<>();
    /** Documents of customer managed policies by ARN. */
    final Map<String, JsonNode> managedPolicies = new TreeMap<>();

    final Map<String, Distribution> distributions = new LinkedHashMap<>();

    Account(String id, String name) {
        this.id = id;
        this.name = name;
    }
}
