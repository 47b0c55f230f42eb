package io.jenkins.plugins.serverlesspromotion.bench;

import java.util.List;

/**
 * The least time that AWS needs for a kind of promotion, and what ours may take. Everything here is stated by hand and
 * nothing of it is read from a run: a superfluous request of the product makes the measured figures worse, never the floor.
 *
 * @param what the kind of promotion, in the words of the report
 * @param chain the requests of which each needs the answer of the one before; requests that can be sent at the same time
 *     are one link
 * @param changeSets how many change sets CloudFormation computes, one after the other
 * @param stackUpdates how many updates of a stack, one after the other
 * @param functionUpdates how many updates of a function's code, one after the other
 * @param limit what ours may take
 */
record Floor(
        String what, List<String> chain, int changeSets, int stackUpdates, int functionUpdates, Limit limit) {

    /** Of every request, in the sandbox; as is everything else that takes time there. */
    static final long CALL_MILLIS = 50;

    static final long CHANGE_SET_MILLIS = 3_000;
    static final long STACK_UPDATE_MILLIS = 12_000;
    static final long FUNCTION_UPDATE_MILLIS = 1_500;

    /**
     * What was measured when the limit was set, with the margin that the table of "What takes how long" states.
     *
     * @param over measured time over the floor
     * @param calls requests to AWS; one more is a miss
     * @param reads requests to CloudFormation that change nothing; one more is a miss
     */
    record Limit(double over, int calls, int reads) {}

    /**
     * The code is new to the account. The state of the stack is read while the code is copied; a template of this size can
     * be a part of the request that creates the change set.
     */
    static final Floor STACK_CHANGE = new Floor(
            "one-function change",
            List.of(
                    "sts:AssumeRole",
                    "s3:CopyObject",
                    "cloudformation:CreateChangeSet",
                    "cloudformation:DescribeChangeSet",
                    "cloudformation:ExecuteChangeSet",
                    "cloudformation:DescribeStacks"),
            1,
            1,
            0,
            new Limit(1.20, 19, 5));

    /** The same, when no change set and no update of the stack has been measured before: it is asked more often. */
    static final Floor FIRST_STACK_CHANGE = new Floor(
            "the first change ever", STACK_CHANGE.chain(), 1, 1, 0, new Limit(1.45, 28, 14));

    /** Stack and template are read at the same time for the plan; the deployment reads the stack again. */
    static final Floor STACK_UNCHANGED = new Floor(
            "no change",
            List.of("sts:AssumeRole", "cloudformation:DescribeStacks", "cloudformation:DescribeStacks"),
            0,
            0,
            0,
            new Limit(6.00, 10, 3));

    /**
     * The code is in the account. Function and alias are read at the same time; the requests that write name the revision
     * that was read.
     */
    static final Floor FUNCTION_CHANGE = new Floor(
            "one-function change",
            List.of(
                    "sts:AssumeRole",
                    "lambda:GetFunction",
                    "lambda:UpdateFunctionCode",
                    "lambda:GetFunction",
                    "lambda:PublishVersion",
                    "lambda:UpdateAlias"),
            0,
            0,
            1,
            new Limit(2.50, 22, 2));

    /** Function and alias are read at the same time for the plan; the deployment reads them again. */
    static final Floor FUNCTION_UNCHANGED = new Floor(
            "no change",
            List.of("sts:AssumeRole", "lambda:GetFunction", "lambda:GetFunction"),
            0,
            0,
            0,
            new Limit(9.00, 13, 2));

    double seconds() {
        return (chain.size() * CALL_MILLIS
                        + changeSets * CHANGE_SET_MILLIS
                        + stackUpdates * STACK_UPDATE_MILLIS
                        + functionUpdates * FUNCTION_UPDATE_MILLIS)
                / 1_000.0;
    }
}
