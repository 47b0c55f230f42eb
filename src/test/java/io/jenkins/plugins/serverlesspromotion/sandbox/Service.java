package io.jenkins.plugins.serverlesspromotion.sandbox;

/** One AWS service: how its requests are named, answered and refused. */
interface Service {
    /** Says which operation this is and what it is about ({@link Call#operation}, {@link Call#resource}). */
    void name(Call call);

    /**
     * Does it, under the sandbox's lock unless {@link #unlocked} says otherwise.
     *
     * @throws AwsError when AWS would refuse
     */
    Reply handle(Call call);

    Reply error(Call call, AwsError error);

    /** What the service says when it is asked too often. */
    default AwsError throttled() {
        return new AwsError(400, "Throttling", "Rate exceeded");
    }

    /** Whether an operation takes long and locks by itself. */
    default boolean unlocked(Call call) {
        return false;
    }

    /** Answers for every service the sandbox does not have. */
    Service NONE = new Service() {
        @Override
        public void name(Call call) {
            String target = call.header("X-Amz-Target");
            String action = target == null && call.method.equals("POST") ? call.param("Action") : null;
            call.operation = target != null
                    ? target.substring(target.indexOf('.') + 1)
                    : action != null ? action : call.method + " " + call.rawPath;
        }

        @Override
        public Reply handle(Call call) {
            throw AwsError.unknownOperation(call.service, call.operation);
        }

        @Override
        public Reply error(Call call, AwsError error) {
            return call.header("X-Amz-Target") != null || call.rawPath.length() > 1
                    ? Reply.json(error.status, SandboxJson.map("__type", error.code, "message", error.getMessage()))
                            .header("x-amzn-ErrorType", error.code)
                    : call.queryError("http://sandbox/doc/", error);
        }
    };
}
