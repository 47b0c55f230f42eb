package io.jenkins.plugins.serverlesspromotion.engine.lane;

import java.util.List;

/**
 * How far one role of an approval is filled. Somebody in two required roles is counted where it helps most.
 *
 * @param required how many people of the role
 * @param given the approvals that count for this role, at most {@code required}
 * @param users ids of those who could still give what is missing, as far as the role names users; empty when nothing is
 * @param groups whose members could; empty when nothing is missing
 */
public record RoleProgress(
        String role, int required, List<PromotionDecisions.Approval> given, List<String> users, List<String> groups) {
    public RoleProgress {
        given = List.copyOf(given);
        users = List.copyOf(users);
        groups = List.copyOf(groups);
    }

    public boolean complete() {
        return given.size() >= required;
    }
}
