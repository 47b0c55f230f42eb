package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import io.jenkins.plugins.serverlesspromotion.controller.releases.Messages;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.view.GateRow;
import io.jenkins.plugins.serverlesspromotion.view.PlanWording;
import io.jenkins.plugins.serverlesspromotion.view.ReviewFacts;
import io.jenkins.plugins.serverlesspromotion.view.ReviewRisk;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** A review with the texts and the order of the page. */
@Restricted(NoExternalUse.class)
public final class ReviewView {
    /** More changes of one target than this are counted, not listed; the REST answer has them all. */
    private static final int LISTED = 200;

    private final ReviewFacts review;
    private final Promotion promotion;
    private final Instant now;

    public ReviewView(ReviewFacts review, Instant now) {
        this.review = review;
        this.promotion = review.promotion();
        this.now = now;
    }

    public record StepRow(
            String key, String place, String target, Words.Mark mark, String detail, Words.Moment since, int wave) {}

    /** @param dropped how many more changes there are than are listed */
    public record TargetRow(
            String key,
            String kind,
            String subject,
            String summary,
            List<ChangeRow> changes,
            int dropped,
            Map<String, String> values,
            Map<String, String> pins) {}

    public record ChangeRow(
            String verb, String subject, String type, String replacement, List<PropertyRow> properties) {}

    /** @param values before and after, as they are written for people */
    public record PropertyRow(String path, String values, String replacement) {}

    public record ApprovalRow(String who, String assurance, Words.Moment at, String comment, String voided) {}

    /** A person's statement about people who could not be established. */
    public record StatementRow(Words.Moment at, String text) {}

    public record RequestRow(String who, String from, Words.Moment at, String reason, String ticket) {}

    public Words.Mark getMark() {
        return Words.mark(promotion.state());
    }

    public Words.Moment getSince() {
        return Words.moment(promotion.since(), now);
    }

    public Words.Moment getExpires() {
        return review.expires() == null ? null : Words.moment(review.expires(), now);
    }

    public List<RequestRow> getRequests() {
        return promotion.requests().stream()
                .map(r -> new RequestRow(
                        Wording.requester(r), Wording.origin(r), Words.moment(r.at(), now), r.reason(), r.ticket()))
                .toList();
    }

    public List<StatementRow> getStatements() {
        return review.statements().stream()
                .map(s -> new StatementRow(Words.moment(s.at(), now), s.text()))
                .toList();
    }

    public String getReleaseDigest() {
        return Wording.digest(promotion.release().digest());
    }

    public String getPlanDigest() {
        return promotion.plan() == null ? null : Wording.digest(promotion.plan().digest());
    }

    public boolean isPlanned() {
        return review.plan() != null;
    }

    public List<ReviewRisk> getRisks() {
        return ReviewRisk.of(review.plan()).stream()
                .map(r -> r.severe()
                        ? new ReviewRisk(true, Messages.Risk_notPlanned(r.sentence()), r.where(), r.evidence())
                        : r)
                .toList();
    }

    public String getSummary() {
        return review.summary();
    }

    public List<ReviewFacts.PlaceChange> getPlaces() {
        return review.places();
    }

    public List<Words.GateLine> getGates() {
        return Words.gates(review.gateRows(now));
    }

    public List<StepRow> getSteps() {
        return promotion.deployment() == null
                ? List.of()
                : promotion.deployment().steps().stream()
                        .map(s -> new StepRow(
                                s.key(),
                                s.place(),
                                s.target(),
                                Words.mark(s.status()),
                                s.detail(),
                                Words.moment(s.since(), now),
                                s.wave() + 1))
                        .toList();
    }

    /** @param answer the response, its duration, and the number of tries */
    public record CheckRow(
            String check, String place, Words.Mark mark, String answer, String difference, Words.Moment at) {}

    /** The checks of the newest attempt. */
    public List<CheckRow> getChecks() {
        return promotion.deployment() == null
                ? List.of()
                : promotion.deployment().checks().stream()
                        .map(c -> new CheckRow(
                                c.result().check(),
                                c.result().place(),
                                c.result().held()
                                        ? new Words.Mark(GateRow.State.PASSED.word(), "symbol-check", Words.GOOD)
                                        : new Words.Mark(Messages.Check_fails(), "symbol-close-circle", Words.BAD),
                                Messages.Check_answer(
                                        c.result().answer(),
                                        String.valueOf(c.result().millis()),
                                        c.result().attempts()),
                                c.result().difference(),
                                Words.moment(c.at(), now)))
                        .toList();
    }

    /** Every state of a step, from which the script takes the icons. */
    public List<Words.Mark> getStepMarks() {
        return java.util.Arrays.stream(Deployment.Status.values())
                .map(Words::mark)
                .toList();
    }

    public int getChangeCount() {
        return review.changes();
    }

    public List<TargetRow> getTargets() {
        return review.plan() == null
                ? List.of()
                : review.plan().targets().stream().map(this::target).toList();
    }

    private TargetRow target(Plan.TargetPlan target) {
        Plan.Content content = target.content();
        return new TargetRow(
                target.key(),
                target.kind(),
                content.subject(),
                PlanWording.target(content),
                content.changes().stream().limit(LISTED).map(ReviewView::change).toList(),
                Math.max(0, content.changes().size() - LISTED),
                content.unchanged() ? Map.of() : content.values(),
                content.pins());
    }

    private static ChangeRow change(Plan.Change change) {
        return new ChangeRow(
                PlanWording.verb(change.action()),
                change.subject(),
                change.type(),
                PlanWording.replacement(change.replacement()),
                change.properties().stream()
                        .map(p -> new PropertyRow(
                                p.path(),
                                PlanWording.values(change.action(), p),
                                PlanWording.replacement(p.replacement())))
                        .toList());
    }

    public List<String> getCommits() {
        return List.copyOf(review.commits());
    }

    public List<Provenance.Author> getAuthors() {
        return List.copyOf(review.authors());
    }

    public List<String> getPublishers() {
        return review.publishers().stream().map(Wording::who).toList();
    }

    public String getSinceVersion() {
        return review.live() == null ? null : review.live().release().version();
    }

    public List<ApprovalRow> getApprovals() {
        return promotion.approvals().stream()
                .map(a -> new ApprovalRow(
                        a.person().id(),
                        a.person().assurance(),
                        Words.moment(a.at(), now),
                        a.comment(),
                        Wording.voided(a)))
                .toList();
    }
}
