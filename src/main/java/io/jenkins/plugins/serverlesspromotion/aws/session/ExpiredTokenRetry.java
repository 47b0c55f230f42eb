package io.jenkins.plugins.serverlesspromotion.aws.session;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import software.amazon.awssdk.core.SdkClient;

/**
 * A client that repeats a call once when AWS reports that its credentials have expired: the SDK keeps the credentials
 * with which a call began, also in its retries. A call that is refused for this reason had no effect. If an earlier
 * response was lost, the call is repeated just as the SDK repeats it.
 */
final class ExpiredTokenRetry {
    private ExpiredTokenRetry() {}

    /** @param credentials receives every failure of {@code client}, and drops expired credentials */
    @SuppressWarnings("unchecked")
    static <C> C with(RoleCredentials credentials, C client) {
        Class<?> type = type(client.getClass());
        return (C) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            try {
                return method.invoke(client, arguments);
            } catch (InvocationTargetException e) {
                if (!credentials.isExpiry(e.getCause())) {
                    throw e.getCause();
                }
            }
            try {
                return method.invoke(client, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    /** The interface of the service. */
    private static Class<?> type(Class<?> client) {
        for (Class<?> one = client; one != null; one = one.getSuperclass()) {
            var found = Arrays.stream(one.getInterfaces())
                    .filter(SdkClient.class::isAssignableFrom)
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new IllegalStateException(client + " is no client of the SDK");
    }
}
