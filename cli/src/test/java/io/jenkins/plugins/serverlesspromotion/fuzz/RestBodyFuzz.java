package io.jenkins.plugins.serverlesspromotion.fuzz;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.PolicyOwners;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.policy.EvidenceKey;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.format.evidence.Envelope;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Bodies of REST requests, one a line, each a form: what its fields make of a lane and of the journal, and the envelope
 * of a signed statement. The servlet container decodes forms and the controller checks rights first; neither is here.
 */
public final class RestBodyFuzz {
    /** In characters. The controller refuses a longer text of a form. */
    private static final int LONGEST_TEXT = 4000;

    private static final int MOST_BODIES = 16;

    private static final Policy POLICY = PolicyReader.read("policy.yaml", OneLane.policy("", ""));

    private static final PolicyOwners OWNERS = new PolicyOwners(POLICY);

    private static final KeyPair KEYS = keys();
    private static final List<EvidenceKey> TRUSTED = List.of(EvidenceKey.of(
            "ci", Base64.getEncoder().encodeToString(KEYS.getPublic().getEncoded())));

    private static final Published PUBLISHED = new Published(
            OneLane.release("1.0.0"),
            new Release(
                    "orders",
                    "1.0.0",
                    new Manifest("orders", Map.of(), List.of(), List.of(), List.of()),
                    List.of(new Artifact("api.zip", "a".repeat(64), 7))),
            Provenance.publishedBy("user:bob"),
            "main",
            Map.of(),
            OneLane.NOW,
            "user:bob");

    private RestBodyFuzz() {}

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java 17 has Ed25519", e);
        }
    }

    /** @param data bodies, each on a line of its own */
    public static void fuzzerTestOneInput(byte[] data) {
        Expect.withinMemory(() -> {
            var lane = new OneLane(POLICY);
            String[] bodies = new String(data, StandardCharsets.ISO_8859_1).split("\n", MOST_BODIES);
            for (String body : bodies) {
                carryOut(form(body), lane);
            }
        });
    }

    private static void carryOut(Map<String, String> form, OneLane lane) throws GeneralSecurityException {
        String reason = text(form.get("reason"));
        String ticket = text(form.get("ticket"));
        String id = form.getOrDefault("id", lane.last().map(Promotion::id).orElse("orders.prod.1"));
        String plan = form.getOrDefault("planDigest", OneLane.PLAN).strip();
        switch (form.getOrDefault("do", "")) {
            case "promote" -> {
                String version = form.getOrDefault("version", "1.0.0");
                if (Names.isVersion(version)) {
                    lane.take(new Fact.Requested(OneLane.release(version), OneLane.request(reason, ticket)));
                }
            }
            case "rollback" ->
                lane.take(new Fact.RollbackRequested(text(form.get("version")), OneLane.request(reason, ticket)));
            case "approve" ->
                decide(id, () -> lane.take(new Fact.Approved(id, OneLane.ALICE, plan, text(form.get("comment")))));
            case "withdraw" -> decide(id, () -> lane.take(new Fact.ApprovalWithdrawn(id, OneLane.ALICE, reason)));
            case "reject" -> decide(id, () -> lane.take(new Fact.Rejected(id, OneLane.ALICE, reason)));
            case "override" ->
                decide(id, () -> lane.take(new Fact.Overridden(id, OneLane.ALICE, plan, reason, ticket)));
            case "review" ->
                decide(id, () -> lane.take(new Fact.Reviewed(id, OneLane.ALICE, text(form.get("finding")))));
            case "abort" -> decide(id, () -> lane.take(new Fact.AbortRequested(id, "user:alice", reason)));
            case "replan" -> decide(id, () -> lane.take(new Fact.ReplanRequested(id, OneLane.ALICE)));
            case "release-hold" -> lane.take(new Fact.HoldReleased(OneLane.ALICE, reason));
            case "pause" -> pause(text(form.get("scope")), reason);
            case "owner" -> owner(form, reason);
            case "refused" -> OneLane.recorded(new Entry.Refused("user:bob", "approve " + id, "no"));
            case "evidence" -> evidence(form.getOrDefault("envelope", ""));
            case "statement" -> evidence(signed(form.getOrDefault("statement", "")));
            default -> {}
        }
    }

    private static void decide(String id, Runnable decision) {
        try {
            LaneId.ofPromotion(id);
        } catch (IllegalArgumentException e) {
            return;
        }
        decision.run();
    }

    private static void pause(String scope, String reason) {
        if (scope != null) {
            var pause = new Pause(scope, "user:alice", OneLane.NOW, reason);
            pause.covers(new LaneId("orders", "prod"));
            OneLane.recorded(new Entry.Paused(pause));
            OneLane.recorded(new Entry.Resumed(scope, "user:alice", reason));
        }
    }

    private static void owner(Map<String, String> form, String reason) {
        ResourceId resource;
        LaneId owner;
        try {
            resource = OWNERS.named(form.getOrDefault("resource", ""), form.getOrDefault("place", "prod/eu-west-1"));
            owner = new LaneId(form.getOrDefault("service", "orders"), form.getOrDefault("environment", "prod"));
        } catch (IllegalArgumentException e) {
            Expect.sentence(e.getMessage());
            return;
        }
        Expect.that(
                Names.isAccountId(resource.accountId())
                        && resource.region().map(Names::isRegion).orElse(true),
                "is in no place of AWS: " + resource);
        Expect.sentence(resource.toString());
        OWNERS.of(resource);
        OWNERS.used(resource);
        OneLane.recorded(new Entry.OwnerDecided(
                resource, new ResourceOwner(owner.service(), owner.environment()), "user:alice", reason));
    }

    private static void evidence(String envelope) {
        Evidence evidence;
        try {
            evidence = Envelope.evidence(
                    envelope.getBytes(StandardCharsets.UTF_8), PUBLISHED, TRUSTED, "user:bob", OneLane.NOW);
        } catch (IllegalArgumentException e) {
            Expect.sentence(e.getMessage());
            return;
        }
        Expect.that(evidence.producer().equals("key:ci"), "was taken as the word of " + evidence.producer());
        Expect.that(!evidence.at().isAfter(OneLane.NOW), "was found out at " + evidence.at());
        OneLane.recorded(new Entry.EvidenceRecorded(evidence, envelope));
    }

    /** An envelope around a statement that a trusted key signed, so that what follows the signature is reached. */
    private static String signed(String statement) throws GeneralSecurityException {
        String type = "application/vnd.in-toto+json";
        byte[] payload = statement.getBytes(StandardCharsets.UTF_8);
        var encoded = new ByteArrayOutputStream();
        encoded.writeBytes(
                ("DSSEv1 " + type.length() + " " + type + " " + payload.length + " ").getBytes(StandardCharsets.UTF_8));
        encoded.writeBytes(payload);
        var signature = Signature.getInstance("Ed25519");
        signature.initSign(KEYS.getPrivate());
        signature.update(encoded.toByteArray());
        Base64.Encoder base64 = Base64.getEncoder();
        return Json.pretty(Map.of(
                "payloadType",
                type,
                "payload",
                base64.encodeToString(payload),
                "signatures",
                List.of(Map.of("sig", base64.encodeToString(signature.sign())))));
    }

    /** As the controller takes a text from a form. */
    private static String text(String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        String stripped = value.strip();
        return stripped.length() > LONGEST_TEXT ? null : stripped;
    }

    /** The first value of every field of a form in {@code application/x-www-form-urlencoded}. */
    private static Map<String, String> form(String body) {
        var form = new HashMap<String, String>();
        for (String field : body.split("&")) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                form.putIfAbsent(field.substring(0, equals), decoded(field.substring(equals + 1)));
            }
        }
        return form;
    }

    private static String decoded(String value) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            int high = i + 2 < value.length() ? Character.digit(value.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(value.charAt(i + 2), 16);
            if (c == '%' && low >= 0) {
                bytes.write(high << 4 | low);
                i += 2;
            } else {
                bytes.write(c == '+' ? ' ' : c);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
