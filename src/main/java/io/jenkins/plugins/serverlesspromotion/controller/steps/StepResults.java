package io.jenkins.plugins.serverlesspromotion.controller.steps;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.format.json.WireNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The results of steps: maps of texts, which a sandboxed script can read and a build can store. Absent values are left
 * out.
 */
final class StepResults {
    private StepResults() {}

    static Map<String, String> of(Promotion promotion) {
        LaneId lane = LaneId.ofPromotion(promotion.id());
        var answer = new LinkedHashMap<String, String>();
        answer.put("promotion", promotion.id());
        answer.put("service", lane.service());
        answer.put("environment", lane.environment());
        answer.put("release", promotion.release().id());
        answer.put("version", promotion.release().version());
        answer.put("digest", promotion.release().digest());
        answer.put("state", WireNames.of(promotion.state()));
        if (promotion.why() != null) {
            answer.put("why", promotion.why());
        }
        answer.put("url", PromotionLinks.address(promotion.id()));
        return answer;
    }

    static Map<String, String> of(Evidence evidence) {
        var answer = new LinkedHashMap<String, String>();
        answer.put("release", evidence.release());
        answer.put("type", evidence.kind());
        answer.put("result", word(evidence.result()));
        answer.put("producer", evidence.producer());
        answer.put("at", evidence.at().toString());
        return answer;
    }

    /** {@code passed}, {@code failed} */
    static String word(Evidence.Result result) {
        return WireNames.of(result).toLowerCase(Locale.ROOT);
    }

    static Map<String, String> of(Published published) {
        var answer = new LinkedHashMap<String, String>();
        answer.put("release", published.ref().id());
        answer.put("service", published.ref().service());
        answer.put("version", published.ref().version());
        answer.put("digest", published.ref().digest());
        answer.put("number", Long.toString(published.ref().number()));
        return answer;
    }

    /** @param newestFirst every promotion of the lane */
    static Map<String, String> of(Lane lane, List<Promotion> newestFirst) {
        var answer = new LinkedHashMap<String, String>();
        answer.put("service", lane.id().service());
        answer.put("environment", lane.id().environment());
        if (lane.live() != null) {
            answer.put("release", lane.live().release().id());
            answer.put("version", lane.live().release().version());
            answer.put("digest", lane.live().release().digest());
            answer.put("since", lane.live().since().toString());
        }
        if (lane.hold() != null) {
            answer.put("hold", lane.hold().reason());
        }
        if (!newestFirst.isEmpty()) {
            Promotion newest = newestFirst.get(0);
            answer.put("promotion", newest.id());
            answer.put("promotionRelease", newest.release().id());
            answer.put("state", WireNames.of(newest.state()));
            answer.put("url", PromotionLinks.address(newest.id()));
        }
        return answer;
    }
}
