package io.jenkins.plugins.serverlesspromotion.aws.session;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import software.amazon.awssdk.core.SdkClient;

/**
 * A client whose calls are made once more when AWS says that their credentials have expired: the SDK keeps to those it
 * began a call with, also when it tries again. Refused so, a call had no effect; one whose answer was lost before is
 * repeated as the SDK repeats it too.
 */
final class ExpiredTokenRetry {
    private ExpiredTokenRetry() {}

    /** @param credentials are told of every failure of {@code client}, and forget what has expired */
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
