package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The world a sandbox begins with: accounts, their users, roles, buckets, distributions, parameters and secrets. Read
 * from JSON with the names of these fields; unknown names are refused. Policies and trust are IAM policy documents.
 */
public final class SandboxConfig {
    /** Factor for all nominal durations: 1 is as slow as AWS, 0 is at once. */
    public double timeScale = 1;

    public Durations durations = new Durations();
    public List<AccountConfig> accounts = new ArrayList<>();
    /** Behaviour of AWS that is otherwise than the sandbox's own; see {@link Variant}. */
    public Set<Variant> variants = EnumSet.noneOf(Variant.class);

    /** Custom resource types that work, with the attributes they return; all others fail. */
    public Map<String, Map<String, String>> customResources = new TreeMap<>();

    /** Nominal milliseconds. */
    public static final class Durations implements Serializable {
        private static final long serialVersionUID = 1L;
        public long requestLatencyMillis;
        public long changeSetMillis = 3000;
        public long stackMillis = 12000;
        public long stackDeleteMillis = 6000;
        public long lambdaMillis = 1500;
        public long invalidationMillis = 5000;
        /** How many requests do not show an event yet, under {@link Variant#EVENTS_LAG}. */
        public int eventLagRequests = 2;
    }

    /** One account; {@code id} has twelve digits. */
    public static final class AccountConfig {
        public String id;
        public String name;
        public List<UserConfig> users = new ArrayList<>();
        public List<RoleConfig> roles = new ArrayList<>();
        public List<BucketConfig> buckets = new ArrayList<>();
        public List<DistributionConfig> distributions = new ArrayList<>();
        public List<ParameterConfig> parameters = new ArrayList<>();
        public List<SecretConfig> secrets = new ArrayList<>();
    }

    /** An IAM user with one access key. */
    public static final class UserConfig {
        public String name;
        public String accessKey;
        public String secretKey;
        public JsonNode policy;
    }

    public static final class RoleConfig {
        public String name;
        public JsonNode trust;
        public JsonNode policy;
        public int maxSessionSeconds = 3600;
    }

    public static final class BucketConfig {
        public String name;
        public String region;
        public boolean versioned;
        public boolean objectLock;
        public JsonNode policy;
    }

    /** A CloudFront distribution in front of a bucket of the sandbox. */
    public static final class DistributionConfig {
        public String id;
        public String bucket;
        public String originPath = "";
        public String defaultRootObject = "index.html";
        public List<String> aliases = new ArrayList<>();
    }

    public static final class ParameterConfig {
        public String region;
        public String name;
        public String type = "String";
        public String value;
    }

    public static final class SecretConfig {
        public String region;
        public String name;
        public String value;
    }

    /**
     * Reads a configuration.
     *
     * @throws IllegalArgumentException when it is not one, with the place
     */
    public static SandboxConfig read(String json) {
        try {
            return SandboxJson.MAPPER.readValue(json, SandboxConfig.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    public String write() {
        return SandboxJson.write(this);
    }

    /** A tools account and the accounts dev, staging and prod; see {@link ThreeAccounts}. */
    public static SandboxConfig threeAccounts() {
        return ThreeAccounts.config();
    }

    /** The same configuration under these variants too. */
    public SandboxConfig with(Variant... more) {
        variants.addAll(List.of(more));
        return this;
    }

    /** The same configuration with durations multiplied by a factor. */
    public SandboxConfig timeScale(double factor) {
        this.timeScale = factor;
        return this;
    }

    World build() {
        World world = new World(timeScale, durations);
        world.customResources.putAll(customResources);
        world.variants.addAll(variants);
        world.variants.addAll(Variant.parse(System.getProperty(Variant.PROPERTY)));
        accounts.forEach(account -> world.accounts.put(account.id, new Account(account.id, account.name)));
        accounts.forEach(account -> build(world, account));
        return world;
    }

    private static void build(World world, AccountConfig from) {
        if (from.id == null || !from.id.matches("[0-9]{12}")) {
            throw new IllegalArgumentException("An account id has twelve digits: " + from.id);
        }
        Account account = world.account(from.id);
        for (UserConfig user : from.users) {
            String arn = "arn:aws:iam::" + from.id + ":user/" + user.name;
            account.users.put(user.name, user.policy);
            Principal principal = new Principal(from.id, arn, arn, "AIDA" + world.letters(17), null, null, Map.of());
            world.keys.put(user.accessKey, new Account.Key(user.accessKey, user.secretKey, null, principal, 0));
        }
        for (RoleConfig role : from.roles) {
            String arn = "arn:aws:iam::" + from.id + ":role/" + role.name;
            Account.Role made = new Account.Role(role.name, arn, "AROA" + world.letters(17), role.trust);
            made.maxSessionSeconds = role.maxSessionSeconds;
            if (role.policy != null) {
                made.policies.put("inline", role.policy);
            }
            account.roles.put(role.name, made);
        }
        for (BucketConfig bucket : from.buckets) {
            Bucket made = new Bucket(bucket.name, from.id, bucket.region);
            made.versioning = bucket.versioned || bucket.objectLock ? "Enabled" : null;
            made.objectLock = bucket.objectLock;
            made.policy = bucket.policy;
            world.buckets.put(bucket.name, made);
        }
        for (DistributionConfig distribution : from.distributions) {
            account.distributions.put(distribution.id, Distribution.of(from.id, distribution));
        }
        for (ParameterConfig parameter : from.parameters) {
            Parameter made = new Parameter(parameter.name, parameter.type);
            made.add(parameter.value);
            world.region(from.id, parameter.region).parameters.put(parameter.name, made);
        }
        for (SecretConfig secret : from.secrets) {
            Region region = world.region(from.id, secret.region);
            Secret made =
                    new Secret(secret.name, region.arn("secretsmanager", "secret:" + secret.name + "-" + "SANDBX"));
            made.put(world.uuid(), secret.value, null, List.of("AWSCURRENT"));
            region.secrets.put(secret.name, made);
        }
    }
}
