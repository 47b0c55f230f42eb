package io.jenkins.plugins.serverlesspromotion.engine.lane;

import java.util.List;

/**
 * The progress of one role of an approval. A person in two required roles counts where it helps most.
 *
 * @param required how many people of the role
 * @param given the approvals that count for this role, at most {@code required}
 * @param users ids of users of the role who could still approve; empty when nothing is missing
 * @param groups whose members could still approve; empty when nothing is missing
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
