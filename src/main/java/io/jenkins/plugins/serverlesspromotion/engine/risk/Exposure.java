package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what anyone on the internet can reach that was not reachable before. */
final class Exposure {
    /** Types that usually allow every caller, because the network or another policy decides. */
    private static final Set<String> EVERYBODY_IS_USUAL =
            Set.of("AWS::ApiGateway::RestApi", "AWS::Serverless::Api", "AWS::EC2::VPCEndpoint", "AWS::IoT::Policy");

    private static final Set<String> SEARCH = Set.of("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain");

    private static final List<String> BLOCKS =
            List.of("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets");

    private final ResolvedTemplate before;
    private final ResolvedTemplate after;
    private final Risks risks;
    private final Coverage.Budget budget = new Coverage.Budget();

    Exposure(ResolvedTemplate before, ResolvedTemplate after, Risks risks) {
        this.before = before;
        this.after = after;
        this.risks = risks;
    }

    void find(Map<String, PermissionSet> held, Map<String, PermissionSet> holds) {
        holds.forEach((key, permissionSet) -> policies(held.get(key), permissionSet));
        for (ResolvedTemplate.Resource now : after.resources().values()) {
            ResolvedTemplate.Resource old = before.resources().get(now.id());
            ResolvedTemplate.Resource was = old != null && old.type().equals(now.type()) ? old : null;
            bucket(was, now);
            functionUrl(was, now);
        }
        securityGroups();
        new Barriers(before, after, risks).find();
        new OpenRoutes(before, after, risks).find();
    }

    private static boolean isPublic(IamStatement iamStatement) {
        return iamStatement.allow()
                && (iamStatement.principals().contains("*") || iamStatement.otherPrincipals())
                && !iamStatement.isRestricted();
    }

    private void policies(PermissionSet old, PermissionSet now) {
        ResolvedTemplate.Resource resource = after.resources().get(now.subject);
        if (now.kind == PermissionSet.Kind.IDENTITY || resource == null || isEverybodyUsual(resource)) {
            return;
        }
        List<IamStatement> open = old == null
                ? List.of()
                : old.statements.stream().filter(Exposure::isPublic).toList();
        List<IamStatement> opened =
                now.statements.stream().filter(Exposure::isPublic).toList();
        Coverage coverage = budget.of(open, opened);
        for (IamStatement iamStatement : opened) {
            if (!coverage.covers(iamStatement)) {
                risks.add(
                        Risks.PUBLIC_EXPOSURE,
                        now.subject,
                        now.named + " lets anybody in",
                        iamStatement.path(),
                        null,
                        iamStatement.shown());
            }
        }
    }

    private static boolean isEverybodyUsual(ResolvedTemplate.Resource resource) {
        // A search domain inside a network has no public address; security groups decide.
        return EVERYBODY_IS_USUAL.contains(resource.type())
                || SEARCH.contains(resource.type()) && !TemplateQuery.mayBeNothing(resource.property("VPCOptions"));
    }

    private void bucket(ResolvedTemplate.Resource old, ResolvedTemplate.Resource now) {
        if (!now.type().startsWith("AWS::S3::")) {
            return;
        }
        for (String acl : TemplateQuery.texts(now.property("AccessControl"))) {
            boolean was = old != null
                    && TemplateQuery.texts(old.property("AccessControl")).contains(acl);
            if ((acl.startsWith("Public") || acl.equals("AuthenticatedRead")) && !was) {
                risks.add(
                        Risks.PUBLIC_EXPOSURE,
                        now.id(),
                        now.named() + " can be read by anybody",
                        now.path("AccessControl"),
                        old == null ? null : old.property("AccessControl"),
                        acl);
            }
        }
        // AWS blocks public access for a new bucket without this setting; removing the block from a template opens the
        // bucket.
        String property = "PublicAccessBlockConfiguration";
        for (String block : BLOCKS) {
            Object was = old == null ? null : old.property(property, block);
            Object is = now.property(property, block);
            boolean opened = TemplateQuery.isFalse(is) && !TemplateQuery.isFalse(was);
            boolean left = TemplateQuery.mayBeNothing(is) && TemplateQuery.isTrue(was);
            if (opened || left) {
                risks.add(
                        Risks.PUBLIC_EXPOSURE,
                        now.id(),
                        now.named() + " is no longer kept from being public",
                        now.path(property + "." + block),
                        was,
                        is);
            }
        }
    }

    private void functionUrl(ResolvedTemplate.Resource old, ResolvedTemplate.Resource now) {
        String[] path =
                switch (now.type()) {
                    case "AWS::Lambda::Url" -> new String[] {"AuthType"};
                    case "AWS::Serverless::Function" -> new String[] {"FunctionUrlConfig", "AuthType"};
                    default -> null;
                };
        if (path == null) {
            return;
        }
        Object was = old == null ? null : old.property(path);
        Object is = now.property(path);
        if (TemplateQuery.texts(is).contains("NONE")
                && !TemplateQuery.texts(was).contains("NONE")) {
            risks.add(
                    Risks.PUBLIC_EXPOSURE,
                    now.id(),
                    now.named() + " can be called by anybody who knows its URL",
                    now.path(String.join(".", path)),
                    was,
                    is);
        }
    }

    /** One rule that allows a range of ports. */
    private record Opening(String group, ResolvedTemplate.Resource resource, String path, Map<String, Object> rule) {
        String ports() {
            String protocol = String.valueOf(TemplateQuery.shown(rule.get("IpProtocol")));
            String from = TemplateQuery.shown(rule.get("FromPort"));
            String to = TemplateQuery.shown(rule.get("ToPort"));
            return protocol.equals("-1")
                    ? "all ports"
                    : protocol + (from == null ? "" : " " + from + (from.equals(to) ? "" : "-" + to));
        }

        boolean covers(Opening other) {
            if (!group.equals(other.group)) {
                return false;
            }
            return ports().equals("all ports") || ports().equals(other.ports()) || ranges(rule, other.rule);
        }

        private static boolean ranges(Map<String, Object> wide, Map<String, Object> narrow) {
            if (!String.valueOf(wide.get("IpProtocol")).equals(String.valueOf(narrow.get("IpProtocol")))) {
                return false;
            }
            try {
                return port(wide, "FromPort") <= port(narrow, "FromPort")
                        && port(wide, "ToPort") >= port(narrow, "ToPort");
            } catch (NumberFormatException e) {
                return false;
            }
        }

        private static int port(Map<String, Object> rule, String key) {
            return Integer.parseInt(String.valueOf(rule.get(key)));
        }
    }

    private void securityGroups() {
        List<Opening> were = openings(before);
        for (Opening opening : openings(after)) {
            if (were.stream().noneMatch(w -> w.covers(opening))) {
                ResolvedTemplate.Resource resource = opening.resource();
                risks.add(
                        Risks.PUBLIC_EXPOSURE,
                        resource.id(),
                        resource.named() + " lets the whole internet in on " + opening.ports(),
                        opening.path(),
                        null,
                        opening.rule());
            }
        }
    }

    private static List<Opening> openings(ResolvedTemplate resolvedTemplate) {
        var all = new ArrayList<Opening>();
        for (ResolvedTemplate.Resource resource : resolvedTemplate.resources().values()) {
            if (resource.type().equals("AWS::EC2::SecurityGroup")) {
                int index = 0;
                for (Map<String, Object> rule : TemplateQuery.maps(resource.property("SecurityGroupIngress"))) {
                    String path = resource.path("SecurityGroupIngress[" + index++ + "]");
                    all.add(new Opening("${" + resource.id() + "}", resource, path, rule));
                }
            } else if (resource.type().equals("AWS::EC2::SecurityGroupIngress")) {
                String group = String.valueOf(TemplateQuery.shown(
                        resource.property("GroupId") == null
                                ? resource.property("GroupName")
                                : resource.property("GroupId")));
                all.add(new Opening(
                        group.replace(".GroupId}", "}"),
                        resource,
                        "Resources." + resource.id() + ".Properties",
                        resource.properties()));
            }
        }
        all.removeIf(o -> TemplateQuery.texts(o.rule().get("CidrIp")).stream().noneMatch(IamStatement::isEverywhere)
                && TemplateQuery.texts(o.rule().get("CidrIpv6")).stream().noneMatch(IamStatement::isEverywhere));
        return all;
    }
}
