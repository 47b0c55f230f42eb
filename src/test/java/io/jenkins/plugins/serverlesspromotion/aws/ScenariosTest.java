package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.Test;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;

/**
 * What must be shown, and the scenario that shows it: every state that CloudFormation knows a stack to be in, and every
 * way of deploying with everything that can happen to it. A state that is added by a new SDK, or a scenario that is
 * renamed or lost, fails here.
 */
public class ScenariosTest {
    /** State of the stack | how it is met by planning, deploying, and the doctor where a person is needed. */
    private static final String STATES = """
            (absent)                   | StackDoctorTest.absentIsCreated
            REVIEW_IN_PROGRESS         | StackDoctorTest.reviewInProgressIsCreatedToo
            DELETE_COMPLETE            | AwsFaultsTest.aPlannedStackThatIsMadeAnewIsFollowedAtItsNewAddress
            CREATE_FAILED              | StackDoctorTest.createFailedIsDeletedOnAnOrder
            ROLLBACK_COMPLETE          | StackDoctorTest.rollbackCompleteIsDeletedOnAnOrder AwsFaultsTest.aFailedCreationLeavesAStackThatOnlyAPersonCanRemove
            ROLLBACK_FAILED            | StackDoctorTest.rollbackFailedIsDeletedOnAnOrder
            CREATE_COMPLETE            | StackDoctorTest.completeStatesAreUpdated AwsSuite.anUpdateShowsWhatChangesFromWhatToWhat
            UPDATE_COMPLETE            | StackDoctorTest.completeStatesAreUpdated
            IMPORT_COMPLETE            | StackStateTest.everyStateOfTheSdkHasARow
            UPDATE_ROLLBACK_COMPLETE   | StackDoctorTest.completeStatesAreUpdated AwsFaultsTest.aFailedUpdateTellsItsFirstCauseAndIsAlreadyBack
            IMPORT_ROLLBACK_COMPLETE   | StackStateTest.everyStateOfTheSdkHasARow
            UPDATE_FAILED              | StackDoctorTest.updateFailedIsRolledBackOnAnOrder
            UPDATE_ROLLBACK_FAILED     | StackDoctorTest.updateRollbackFailedGoesOnWhenTheCauseIsMended StackDoctorTest.whatARollbackCannotReachIsSkippedOnAnOrder AwsFaultsTest.aFailedRollbackIsAProblemForAPerson
            IMPORT_ROLLBACK_FAILED     | StackStateTest.everyStateOfTheSdkHasARow
            DELETE_FAILED              | StackDoctorTest.deleteFailedIsDeletedAgainOrRetainsWhatItCannotDelete
            UPDATE_COMPLETE_CLEANUP_IN_PROGRESS | StackStateTest.anUpdateThatCleansUpHasSucceededAndARollbackNever
            *_IN_PROGRESS              | StackDoctorTest.whatIsBeingChangedIsLeftAlone AwsFaultsTest.anOperationOfSomebodyElseIsWaitedForAndThenNamed
            """;

    private static final List<String> HAPPENINGS = List.of(
            "done",
            "nothing to do",
            "stale plan",
            "undone",
            "every fault once",
            "crash anywhere",
            "alarm goes off",
            "emulators");

    /** Way of deploying | for each of {@link #HAPPENINGS}: scenarios, or why there is none, in parentheses. */
    private static final String STRATEGIES = """
            stack     | AwsSuite.aStackIsCreatedAndItsOutputsAreKnown
                      | AwsSuite.nothingToDoIsUnchanged
                      | AwsSuite.aPlanThatNoLongerHoldsIsStale
                      | AwsSuite.anUpdateIsUndone
                      | FaultSweepTest.aStackIsUpdatedOnceAndBroughtBackOnce FaultSweepTest.aStackIsPlannedWithoutAnyEffect
                      | AwsCrashTest.anUpdateIsExecutedOnce AwsCrashTest.anUndoIsExecutedOnce AwsCrashTest.planningComesToTheSamePlan
                      | StackWatchTest.anAlarmRollsTheUpdateBackAndIsTheCause StackWatchTest.anAlarmThatIsStillOnDoesNotStopTheWayBack
                      | SamMinistackTest.anApplicationIsPromotedAskedReplacedAndBroughtBack
            allAtOnce | LambdaSuite.codeAndConfigurationAreWrittenPublishedAndGetTheAlias
                      | LambdaSuite.whatIsThereAlreadyIsUnchanged
                      | LambdaSuite.aVariableThatSomebodyElseChangedMakesThePlanVoidAndStaysSecret
                      | LambdaSuite.undoingReturnsToTheVeryVersionAndTheOldCode
                      | FaultSweepTest.allCallsAreShiftedOnceAndBackOnce LambdaTargetTest.lostAnswersAndStaleRevisionsHaveEachEffectOnce
                      | LambdaCrashTest.anUndoIsDoneOnce
                      | (an alarm is watched between two shifts, and here is one)
                      | LambdaMotoTest LambdaMinistackTest
            canary    | LambdaSuite.aCanaryGetsItsShareThenEverythingAndLeavesNoWeights
                      | LambdaSuite.whatIsThereAlreadyIsUnchanged
                      | LambdaTargetTest.aSettingThatSomebodyElseChangedMakesThePlanVoid LambdaSuite.anAliasThatAPersonMovedDuringTheCanaryIsLeftAlone
                      | LambdaTargetTest.undoingACanaryThatWasTakenBackMovesNoTraffic
                      | FaultSweepTest.aCanaryIsShiftedOnceAndBackOnce
                      | LambdaCrashTest.aCanaryIsShiftedOnce LambdaSuite.aCanaryThatWasLeftHalfWayGoesOn LambdaTargetTest.aCanaryThatNobodyBroughtToItsEndForADayIsTakenBack
                      | LambdaSuite.anAlarmTakesTheCanaryBack LambdaTargetTest.anAlarmThatNobodySawStillTakesTheCanaryBack LambdaSuite.nothingIsShiftedWhileAnAlarmIsOn
                      | LambdaMotoTest LambdaMinistackTest
            site      | AwsSuite.aSiteIsPublishedPagesLastAndInvalidated
                      | AwsSuite.aSiteIsPublishedPagesLastAndInvalidated
                      | SiteDeletionTest.whatCameIntoTheBucketAfterThePlanIsNotDeleted
                      | SiteDeletionTest.undoingBringsBackWhatWasDeletedAndTakesAwayWhatWasNew
                      | FaultSweepTest.aSiteIsReplacedAndInvalidatedOnceAndBackOnce
                      | SiteDeletionTest.aDeploymentWithDeletionsCutOffAnywhereComesToTheSameEnd SiteDeletionTest.anUndoCutOffAnywhereComesToTheSameEnd AwsCrashTest.aSiteIsInvalidatedOnce
                      | (files have no traffic to shift)
                      | AwsMotoTest
            """;

    private static void shown(String scenario) throws Exception {
        String[] parts = scenario.split("\\.");
        Class<?> test = Class.forName(ScenariosTest.class.getPackageName() + "." + parts[0]);
        if (parts.length == 1) {
            assertTrue(scenario, Arrays.stream(test.getMethods()).anyMatch(m -> m.isAnnotationPresent(Test.class)));
            return;
        }
        assertNotNull(scenario, test.getMethod(parts[1]).getAnnotation(Test.class));
    }

    @Test
    public void everyStateOfAStackHasAScenario() throws Exception {
        var rows = new LinkedHashMap<String, String>();
        STATES.lines().forEach(line -> rows.put(line.split("\\|")[0].strip(), line.split("\\|")[1].strip()));
        for (StackStatus status : StackStatus.knownValues()) {
            String state = status.toString();
            assertTrue(
                    state + " has a row",
                    rows.containsKey(state) || state.endsWith("_IN_PROGRESS") && rows.containsKey("*_IN_PROGRESS"));
        }
        for (String row : rows.values()) {
            for (String scenario : row.split(" +")) {
                shown(scenario);
            }
        }
        var known = new TreeSet<String>();
        StackStatus.knownValues().forEach(s -> known.add(s.toString()));
        var unknown = new TreeSet<>(rows.keySet());
        unknown.removeAll(known);
        assertEquals(new TreeSet<>(List.of("(absent)", "*_IN_PROGRESS")), unknown);
    }

    @Test
    public void everyWayOfDeployingHasAScenarioForEverythingThatHappensToIt() throws Exception {
        String[] cells = STRATEGIES.replaceAll("\n +\\|", " |").strip().split("\n");
        Map<String, List<String>> rows = new LinkedHashMap<>();
        for (String line : cells) {
            List<String> parts =
                    Arrays.stream(line.split("\\|")).map(String::strip).toList();
            rows.put(parts.get(0), parts.subList(1, parts.size()));
        }
        assertEquals("[stack, allAtOnce, canary, site]", rows.keySet().toString());
        for (var row : rows.entrySet()) {
            assertEquals(row.getKey(), HAPPENINGS.size(), row.getValue().size());
            for (String cell : row.getValue()) {
                if (!cell.startsWith("(")) {
                    for (String scenario : cell.split(" +")) {
                        shown(scenario);
                    }
                }
            }
        }
    }
}
