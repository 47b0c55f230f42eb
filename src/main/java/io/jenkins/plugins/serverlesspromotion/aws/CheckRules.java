package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Locale;

/**
 * Which addresses an HTTP check may reach. Teams write the addresses and the controller asks, so a check must not become
 * a way to look at the instance metadata or the inside of a network (SSRF). Policy says which hosts may be asked at all,
 * the settings which of them may be inside.
 */
final class CheckRules {
    private final AwsSettings settings;
    private final Collection<String> only;

    /** @param account in which the release is that is checked */
    CheckRules(AwsSettings settings, Policy.Account account) {
        this.settings = settings;
        this.only = account.checkHosts();
    }

    /** Why {@code host} may not be asked whatever its address is; null when it may. */
    String refusal(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return only == null || matches(only, name)
                ? null
                : host + " is none of the hosts that policy lets checks ask " + only;
    }

    /** Why {@code host} may not be asked at {@code address}; null when it may. */
    String refusal(String host, InetAddress address) {
        if (isPublic(address)) {
            return null;
        }
        String name = host.toLowerCase(Locale.ROOT);
        boolean allowed = isOfTheLink(address)
                // A name that somebody can point to the metadata is not enough: the very address must be named.
                ? isLiteral(name) && settings.checkHosts().contains(name)
                : settings.mayCheck(name);
        return allowed
                ? null
                : host + " is " + address.getHostAddress()
                        + ", which is not a public address; test it with a lambda check inside the network";
    }

    static boolean matches(Collection<String> patterns, String name) {
        return patterns.stream()
                .anyMatch(allowed ->
                        allowed.startsWith("*.") ? name.endsWith(allowed.substring(1)) : name.equals(allowed));
    }

    private static boolean isLiteral(String host) {
        return host.matches("[0-9.]+|\\[?[0-9a-f]*:[0-9a-f:.]*]?");
    }

    /** Link-local, where instance metadata lives, also that of IPv6, and what names no single host. */
    private static boolean isOfTheLink(InetAddress address) {
        byte[] b = address.getAddress();
        boolean metadata = address instanceof Inet6Address
                && (b[0] & 0xff) == 0xfd
                && b[1] == 0
                && b[2] == 0x0e
                && (b[3] & 0xff) == 0xc2;
        return address.isLinkLocalAddress() || address.isAnyLocalAddress() || address.isMulticastAddress() || metadata;
    }

    /** Whether anybody on the Internet could ask it too (RFC 6890 special-purpose addresses are not). */
    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] b = address.getAddress();
        int first = b[0] & 0xff;
        int second = b[1] & 0xff;
        if (address instanceof Inet4Address) {
            return first != 0
                    && !(first == 100 && second >= 64 && second < 128)
                    && !(first == 192 && second == 0 && (b[2] & 0xff) == 0)
                    && !(first == 198 && (second == 18 || second == 19))
                    && first < 240;
        }
        // fc00::/7 is private; 64:ff9b::/96, 2002::/16 and 2001::/32 carry an IPv4 address of any kind.
        return address instanceof Inet6Address
                && (first & 0xfe) != 0xfc
                && !(first == 0 && second == 0x64)
                && !(first == 0x20 && second == 0x02)
                && !(first == 0x20 && second == 0x01 && b[2] == 0 && b[3] == 0)
                && !isCompatible(b);
    }

    /** {@code ::a.b.c.d}, which old stacks route like IPv4. */
    private static boolean isCompatible(byte[] b) {
        for (int i = 0; i < 12; i++) {
            if (b[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
