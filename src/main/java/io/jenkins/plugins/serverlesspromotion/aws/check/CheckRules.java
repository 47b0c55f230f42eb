package io.jenkins.plugins.serverlesspromotion.aws.check;

import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Decides which addresses an HTTP check may reach. Teams write the addresses and the controller calls them. So a check
 * must not give access to the instance metadata or an internal network (SSRF). Policy lists the allowed hosts. The
 * settings list which of them may be internal.
 */
public final class CheckRules {
    /** Host names of the instance metadata services. */
    private static final Set<String> METADATA =
            Set.of("metadata", "metadata.google.internal", "instance-data", "instance-data.ec2.internal");

    private final AwsSettings settings;
    private final Collection<String> only;
    private final Predicate<InetAddress> own;

    /** @param account in which the checked release is */
    public CheckRules(AwsSettings settings, Policy.Account account) {
        this(settings, account, CheckRules::isOfThisMachine);
    }

    /** @param own whether an address belongs to this machine */
    CheckRules(AwsSettings settings, Policy.Account account, Predicate<InetAddress> own) {
        this.settings = settings;
        this.only = account.checkHosts();
        this.own = own;
    }

    /** Why {@code host} must not be called, whatever its address; null when it may. */
    String refusal(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        // "jenkins.acme.com." means the same host.
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (METADATA.contains(bare)) {
            return host + " names the metadata of an instance, which no check may ask";
        }
        if (settings.controllerHosts().contains(bare)) {
            return host + " is this controller itself, which no check may ask";
        }
        return only == null || matches(only, name)
                ? null
                : host + " is none of the hosts that policy allows checks to call " + only;
    }

    /** Why {@code host} must not be called at {@code address}; null when it may. */
    String refusal(String host, InetAddress address) {
        if (isOfTheLink(address) || isOfTheLink(carried(address))) {
            return host + " is " + address.getHostAddress()
                    + ", a link-local address, where the metadata of instances is; no check may ask it";
        }
        // With an emulator all services are on one machine.
        if (!settings.privateAddresses() && (own.test(address) || own.test(carried(address)))) {
            return host + " is " + address.getHostAddress()
                    + ", an address of the controller itself, which no check may ask";
        }
        if (isPublic(address)) {
            return null;
        }
        return mayBeInside(settings, host)
                ? null
                : host + " is " + address.getHostAddress()
                        + ", which is not a public address; test it with a lambda check inside the network";
    }

    /** Whether the settings allow checks to reach {@code host} at a private address. */
    static boolean mayBeInside(AwsSettings settings, String host) {
        return settings.privateAddresses() || matches(settings.checkHosts(), host.toLowerCase(Locale.ROOT));
    }

    private static boolean matches(Collection<String> patterns, String name) {
        return patterns.stream()
                .anyMatch(allowed ->
                        allowed.startsWith("*.") ? name.endsWith(allowed.substring(1)) : name.equals(allowed));
    }

    /** Link-local addresses, which include the instance metadata, also for IPv6, and addresses of no single host. */
    private static boolean isOfTheLink(InetAddress address) {
        byte[] b = address.getAddress();
        boolean metadata = address instanceof Inet6Address
                && (b[0] & 0xff) == 0xfd
                && b[1] == 0
                && b[2] == 0x0e
                && (b[3] & 0xff) == 0xc2;
        return address.isLinkLocalAddress() || address.isAnyLocalAddress() || address.isMulticastAddress() || metadata;
    }

    /** The IPv4 address that an IPv6 address carries (RFC 6052, RFC 3056, RFC 4380, {@code ::a.b.c.d}); else itself. */
    private static InetAddress carried(InetAddress address) {
        byte[] b = address.getAddress();
        if (b.length != 16) {
            return address;
        }
        int first = (b[0] & 0xff) << 8 | b[1] & 0xff;
        int second = (b[2] & 0xff) << 8 | b[3] & 0xff;
        if (first == 0x64 && second == 0xff9b || isCompatible(b)) {
            return ipv4(b[12], b[13], b[14], b[15]);
        }
        if (first == 0x2002) {
            return ipv4(b[2], b[3], b[4], b[5]);
        }
        // Teredo inverts the bits.
        return first == 0x2001 && second == 0
                ? ipv4((byte) ~b[12], (byte) ~b[13], (byte) ~b[14], (byte) ~b[15])
                : address;
    }

    private static InetAddress ipv4(byte... address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            // When the interfaces cannot be read, the address may belong to this machine.
            return true;
        }
    }

    /** Whether it is reachable from the public Internet (RFC 6890 special-purpose addresses are not). */
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
