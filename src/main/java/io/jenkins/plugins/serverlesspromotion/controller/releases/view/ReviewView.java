package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import io.jenkins.plugins.serverlesspromotion.controller.releases.Messages;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** A review in the words and order in which the page shows it. */
@Restricted(NoExternalUse.class)
public final class ReviewView {
    /** More changes of one target than this are counted, not listed; the REST answer has them all. */
    private static final int LISTED = 200;

    private final Review review;
    private final Promotion promotion;
    private final Instant now;
    private final Person onlooker;
    private final String whyNot;
    private final boolean author;

    /** For {@code onlooker} as they are known now. */
    public static ReviewView of(Review review, Promotions promotions, Person onlooker, Instant now) {
        boolean asked = onlooker != null
                && promotions != null
                && !review.promotion().state().isOver();
        return new ReviewView(
                review,
                now,
                onlooker,
                asked ? promotions.whyNot(onlooker, review.promotion()).orElse(null) : null,
                asked && promotions.excludedAsAuthor(onlooker, review.promotion()));
    }

    /**
     * @param onlooker who looks, null: not a person
     * @param whyNot why they could not approve it, null when they could
     * @param author whether that is because they wrote part of it
     */
    private ReviewView(Review review, Instant now, Person onlooker, String whyNot, boolean author) {
        this.onlooker = onlooker;
        this.whyNot = whyNot;
        this.author = author;
        this.review = review;
        this.promotion = review.promotion();
        this.now = now;
    }

    /** @param severe whether it is a problem that keeps everybody from approving */
    /** @param evidence one line for each place of a template that it was concluded from */
    public record Risk(boolean severe, String sentence, String where, List<String> evidence) {}

    public record PlaceRow(String place, String from, String to, String when) {}

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

    public record PropertyRow(String path, String before, String after, String replacement) {}

    public record ApprovalRow(String who, String assurance, Words.Moment at, String comment, String voided) {}

    /** What a person stated about people who could not be established. */
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
                        Words.asker(r), Words.origin(r), Words.moment(r.at(), now), r.reason(), r.ticket()))
                .toList();
    }

    /** Statements of requesters, then attestations of authors, each oldest first. */
    public List<StatementRow> getStatements() {
        return Stream.concat(
                        promotion.requestersStated().stream()
                                .map(s -> new StatementRow(
                                        Words.moment(s.at(), now),
                                        s.people().isEmpty()
                                                ? Messages.Statement_noRequester(
                                                        s.person().id(), s.reason())
                                                : Messages.Statement_requesters(
                                                        s.person().id(), String.join(", ", s.people()), s.reason()))),
                        promotion.authorsAttested().stream()
                                .map(a -> new StatementRow(
                                        Words.moment(a.at(), now),
                                        Messages.Statement_authors(
                                                a.person().id(),
                                                String.join(", ", a.people()),
                                                a.release(),
                                                a.reason()))))
                .toList();
    }

    public String getReleaseDigest() {
        return Words.digest(promotion.release().digest());
    }

    public String getPlanDigest() {
        return promotion.plan() == null ? null : Words.digest(promotion.plan().digest());
    }

    public boolean isPlanned() {
        return review.plan() != null;
    }

    /** What could not be planned, then what is dangerous; the same finding in several places is one sentence. */
    public List<Risk> getRisks() {
        if (review.plan() == null) {
            return List.of();
        }
        var risks = new ArrayList<Risk>();
        review.plan()
                .problems()
                .forEach(p -> risks.add(new Risk(true, Messages.Risk_notPlanned(p.cause()), p.key(), List.of())));
        io.jenkins.plugins.serverlesspromotion.engine.plan.Risk.of(review.plan())
                .forEach(r -> risks.add(new Risk(
                        false,
                        r.finding().sentence(),
                        r.places().stream().map(Object::toString).collect(Collectors.joining(", ")),
                        r.finding().evidence().stream()
                                .map(ReviewView::evidence)
                                .toList())));
        return risks;
    }

    private static String evidence(Plan.Evidence evidence) {
        return evidence.path() + ": " + Objects.requireNonNullElse(evidence.before(), Messages.Risk_nothing()) + " → "
                + Objects.requireNonNullElse(evidence.after(), Messages.Risk_nothing());
    }

    /** {@code 2 stacks, 1 site · 14 changes · rollback would return to 1.4.0} */
    public String getSummary() {
        if (review.plan() == null) {
            return Messages.Summary_notPlanned();
        }
        var kinds = new TreeMap<String, Integer>();
        review.plan().targets().forEach(t -> kinds.merge(t.kind(), 1, Integer::sum));
        var parts = new ArrayList<String>();
        int stacks = kinds.getOrDefault("cloudformation", 0);
        int functions = kinds.getOrDefault("lambda", 0);
        int sites = kinds.getOrDefault("site", 0);
        if (stacks > 0) {
            parts.add(Messages.Summary_stacks(stacks));
        }
        if (functions > 0) {
            parts.add(Messages.Summary_functions(functions));
        }
        if (sites > 0) {
            parts.add(Messages.Summary_sites(sites));
        }
        parts.add(Messages.Summary_changes(review.changes()));
        if (!promotion.state().isOver()) {
            parts.add(
                    review.live() == null
                            ? Messages.Summary_noRollback()
                            : Messages.Summary_rollback(review.live().release().version()));
        }
        return String.join(" · ", parts);
    }

    public List<PlaceRow> getPlaces() {
        if (review.rules() == null || promotion.state().isOver()) {
            return List.of();
        }
        var rows = new ArrayList<PlaceRow>();
        List<List<Place>> waves = review.rules().placement().waves();
        Duration pause = review.rules().placement().pause();
        for (int wave = 0; wave < waves.size(); wave++) {
            String when = waves.size() == 1 ? "" : Messages.Place_wave(wave + 1);
            if (wave > 0 && !pause.isZero()) {
                when = Messages.Place_later(when, Words.length(pause));
            }
            for (Place place : waves.get(wave)) {
                rows.add(new PlaceRow(
                        place.toString(), from(place), promotion.release().version(), when));
            }
        }
        return rows;
    }

    private String from(Place place) {
        String live = review.liveAt(place.toString());
        if (live == null) {
            return Messages.Place_nothing();
        }
        return live.isEmpty() ? Messages.Place_mixed() : live;
    }

    public List<GateWords.Row> getGates() {
        return new GateWords(review.rules(), now)
                .rows(
                        review.gates(),
                        review.roles(),
                        promotion.state().isOver() ? null : review.pause(),
                        new GateWords.Onlooker(onlooker, false, whyNot, author, review.commits()));
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

    /** @param answer what came, after how long, and how often it was asked */
    public record CheckRow(
            String check, String place, Words.Mark mark, String answer, String difference, Words.Moment at) {}

    /** What was checked in the newest attempt. */
    public List<CheckRow> getChecks() {
        return promotion.deployment() == null
                ? List.of()
                : promotion.deployment().checks().stream()
                        .map(c -> new CheckRow(
                                c.result().check(),
                                c.result().place(),
                                c.result().held()
                                        ? new Words.Mark(Messages.Gate_holds(), "symbol-check", Words.GOOD)
                                        : new Words.Mark(Messages.Check_fails(), "symbol-close-circle", Words.BAD),
                                Messages.Check_answer(
                                        c.result().answer(),
                                        String.valueOf(c.result().millis()),
                                        c.result().asked()),
                                c.result().difference(),
                                Words.moment(c.at(), now)))
                        .toList();
    }

    /** Every way in which a step can stand, for the script to take icons from. */
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
        String summary;
        if (content.unchanged()) {
            summary = Messages.Target_unchanged();
        } else if (content.exactness() == Plan.Exactness.BOUNDED) {
            summary = Messages.Target_bounded();
        } else {
            summary = Messages.Summary_changes(content.changes().size());
        }
        return new TargetRow(
                target.key(),
                target.kind(),
                content.subject(),
                summary,
                content.changes().stream().limit(LISTED).map(ReviewView::change).toList(),
                Math.max(0, content.changes().size() - LISTED),
                content.unchanged() ? Map.of() : content.values(),
                content.pins());
    }

    private static ChangeRow change(Plan.Change change) {
        return new ChangeRow(
                verb(change.action()),
                change.subject(),
                change.type(),
                replaced(change.replacement()),
                change.properties().stream()
                        .map(p -> new PropertyRow(p.path(), p.before(), p.after(), replaced(p.replacement())))
                        .toList());
    }

    private static String verb(Plan.Action action) {
        return switch (action) {
            case ADD -> Messages.Change_add();
            case MODIFY -> Messages.Change_modify();
            case REMOVE -> Messages.Change_remove();
            case IMPORT -> Messages.Change_import();
            case DYNAMIC -> Messages.Change_dynamic();
        };
    }

    private static String replaced(Plan.Replacement replacement) {
        if (replacement == null) {
            return null;
        }
        return switch (replacement) {
            case NO -> null;
            case YES -> Messages.Change_replaced();
            case CONDITIONAL -> Messages.Change_mayBeReplaced();
        };
    }

    public List<String> getCommits() {
        return List.copyOf(review.commits());
    }

    public List<Provenance.Author> getAuthors() {
        return List.copyOf(review.authors());
    }

    public List<String> getPublishers() {
        return review.publishers().stream().map(Words::who).toList();
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
                        Words.voided(a)))
                .toList();
    }
}
