package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Everything that exists in the sandbox. One graph of serialisable objects, so that a snapshot is its serialised form.
 * Guarded by the sandbox's lock.
 */
final class World implements Serializable {
    /** The organization that every account of the sandbox is in. */
    static final String ORGANIZATION = "o-sandbox00001";

    private static final long serialVersionUID = 1L;

    /** One change of one resource: what assertions about effects read. Digests are SHA-256, empty for "not there". */
    record Change(
            long number,
            String at,
            String account,
            String region,
            String type,
            String id,
            String what,
            String before,
            String after,
            String principal,
            String sourceIdentity,
            Map<String, String> tags,
            long seq)
            implements Serializable {}

    final Map<String, Account> accounts = new TreeMap<>();
    final Map<String, Account.Key> keys = new HashMap<>();
    final Map<String, Bucket> buckets = new TreeMap<>();
    final List<Change> history = new ArrayList<>();
    final RequestLog log = new RequestLog();
    final Faults faults = new Faults();
    final Timeline timeline;
    final SandboxConfig.Durations durations;
    /** Attributes of custom resource types that are allowed to work, by type name. */
    final Map<String, Map<String, String>> customResources = new TreeMap<>();

    /** In what AWS is taken to behave otherwise here. */
    final Set<Variant> variants = EnumSet.noneOf(Variant.class);
    /** Keys whose first conditional write is over; see {@link Variant#CONDITIONAL_WRITES_CONFLICT}. */
    final Set<String> conflicted = new TreeSet<>();

    private final Map<String, Region> regions = new TreeMap<>();
    private final Map<String, String> lastDigest = new HashMap<>();
    private long identifiers;

    World(double timeScale, SandboxConfig.Durations durations) {
        this.timeline = new Timeline(timeScale);
        this.durations = durations;
    }

    boolean is(Variant variant) {
        return variants.contains(variant);
    }

    Region region(String account, String region) {
        return regions.computeIfAbsent(account + "/" + region, key -> new Region(account, region));
    }

    Iterable<Region> regions() {
        return regions.values();
    }

    /** An identifier that differs from all others but is the same in every run. */
    String uuid() {
        return UUID.nameUUIDFromBytes(("sandbox-" + identifiers++).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /** Upper-case letters and digits. */
    String letters(int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(SandboxJson.digest(uuid()).toUpperCase(java.util.Locale.ROOT));
        }
        return text.substring(0, length);
    }

    /** Lets an operation continue later; the duration is nominal. */
    void later(long nominalMillis, Timeline.Task task) {
        timeline.in(nominalMillis, task);
    }

    /**
     * Writes the history.
     *
     * @param content the resource after the change, in any stable form (bytes, text or a tree); null when it is gone
     */
    void changed(Actor actor, String account, String region, String type, String id, String what, Object content) {
        String key = account + "|" + region + "|" + type + "|" + id;
        String before = lastDigest.getOrDefault(key, "");
        String after = content == null
                ? ""
                : content instanceof byte[] bytes
                        ? SandboxJson.hex(SandboxJson.sha256(bytes))
                        : SandboxJson.digest(content instanceof String text ? text : SandboxJson.write(content));
        lastDigest.put(key, after);
        Principal by = actor.principal();
        history.add(new Change(
                history.size() + 1L,
                Instant.now().toString(),
                account,
                region,
                type,
                id,
                what,
                before,
                after,
                by.arn(),
                by.sourceIdentity(),
                by.tags(),
                actor.seq()));
    }

    void changed(Actor actor, Region region, String type, String id, String what, Object content) {
        changed(actor, region.account, region.name, type, id, what, content);
    }

    Account account(String id) {
        return accounts.get(id);
    }

    /** The role of an ARN, or null. */
    Account.Role role(String arn) {
        String[] parts = arn == null ? new String[0] : arn.split(":", 6);
        if (parts.length != 6 || !parts[2].equals("iam") || !parts[5].startsWith("role/")) {
            return null;
        }
        Account account = accounts.get(parts[4]);
        return account == null ? null : account.roles.get(arn.substring(arn.lastIndexOf('/') + 1));
    }

    /** The principal an AWS service becomes when it works as a role. */
    static Principal as(Account.Role role, String session) {
        String account = role.arn.split(":")[4];
        return new Principal(
                account,
                "arn:aws:sts::" + account + ":assumed-role/" + role.name + "/" + session,
                role.arn,
                role.id + ":" + session,
                session,
                null,
                Map.of());
    }

    IamPolicy.Decision identityDecision(Principal principal, String action, String arn, Map<String, String> context) {
        Account account = accounts.get(principal.account());
        if (account == null) {
            return IamPolicy.Decision.NONE;
        }
        Iterable<JsonNode> documents;
        if (principal.isRole()) {
            Account.Role role = account.roles.get(principal.name());
            documents = role == null ? List.of() : role.policies.values();
            if (role != null && role.boundary != null) {
                return bounded(account, role, action, arn, context);
            }
        } else {
            JsonNode policy = account.users.get(principal.name());
            documents = policy == null ? List.of() : List.of(policy);
        }
        return IamPolicy.evaluate(documents, null, action, arn, context);
    }

    /** A boundary allows nothing by itself, and nothing is allowed beyond it; a missing one allows nothing at all. */
    private static IamPolicy.Decision bounded(
            Account account, Account.Role role, String action, String arn, Map<String, String> context) {
        JsonNode boundary = account.managedPolicies.get(role.boundary);
        IamPolicy.Decision most = boundary == null
                ? IamPolicy.Decision.NONE
                : IamPolicy.evaluate(List.of(boundary), null, action, arn, context);
        return most == IamPolicy.Decision.ALLOW
                ? IamPolicy.evaluate(role.policies.values(), null, action, arn, context)
                : most;
    }

    /**
     * Checks an action against the policies of the principal itself.
     *
     * @param code the error code the asking service uses
     * @throws AwsError with the text AWS gives
     */
    void authorize(Principal principal, String code, String action, String arn) {
        authorize(principal, code, action, arn, Map.of());
    }

    /** @param more condition keys of the action itself */
    void authorize(Principal principal, String code, String action, String arn, Map<String, String> more) {
        Map<String, String> context = context(principal);
        context.putAll(more);
        IamPolicy.Decision decision = identityDecision(principal, action, arn, context);
        if (decision != IamPolicy.Decision.ALLOW) {
            throw AwsError.denied(
                    code, principal.arn(), action, arn, decision == IamPolicy.Decision.DENY, "identity-based");
        }
    }

    static Map<String, String> context(Principal principal) {
        Map<String, String> context = new HashMap<>();
        context.put("aws:PrincipalArn", principal.policyArn());
        context.put("aws:PrincipalAccount", principal.account());
        context.put("aws:userid", principal.userId());
        context.put("aws:SecureTransport", "true");
        if (!principal.account().isEmpty()) {
            context.put("aws:PrincipalOrgID", ORGANIZATION);
        }
        if (principal.sourceIdentity() != null) {
            context.put("aws:SourceIdentity", principal.sourceIdentity());
        }
        principal.tags().forEach((key, value) -> context.put("aws:PrincipalTag/" + key, value));
        return context;
    }

    byte[] snapshot() throws IOException {
        timeline.freeze();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(new GZIPOutputStream(bytes))) {
            out.writeObject(this);
        }
        return bytes.toByteArray();
    }

    /** Restores a snapshot of this same build; the form is not kept stable between versions of the sandbox. */
    static World restore(byte[] snapshot) throws IOException {
        try (ObjectInputStream in = new ObjectInputStream(new GZIPInputStream(new ByteArrayInputStream(snapshot)))) {
            return (World) in.readObject();
        } catch (ClassNotFoundException e) {
            throw new IOException(e);
        }
    }
}
