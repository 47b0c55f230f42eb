package io.jenkins.plugins.serverlesspromotion.journey;

/**
 * A point where the program can be killed.
 *
 * @param step number of the step in {@link Script}, from 0
 * @param service AWS service, or {@code disk}
 * @param operation AWS operation, or {@code act}
 * @param resource key of the resource as the sandbox's log has it, with {@code *} for what differs in every run; empty for
 *     the disk
 * @param occurrence the how-manieth of its kind in the step, from 1
 * @param after whether it has taken effect (the answer has not been sent) or not
 */
record CrashPointId(int step, String service, String operation, String resource, int occurrence, boolean after) {
    static final String DISK = "disk";

    boolean isDisk() {
        return service.equals(DISK);
    }

    /** Whether the accounts or the disk are other ones after it than before. */
    boolean leavesSomething() {
        return isDisk() || !operation.matches("(Describe|Get|List|Head|AssumeRole).*");
    }

    @Override
    public String toString() {
        return "step " + (step + 1) + ", " + (after ? "after" : "before") + " " + service + ":" + operation
                + (resource.isEmpty() ? "" : " " + resource) + " #" + occurrence;
    }
}
