package io.jenkins.plugins.serverlesspromotion.aws;

import java.util.Locale;
import java.util.function.Consumer;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/**
 * Adds the account and role of the call to every exception of a client, because the SDK's own messages contain neither.
 */
public final class CallTrace implements ExecutionInterceptor {
    private final String account;
    private final String region;
    private final String role;
    private final Consumer<Throwable> seen;

    public CallTrace(String account, String region, String role) {
        this(account, region, role, thrown -> {});
    }

    /** @param seen receives every failure */
    public CallTrace(String account, String region, String role, Consumer<Throwable> seen) {
        this.account = account;
        this.region = region;
        this.role = role;
        this.seen = seen;
    }

    @Override
    public Throwable modifyException(Context.FailedExecution context, ExecutionAttributes attributes) {
        Throwable thrown = context.exception();
        seen.accept(thrown);
        // Credentials are fetched inside another call: the innermost call is the true source.
        if (thrown != null && at(thrown) == null) {
            thrown.addSuppressed(new Where(
                    account,
                    region,
                    role,
                    service(attributes) + ":" + attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME)));
        }
        return thrown;
    }

    /** The name in IAM policies: {@code secretsmanager}. */
    private static String service(ExecutionAttributes attributes) {
        return String.valueOf(attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME))
                .replace(" ", "")
                .toLowerCase(Locale.ROOT);
    }

    /** The call in which {@code thrown} or one of its causes happened; null when it is not recorded. */
    public static Where at(Throwable thrown) {
        Where found = null;
        for (Throwable one = thrown; one != null; one = one.getCause() == one ? null : one.getCause()) {
            for (Throwable extra : one.getSuppressed()) {
                if (extra instanceof Where where) {
                    found = where;
                }
            }
        }
        return found;
    }

    /** Not a failure itself: attached to one. */
    public static final class Where extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final String account;
        final String region;
        final String role;
        final String action;

        Where(String account, String region, String role, String action) {
            super(action + " in account " + account + ", " + region + ", as " + role, null, false, false);
            this.account = account;
            this.region = region;
            this.role = role;
            this.action = action;
        }
    }
}
