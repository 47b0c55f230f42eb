package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.io.Serializable;
import java.util.Map;

/**
 * Who calls: an IAM user, a role session, an AWS service acting for a resource, or nobody.
 *
 * @param account twelve digits; empty for services and nobody
 * @param arn the ARN GetCallerIdentity shows
 * @param policyArn the ARN policies name: the user's or the role's
 * @param sessionName of a role session, otherwise null
 */
record Principal(
        String account,
        String arn,
        String policyArn,
        String userId,
        String sessionName,
        String sourceIdentity,
        Map<String, String> tags)
        implements Serializable {

    static final Principal ANONYMOUS = new Principal("", "anonymous", "", "anonymous", null, null, Map.of());

    static Principal service(String name) {
        return new Principal("", name, name, name, null, null, Map.of());
    }

    boolean isRole() {
        return policyArn.contains(":role/");
    }

    boolean isService() {
        return policyArn.endsWith(".amazonaws.com");
    }

    /** The role or user name at the end of the ARN. */
    String name() {
        return policyArn.substring(policyArn.lastIndexOf('/') + 1);
    }
}
