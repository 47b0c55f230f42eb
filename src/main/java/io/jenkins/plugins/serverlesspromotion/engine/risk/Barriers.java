package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds settings of a resource, other than policies and routes, that no longer keep strangers out. */
final class Barriers {
    /** Properties that keep strangers out when they are set, by type. */
    private static final Map<String, List<String>> PRESENT = Map.of(
            "AWS::ApiGateway::DomainName", List.of("MutualTlsAuthentication"),
            "AWS::ApiGateway::RestApi", List.of("Policy"),
            "AWS::ApiGatewayV2::DomainName", List.of("MutualTlsAuthentication"),
            "AWS::Serverless::Api", List.of("Auth.ResourcePolicy", "Domain.MutualTlsAuthentication"),
            "AWS::Serverless::HttpApi", List.of("Domain.MutualTlsAuthentication"));

    /**
     * A setting with a value that allows access by strangers.
     *
     * @param type of the resource, null for every type
     * @param open the value that allows access by strangers
     * @param unset whether leaving it out also allows access by strangers
     * @param ofNew whether it is a finding for a new resource too
     */
    private record Setting(String type, String property, String open, boolean unset, boolean ofNew, String sentence) {}

    private static final String INTERNET = " is open to the internet";
    private static final String AROUND = " can be called around its custom domain";

    private static final List<Setting> SETTINGS = List.of(
            always(null, "AllowUnauthenticatedIdentities", "true"),
            always(null, "PubliclyAccessible", "true"),
            always("AWS::EC2::Subnet", "MapPublicIpOnLaunch", "true"),
            always("AWS::ECS::Service", "NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp", "ENABLED"),
            always("AWS::EKS::Cluster", "ResourcesVpcConfig.EndpointPublicAccess", "true"),
            always(
                    "AWS::MSK::Cluster",
                    "BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type",
                    "SERVICE_PROVIDED_EIPS"),
            always("AWS::SageMaker::NotebookInstance", "DirectInternetAccess", "Enabled"),
            change("AWS::ApiGateway::RestApi", "DisableExecuteApiEndpoint", "false", AROUND),
            change("AWS::ApiGatewayV2::Api", "DisableExecuteApiEndpoint", "false", AROUND),
            change("AWS::Serverless::Api", "DisableExecuteApiEndpoint", "false", AROUND),
            change("AWS::Serverless::HttpApi", "DisableExecuteApiEndpoint", "false", AROUND),
            change("AWS::AppSync::GraphQLApi", "Visibility", "GLOBAL", INTERNET),
            change("AWS::ElasticLoadBalancing::LoadBalancer", "Scheme", "internet-facing", INTERNET),
            change("AWS::ElasticLoadBalancingV2::LoadBalancer", "Scheme", "internet-facing", INTERNET),
            change(
                    "AWS::Cognito::UserPool",
                    "AdminCreateUserConfig.AllowAdminCreateUserOnly",
                    "false",
                    " lets anybody make an account"));

    private static final List<String> SIGNERS = List.of("TrustedKeyGroups", "TrustedSigners");

    private final ResolvedTemplate before;
    private final ResolvedTemplate after;
    private final Risks risks;

    Barriers(ResolvedTemplate before, ResolvedTemplate after, Risks risks) {
        this.before = before;
        this.after = after;
        this.risks = risks;
    }

    private static Setting always(String type, String property, String open) {
        return new Setting(type, property, open, false, true, INTERNET);
    }

    private static Setting change(String type, String property, String open, String sentence) {
        return new Setting(type, property, open, true, false, sentence);
    }

    void find() {
        for (ResolvedTemplate.Resource now : after.resources().values()) {
            ResolvedTemplate.Resource there = before.resources().get(now.id());
            ResolvedTemplate.Resource old = there != null && there.type().equals(now.type()) ? there : null;
            SETTINGS.stream()
                    .filter(s -> s.type() == null || s.type().equals(now.type()))
                    .forEach(s -> compare(old, now, s));
            if (old != null) {
                left(old, now);
            }
            graph(old, now);
            if (old != null && now.type().equals("AWS::CloudFront::Distribution")) {
                signed(old, now);
            }
            if (old != null && now.type().equals("AWS::EC2::VPCEndpoint")) {
                endpoint(old, now);
            }
        }
    }

    private void compare(ResolvedTemplate.Resource old, ResolvedTemplate.Resource now, Setting setting) {
        if (old == null && !setting.ofNew()) {
            return;
        }
        String[] path = setting.property().split("\\.");
        Object was = old == null ? null : old.property(path);
        boolean wasOpen = old != null && isOpen(was, setting);
        if (isOpen(now.property(path), setting) && !wasOpen) {
            add(now, setting.sentence(), setting.property(), was, now.property(path));
        }
    }

    /** Whether a setting gives access to strangers, or may do so. */
    private static boolean isOpen(Object node, Setting setting) {
        return TemplateQuery.mayBeNothing(node) && setting.unset()
                || (switch (setting.open()) {
                    case "true" -> TemplateQuery.isTrue(node);
                    case "false" -> TemplateQuery.isFalse(node);
                    default -> TemplateQuery.texts(node).contains(setting.open());
                });
    }

    private void left(ResolvedTemplate.Resource old, ResolvedTemplate.Resource now) {
        for (String property : PRESENT.getOrDefault(now.type(), List.of())) {
            String[] path = property.split("\\.");
            if (old.property(path) != null && TemplateQuery.mayBeNothing(now.property(path))) {
                add(
                        now,
                        " no longer restricts who may call it by " + property,
                        property,
                        old.property(path),
                        now.property(path));
            }
        }
    }

    /** Every client contains a key of AppSync: a first key, or a further one, gives access. */
    private void graph(ResolvedTemplate.Resource old, ResolvedTemplate.Resource now) {
        if (!now.type().equals("AWS::AppSync::GraphQLApi") || old != null && keyProperty(old) != null) {
            return;
        }
        String property = keyProperty(now);
        if (property != null) {
            add(
                    now,
                    " lets clients in with a key that every client holds",
                    property,
                    old == null ? null : old.property(property),
                    now.property(property));
        }
    }

    private static String keyProperty(ResolvedTemplate.Resource api) {
        if (TemplateQuery.texts(api.property("AuthenticationType")).contains("API_KEY")) {
            return "AuthenticationType";
        }
        String further = "AdditionalAuthenticationProviders";
        return TemplateQuery.maps(api.property(further)).stream()
                        .anyMatch(p ->
                                TemplateQuery.texts(p.get("AuthenticationType")).contains("API_KEY"))
                ? further
                : null;
    }

    /** Paths of a distribution that required a signed URL or cookie. */
    private void signed(ResolvedTemplate.Resource old, ResolvedTemplate.Resource now) {
        Map<String, Object> were = behaviors(old);
        Map<String, Object> are = behaviors(now);
        were.forEach((pattern, behavior) -> {
            // The default behavior applies to paths without a behavior of their own.
            Object then = are.getOrDefault(pattern, are.get(""));
            if (isSigned(behavior) && !isSigned(then)) {
                String property =
                        "DistributionConfig." + (pattern.isEmpty() ? "DefaultCacheBehavior" : "CacheBehaviors");
                String what = pattern.isEmpty() ? "everything" : pattern;
                add(now, " delivers " + what + " without a signed URL", property, behavior, then);
            }
        });
    }

    private static Map<String, Object> behaviors(ResolvedTemplate.Resource distribution) {
        var found = new LinkedHashMap<String, Object>();
        found.put("", TemplateQuery.map(distribution.property("DistributionConfig", "DefaultCacheBehavior")));
        TemplateQuery.maps(distribution.property("DistributionConfig", "CacheBehaviors"))
                .forEach(b -> found.put(String.valueOf(TemplateQuery.shown(b.get("PathPattern"))), b));
        return found;
    }

    private static boolean isSigned(Object behavior) {
        return SIGNERS.stream()
                .map(s -> TemplateQuery.at(behavior, s))
                .anyMatch(s ->
                        !TemplateQuery.mayBeNothing(s) && !TemplateQuery.list(s).isEmpty());
    }

    /** Without a policy, a network endpoint allows every call. */
    private void endpoint(ResolvedTemplate.Resource old, ResolvedTemplate.Resource now) {
        Object was = old.property("PolicyDocument");
        Object is = now.property("PolicyDocument");
        if (was != null && TemplateQuery.mayBeNothing(is)) {
            risks.add(
                    Risks.IAM_BROADENING,
                    now.id(),
                    now.named() + " no longer restricts which calls go through it",
                    now.path("PolicyDocument"),
                    was,
                    is);
        }
    }

    private void add(ResolvedTemplate.Resource now, String sentence, String property, Object was, Object is) {
        risks.add(Risks.PUBLIC_EXPOSURE, now.id(), now.named() + sentence, now.path(property), was, is);
    }
}
