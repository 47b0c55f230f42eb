package io.jenkins.plugins.serverlesspromotion.controller.notifications;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import java.util.Set;

/**
 * Something that people are told, once.
 *
 * @param promotion whose page it links to
 * @param title one line: {@code orders 1.4.2 → prod waits for your approval}
 * @param text what happened and what can be done, without the link; may have several lines
 * @param users ids of those it is for
 * @param roles whose configured addresses are told as well
 */
record Notice(
        Kind kind, LaneId lane, String promotion, String title, String text, Set<String> users, Set<String> roles) {
    Notice {
        users = Set.copyOf(users);
        roles = Set.copyOf(roles);
    }

    enum Kind {
        APPROVAL_WANTED,
        APPROVAL_VOID,
        WENT_WRONG,
        OVERRIDE_CONFIRMED,
        REVIEW_DUE
    }
}
