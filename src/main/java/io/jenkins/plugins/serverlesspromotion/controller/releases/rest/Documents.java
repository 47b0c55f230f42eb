package io.jenkins.plugins.serverlesspromotion.controller.releases.rest;

import io.jenkins.plugins.serverlesspromotion.controller.configuration.Proposals;
import io.jenkins.plugins.serverlesspromotion.engine.port.Proposal;
import io.jenkins.plugins.serverlesspromotion.format.json.JsonObject;
import java.util.Map;

/** The documents of REST that no other surface has. */
final class Documents {
    private Documents() {}

    /** A proposed change, without its content. */
    static Map<String, Object> change(Proposal proposal) {
        return new JsonObject()
                .with("id", proposal.id())
                .with("by", proposal.made().by())
                .with("at", proposal.at())
                .with("differences", proposal.made().differences())
                .with("problems", Proposals.problems(proposal))
                .with("current", Proposals.isCurrent(proposal));
    }
}
