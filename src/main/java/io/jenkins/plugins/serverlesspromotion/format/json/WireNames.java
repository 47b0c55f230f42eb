package io.jenkins.plugins.serverlesspromotion.format.json;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.CheckResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Command;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Event;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneHold;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PeopleStatements;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionPlanning;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Adoption;
import io.jenkins.plugins.serverlesspromotion.engine.policy.EvidenceKey;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Freeze;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.OwnedResources;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.RulesChange;
import io.jenkins.plugins.serverlesspromotion.engine.policy.SharedFunctions;

/**
 * The JSON names of records, their members and enum constants: in the journal, in the input of digests, in REST and in
 * {@code --json}. This table is their only source, so renaming a Java type, component or constant changes no byte. A
 * type that is not here cannot be written or read.
 *
 * <p>A line for a record contains the names of its components in their order. To add a member, add its name. If older
 * records lack it, write {@code name?}: it is left out while it is empty, so that digests and old approvals stay
 * unchanged. To add a record or an enum, add a line. Never change a name of the journal or of a digest, because
 * existing files contain it.
 */
public final class WireNames {
    public static final WireTable TABLE = new WireTable();

    static {
        reserved();
        entries();
        facts();
        lane();
        plan();
        ReleaseNames.addTo(TABLE);
        policy();
        digests();
        commands();
        DocumentNames.addTo(TABLE);
    }

    private WireNames() {}

    /**
     * The name of an enum's constant in JSON.
     *
     * @throws IllegalStateException when the enum is not in the table
     */
    public static String of(Enum<?> constant) {
        return TABLE.constant(constant);
    }

    /** Kinds of entries that are reserved and that no version writes yet; see docs/developer/journal-format.md. */
    private static void reserved() {
        TABLE.reserve(
                "writerChanged",
                "keyChanged",
                "environmentOpened",
                "environmentEnding",
                "environmentClosed",
                "setAdvanced",
                "archived",
                "configurationInvalid",
                "storeAccepted",
                "publisherTokenChanged");
    }

    /** The journal, frozen: the content of a record. */
    private static void entries() {
        TABLE.type(Entry.PolicyApplied.class, "policyApplied", "digest policy by changes?")
                .type(Entry.ConfigurationProposed.class, "configurationProposed", "id by base differences content")
                .type(
                        Entry.StackRecovered.class,
                        "stackTreated",
                        "lane step stack from choice resources by reason to detail requests")
                .type(Entry.ConfigurationSettled.class, "configurationSettled", "proposal outcome by reason")
                .constants(Entry.ConfigurationSettled.Outcome.class, c -> switch (c) {
                    case ACCEPTED -> "ACCEPTED";
                    case CARRIED_OUT -> "CARRIED_OUT";
                    case REJECTED -> "REJECTED";
                    case WITHDRAWN -> "WITHDRAWN";
                    case LAPSED -> "LAPSED";
                })
                .type(Entry.StoreCreated.class, "storeCreated", "store product")
                .type(Entry.StoreRepaired.class, "storeRepaired", "finding setAside?")
                .type(Entry.ReleasePublished.class, "releasePublished", "published")
                .type(Entry.ReleasePublishedAgain.class, "releasePublishedAgain", "release provenance by")
                .type(Entry.NoEchoFound.class, "noEchoFound", "release parameters")
                .type(Entry.EvidenceRecorded.class, "evidenceRecorded", "evidence envelope")
                .type(Entry.LaneAdvanced.class, "laneAdvanced", "fact events lane")
                .type(Entry.Paused.class, "paused", "pause")
                .type(Entry.Resumed.class, "resumed", "scope by reason")
                .type(Entry.Refused.class, "refused", "who what why people? promotion?")
                .type(Entry.DriftFound.class, "driftFound", "lane promotion release targets by")
                .type(Entry.DriftGone.class, "driftGone", "lane promotion release targets by")
                .type(Entry.OwnerDecided.class, "ownerDecided", "resource owner by reason");
    }

    /** The journal, frozen: the facts of a lane. */
    private static void facts() {
        TABLE.type(Fact.Requested.class, "requested", "release request")
                .type(Fact.RollbackRequested.class, "rollbackRequested", "version request")
                .type(Fact.Planned.class, "planned", "promotion planning plan")
                .type(Fact.PlanningEnded.class, "planningEnded", "promotion planning failure")
                .record(Fact.Failure.class, "verdict cause")
                .constants(Fact.FailureKind.class, c -> switch (c) {
                    case FAILED -> "FAILED";
                    case ERRORED -> "ERRORED";
                })
                .type(Fact.ReplanRequested.class, "replanRequested", "promotion person")
                .type(Fact.AbortRequested.class, "abortRequested", "promotion by reason")
                .type(Fact.Withdrawn.class, "withdrawn", "promotion key by reason")
                .type(Fact.StepEnded.class, "stepEnded", "promotion attempt step result")
                .record(Fact.StepResult.class, "status outputs detail requests results")
                .record(CheckResult.class, "check place held asked millis answer digest difference")
                .type(Fact.Verified.class, "verified", "promotion attempt wave checks failure results")
                .type(Fact.Undone.class, "undone", "promotion attempt step detail requests failure")
                .type(Fact.HoldReleased.class, "holdReleased", "person reason")
                .type(Fact.Approved.class, "approved", "promotion person planDigest comment")
                .type(Fact.ApprovalWithdrawn.class, "approvalWithdrawn", "promotion person reason")
                .type(Fact.Overridden.class, "overridden", "promotion person planDigest reason ticket")
                .type(Fact.RequestersStated.class, "requestersStated", "promotion person people reason")
                .type(Fact.AuthorsAttested.class, "authorsAttested", "promotion person release people reason")
                .type(Fact.Reviewed.class, "reviewed", "promotion person finding")
                .type(Fact.MembershipRead.class, "membershipRead", "promotion number answer")
                .type(Fact.Rejected.class, "rejected", "promotion person reason")
                .type(Fact.Reconsidered.class, "reconsidered", "because")
                .type(Fact.OwnersRecorded.class, "ownersRecorded", "owns promotions");
    }

    /** The journal, frozen: the state of a lane. */
    private static void lane() {
        TABLE.record(LaneId.class, "service environment")
                .record(
                        PromotionDecisions.Request.class,
                        "by people at reason ticket key unknown? withdrawn? stated? after?")
                .constants(Deployment.Status.class, c -> switch (c) {
                    case PENDING -> "PENDING";
                    case RUNNING -> "RUNNING";
                    case DONE -> "DONE";
                    case UNCHANGED -> "UNCHANGED";
                    case FAILED -> "FAILED";
                    case ERRORED -> "ERRORED";
                    case STALE -> "STALE";
                    case UNDOING -> "UNDOING";
                    case UNDONE -> "UNDONE";
                    case UNDO_FAILED -> "UNDO_FAILED";
                })
                .record(PromotionDecisions.Answer.class, "groups gone failure")
                .record(Event.class, "type promotion actor text")
                .constants(Event.Type.class, c -> switch (c) {
                    case REQUESTED -> "REQUESTED";
                    case JOINED -> "JOINED";
                    case STATE -> "STATE";
                    case PLANNED -> "PLANNED";
                    case APPROVED -> "APPROVED";
                    case APPROVAL_VOIDED -> "APPROVAL_VOIDED";
                    case APPROVAL_WITHDRAWN -> "APPROVAL_WITHDRAWN";
                    case MEMBERSHIP -> "MEMBERSHIP";
                    case OVERRIDDEN -> "OVERRIDDEN";
                    case REQUESTERS_STATED -> "REQUESTERS_STATED";
                    case AUTHORS_ATTESTED -> "AUTHORS_ATTESTED";
                    case OVERRIDE_CONFIRMED -> "GLASS_BROKEN";
                    case REVIEWED -> "REVIEWED";
                    case REJECTED -> "REJECTED";
                    case ABORT_REQUESTED -> "ABORT_REQUESTED";
                    case STEP -> "STEP";
                    case VERIFIED -> "VERIFIED";
                    case LIVE -> "LIVE";
                    case HOLD -> "HOLD";
                    case HOLD_RELEASED -> "HOLD_RELEASED";
                    case OWNERS -> "OWNERS";
                    case TICKETS -> "TICKETS";
                    case REFUSED -> "REFUSED";
                })
                .record(LaneForm.class, "id live good hold promotions counted changes reviews? owns? holds?")
                .record(LaneHold.class, "kind by since until? reason")
                .constants(LaneHold.Kind.class, c -> switch (c) {
                    case ROLLBACK -> "ROLLBACK";
                    case RESERVED -> "RESERVED";
                    case SET -> "SET";
                    case RUN -> "RUN";
                })
                .record(Lane.Live.class, "release promotion since places")
                .record(Lane.Hold.class, "by since reason")
                .record(
                        PromotionForm.class,
                        "id kind release state since why before requests planning plan approvals waitingSince "
                                + "queuedAt deployment stale overrides? membership ticketCheck "
                                + "requestersStated? authorsAttested?")
                .record(PromotionDecisions.TicketCheck.class, "patterns ticket unusable problem")
                .record(PeopleStatements.RequestersStatement.class, "person at people reason publishers")
                .record(PeopleStatements.AuthorsAttestation.class, "person at release people reason")
                .constants(Promotion.Kind.class, c -> switch (c) {
                    case FORWARD -> "FORWARD";
                    case ROLLBACK -> "ROLLBACK";
                })
                .constants(Promotion.State.class, c -> switch (c) {
                    case REQUESTED -> "REQUESTED";
                    case PLANNING -> "PLANNING";
                    case WAITING -> "WAITING";
                    case QUEUED -> "QUEUED";
                    case DEPLOYING -> "DEPLOYING";
                    case VERIFYING -> "VERIFYING";
                    case SUCCEEDED -> "SUCCEEDED";
                    case REJECTED -> "REJECTED";
                    case EXPIRED -> "EXPIRED";
                    case SUPERSEDED -> "SUPERSEDED";
                    case ABORTED -> "ABORTED";
                    case FAILED -> "FAILED";
                    case ROLLING_BACK -> "ROLLING_BACK";
                    case ROLLED_BACK -> "ROLLED_BACK";
                    case ROLLBACK_FAILED -> "ROLLBACK_FAILED";
                    case ERRORED -> "ERRORED";
                })
                .record(PromotionPlanning.Planned.class, "digest at basis problems steps findings claims gone?")
                .record(PromotionPlanning.PlannedStep.class, "key wave after")
                .record(
                        PromotionDecisions.Approval.class,
                        "person at comment releaseDigest planDigest policyDigest voided withdrawn?")
                .record(Deployment.class, "attempt steps verified openAt abort checks owns?")
                .record(Deployment.Step.class, "key wave after status since returnTo outputs detail requests")
                .record(Deployment.Checked.class, "at result")
                .record(PromotionDecisions.Override.class, "person at reason ticket planDigest policyDigest")
                .record(PromotionDecisions.Membership.class, "number at answer")
                .record(Lane.PostReview.class, "promotion release at by gates reason")
                .record(GateContext.Pause.class, "scope by since reason")
                .record(OwnershipClaim.class, "kind id place how promotion")
                .constants(OwnershipClaim.How.class, c -> switch (c) {
                    case CREATED -> "CREATED";
                    case ADOPTED -> "ADOPTED";
                    case POLICY -> "POLICY";
                })
                .record(ResourceId.class, "kind id place")
                .constants(ResourceId.Kind.class, c -> switch (c) {
                    case STACK -> "STACK";
                    case FUNCTION -> "FUNCTION";
                    case BUCKET -> "BUCKET";
                    case DISTRIBUTION -> "DISTRIBUTION";
                    case CHECK -> "CHECK";
                })
                .record(ResourceOwner.class, "service environment");
    }

    /** The journal and the digest of a plan, frozen. */
    private static void plan() {
        TABLE.record(Plan.class, "digest targets problems")
                .record(Plan.TargetPlan.class, "place target kind wave after content handles claims? gone?")
                .record(Plan.Content.class, "exactness subject templateDigest liveDigest values pins changes findings")
                .constants(Plan.Exactness.class, c -> switch (c) {
                    case EXACT -> "EXACT";
                    case BOUNDED -> "BOUNDED";
                })
                .record(Plan.Change.class, "subject type action replacement properties")
                .constants(Plan.Action.class, c -> switch (c) {
                    case ADD -> "ADD";
                    case MODIFY -> "MODIFY";
                    case REMOVE -> "REMOVE";
                    case IMPORT -> "IMPORT";
                    case DYNAMIC -> "DYNAMIC";
                })
                .constants(Plan.Replacement.class, c -> switch (c) {
                    case NO -> "NO";
                    case YES -> "YES";
                    case CONDITIONAL -> "CONDITIONAL";
                })
                .record(Plan.PropertyChange.class, "path before after replacement")
                .record(Plan.Finding.class, "kind subject sentence evidence")
                .record(Plan.Evidence.class, "path before after")
                .record(Plan.Problem.class, "key cause");
    }

    /** The journal and the digests of policy and rules, frozen. */
    private static void policy() {
        TABLE.record(Policy.Store.class, "name bucket region account")
                .record(
                        Policy.Account.class,
                        "name id credentialsId externalId planRole deployRole executionRole testRole bucket "
                                + "checkHosts alarms")
                .record(Policy.Role.class, "name users groups")
                .record(Policy.Environment.class, "name after gates rollback supersede arrival breakGlass riskNeeds")
                .type(Gate.Approval.class, "approval", "require excludeRequesters expiresAfter authors comment")
                .record(Gate.Requirement.class, "role count")
                .constants(Gate.Authors.class, c -> switch (c) {
                    case BLOCK_UNMAPPED -> "BLOCK_UNMAPPED";
                    case IGNORE_UNMAPPED -> "IGNORE_UNMAPPED";
                })
                .constants(Gate.Comment.class, c -> switch (c) {
                    case OPTIONAL -> "OPTIONAL";
                    case REQUIRED -> "REQUIRED";
                })
                .type(Gate.Window.class, "window", "days from lastStart zone overrun")
                .constants(Gate.Overrun.class, c -> switch (c) {
                    case FINISH -> "FINISH";
                    case WAIT -> "WAIT";
                })
                .type(Gate.Soak.class, "soak", "environment duration")
                .type(Gate.Evidence.class, "evidence", "kind from maxAge")
                .type(Gate.Alarm.class, "alarm", "names")
                .type(Gate.ContainsLive.class, "containsLive", "")
                .type(Gate.Ticket.class, "ticket", "pattern")
                .constants(Policy.Arrival.class, c -> switch (c) {
                    case ON_REQUEST -> "ON_REQUEST";
                    case AUTOMATIC -> "AUTOMATIC";
                })
                .record(Policy.BreakGlass.class, "require timeBox ticket review")
                .record(Policy.RiskNeed.class, "finding requirement")
                .record(Policy.Service.class, "name owners jobs placements paths? owns?")
                .record(Policy.Grant.class, "job may")
                .record(Policy.Placement.class, "waves pause")
                .record(Policy.Place.class, "account region")
                .record(Policy.Path.class, "name branches environments")
                .record(Freeze.class, "name from until zone environments exempt")
                .record(OwnedResources.class, "environment stacks functions buckets distributions")
                .record(SharedFunctions.class, "functions accounts services")
                .record(Adoption.class, "until")
                .record(Policy.People.class, "aliases mailDomains")
                .record(EvidenceKey.class, "name publicKey")
                .record(RulesChange.class, "environment service by at")
                .record(Person.class, "id groups assurance")
                .record(
                        PolicyForm.class,
                        "stores accounts roles environments services freezes? people evidenceKeys? shared? adopt");
    }

    /** The input of digests only, frozen. */
    private static void digests() {
        TABLE.record(
                        LaneRules.class,
                        "service environment placement roles accounts freezes? routes? people evidenceKeys?")
                .record(LaneRules.Route.class, "path branches leadsHere before")
                .record(PlanForm.class, "key wave after content");
    }

    /** Commands, which are not stored today; frozen with the rest. */
    private static void commands() {
        TABLE.type(Command.MakePlan.class, "makePlan", "promotion planning")
                .type(Command.ReadMembership.class, "readMembership", "promotion number")
                .type(Command.DeployStep.class, "deployStep", "promotion attempt step")
                .type(Command.VerifyWave.class, "verifyWave", "promotion attempt wave")
                .type(Command.UndoStep.class, "undoStep", "promotion attempt step");
    }
}
