package io.jenkins.plugins.serverlesspromotion.controller.notifications;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import java.util.Set;

/**
 * A notification that people receive once.
 *
 * @param promotion whose page it links to
 * @param title one line: {@code orders 1.4.2 → prod waits for your approval}
 * @param text the event and the possible actions, without the link; may have several lines
 * @param users ids of the recipients
 * @param roles whose configured addresses also receive it
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
