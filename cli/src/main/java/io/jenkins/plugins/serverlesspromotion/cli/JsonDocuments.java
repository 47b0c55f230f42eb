package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.format.json.JsonObject;
import io.jenkins.plugins.serverlesspromotion.view.PromotionDocument;
import io.jenkins.plugins.serverlesspromotion.view.ViewDocuments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The documents of {@code --json}. docs/reference/json.md documents their members. Members may be added, but none
 * changes its meaning. Absent values are left out.
 */
final class JsonDocuments {
    /** The same documents as REST; a command line has no pages. */
    static final ViewDocuments ALL = new ViewDocuments(promotion -> null);

    private JsonDocuments() {}

    static Map<String, Object> of(String name, Object value) {
        return new JsonObject().with(name, value);
    }

    static Map<String, Object> review(ReviewModel reviewModel) {
        return new ViewDocuments(promotion -> null, promotion -> reviewModel.interrupted())
                .review(reviewModel.facts())
                .with("next", reviewModel.next())
                .with("nextAt", reviewModel.nextAt());
    }

    static Map<String, Object> planned(PlanAnswer answer) {
        return new JsonObject()
                .with("release", answer.release())
                .with("environment", answer.environment())
                .with("live", answer.live())
                .with("plan", PromotionDocument.plan(answer.plan()));
    }

    static Map<String, Object> published(Published p, boolean again) {
        return new JsonObject()
                .with("release", p.ref().id())
                .with("service", p.ref().service())
                .with("version", p.ref().version())
                .with("digest", p.ref().digest())
                .with("number", p.ref().number())
                .with("publishedBefore", again)
                .with("at", p.at())
                .with("by", p.by())
                .with("store", p.store())
                .with("artifacts", artifacts(p))
                .with("provenance", p.provenance());
    }

    private static List<Object> artifacts(Published p) {
        var all = new ArrayList<>();
        p.release()
                .artifacts()
                .forEach(a -> all.add(new JsonObject()
                        .with("path", a.path())
                        .with("digest", a.digest())
                        .with("size", a.size())
                        .with("storeVersion", p.versions().get(a.digest()))));
        return all;
    }
}
