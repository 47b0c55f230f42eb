package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.ConfiguratorException;
import io.jenkins.plugins.casc.ConfiguratorRegistry;
import io.jenkins.plugins.casc.misc.Util;
import io.jenkins.plugins.casc.model.CNode;
import io.jenkins.plugins.casc.yaml.YamlSource;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jvnet.hudson.test.JenkinsRule;

/** Policies that are right, as files have them, and ways to configure them. */
final class ConfiguredPolicies {
    static final String SMALL = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
            accounts:
              - { name: tools, id: "111111111111" }
              - { name: orders-dev, id: "022222222222" }
            environments: [ { name: dev } ]
            """;

    static final String WHOLE = """
            artifactStores:
              - { name: main, bucket: acme-releases, region: eu-west-1, account: tools }
              - { name: old, bucket: acme-old, region: us-east-1, account: tools }
            defaults:
              account: { credentialsId: release-base, externalId: acme, planRole: promotion-plan, deployRole: common-deploy, executionRole: common-cfn, testRole: common-test, bucket: "code-${region}", checkHosts: [ "*.acme.com" ], alarms: [ "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:common-*" ] }
              placements:
                - { environment: "*", places: [ "${service}-dev/eu-west-1" ], pause: 1m }
            accounts:
              - { name: tools, id: "111111111111" }
              - { name: orders-dev, id: "022222222222", deployRole: promotion-deploy }
              - name: orders-prod
                id: "044444444444"
                credentialsId: other-base
                externalId: "other:id"
                planRole: arn:aws:iam::044444444444:role/plan
                deployRole: team/promotion-deploy
                executionRole: promotion-cfn
                testRole: promotion-test
                bucket: "acme-${accountId}-${region}"
                checkHosts: [ orders.acme.com, "*.orders.acme.com" ]
                alarms: [ "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:shared-*" ]
              - { name: vault, id: "055555555555", withoutDefaults: true }
            roles:
              - { name: release-managers, users: [ alice, dave ], groups: [ "domain users", sre ] }
              - { name: on-call, users: [ erin ] }
            environments:
              - { name: dev }
              - { name: staging, after: dev, gates: [ { approval: { require: [ { role: on-call } ] } } ] }
              - name: prod
                after: staging
                gates:
                  - approval:
                      require: [ { role: release-managers, count: 2 }, { role: serviceOwner, count: 1 } ]
                      excludeRequesters: false
                      excludeAuthors: true
                      unmappedAuthors: ignore
                      comment: required
                      expiresAfter: 1h30m
                  - evidence: { type: tests, from: [ "job:team-orders/orders/*", "user:erin" ], maxAge: 7d }
                  - evidence: { type: scan, from: "key:scanner" }
                  - soak: { environment: staging, for: 2h }
                  - window: { days: [ MON, TUE, WED, THU ], from: "09:00", lastStart: "15:00", zone: Europe/Berlin }
                  - window: { days: SAT, from: "22:00", lastStart: "02:00", zone: UTC, overrun: wait }
                  - ticket: { pattern: "CHG[0-9]{7}" }
                  - containsLive: true
                  - alarm: { names: [ "${service}-errors", "${service}-${environment}-latency" ] }
                rollback: { role: on-call, count: 1 }
                supersede: true
                autoPromote: true
                breakGlass:
                  require: [ { role: on-call, count: 1 } ]
                  timeBox: 30m
                  ticket: "INC[0-9]+"
                  review: release-managers
                riskNeeds:
                  - { finding: iamBroadening, role: release-managers, count: 2 }
                  - { finding: publicExposure, role: on-call }
            freezes:
              - { name: year-end, from: "2026-12-20T00:00", until: "2027-01-02T00:00", zone: Europe/Berlin, environments: [ prod ], exempt: [ hotfix ] }
              - { name: audit, from: "2027-03-01", until: "2027-03-03", zone: UTC }
            aliases:
              - { user: dave, names: [ "Dave D.", dave@home.example ] }
            mailDomains: [ acme.net, acme.example ]
            shared:
              - { functions: [ "smoke-*", health ], accounts: [ orders-dev ], services: [ orders ] }
            adopt: { mode: warn, until: "2027-03-31" }
            evidenceKeys:
              - { name: scanner, publicKey: MCowBQYDK2VwAyEAGcmKz6O8lnPn5AkuYVtWtf5oX1ziQcLjUXsS3e0r0/0= }
              - name: tests
                publicKey: |
                  -----BEGIN PUBLIC KEY-----
                  MCowBQYDK2VwAyEAywIqInl5DsxsHVG5fdeTio0RkDfIdS43I33LJut6PYA=
                  -----END PUBLIC KEY-----
            services:
              - name: orders
                owners: { users: [ bob ], groups: [ team-orders ] }
                jobs:
                  - { job: team-orders/orders/main, may: [ publish, "request:dev", "request:prod" ] }
                  - { job: "team-orders/orders/release*", may: [ "rollback:prod" ] }
                placements:
                  - { environment: dev, places: [ orders-dev/eu-west-1, orders-dev/us-east-1 ] }
                  - { environment: staging, waves: [ [ orders-dev/eu-west-1 ] ] }
                  - environment: prod
                    waves: [ [ orders-prod/eu-west-1 ], [ orders-prod/us-east-1, orders-prod/us-west-2 ] ]
                    pause: 30m
                paths:
                  - { name: default, environments: [ dev, staging, prod ] }
                  - { name: hotfix, branches: [ "hotfix/*", "fix/*" ], environments: [ staging, prod ] }
                owns:
                  - { stacks: [ "orders-${environment}" ], functions: [ "orders-*", "${service}-jobs" ] }
                  - { environment: prod, buckets: [ orders-web ], distributions: [ E2ORDERSWEB, E3ORDERSWEB ] }
              - { name: orders-dev-only, owners: { users: [ bob ] }, places: [ "orders-${environment}/eu-west-1" ],
                  placements: [ { environment: staging, places: [ orders-dev/eu-west-1 ] },
                                { environment: prod, places: [ orders-prod/eu-west-1 ] } ] }
            """;

    /** One text for a list of one, gates in their short form, and patterns wherever they may stand. */
    static final String SHORT = SMALL.replace("[ { name: dev } ]", "") + """
              - name: dev
                gates: [ { ticket: "CHG[0-9]{7}" }, { window: { days: SUN, from: "00:00", lastStart: "24:00", zone: UTC } } ]
            defaults: { placements: [ { environment: "*", waves: [ "${service}-${environment}/eu-west-1" ] } ] }
            roles: [ { name: admins, users: alice } ]
            mailDomains: acme.net
            services: [ { name: orders, jobs: [ { job: a/b, may: publish } ], paths: [ { name: all, environments: dev } ] } ]
            """;

    private ConfiguredPolicies() {}

    /** Name by name, each as a file of the command line has it. */
    static Map<String, String> all() throws IOException {
        var all = new LinkedHashMap<String, String>();
        all.put("small", SMALL);
        all.put("whole", WHOLE);
        all.put("short", SHORT);
        all.put("example", example());
        return all;
    }

    static String page() throws IOException {
        return Files.readString(Path.of(System.getProperty("promotion.root"), "docs/admin/configuration-as-code.md"));
    }

    static String example() throws IOException {
        return Files.readString(Path.of(System.getProperty("promotion.root"), "docs/examples/orders/policy.yaml"));
    }

    /** As code: below its root element, and with a sign before each dollar, which means itself there. */
    static String asCode(String policy) {
        return "unclassified:\n  serverlessPromotion:\n"
                + policy.replace("${", "^${").indent(4);
    }

    static void configure(String policy) throws ConfiguratorException {
        configureCode(asCode(policy));
    }

    static void configureCode(String yaml) throws ConfiguratorException {
        ConfigurationAsCode.get()
                .configureWith(YamlSource.of(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))));
    }

    /** Opens the form and saves it as it is. */
    static void saveForm(JenkinsRule j) throws Exception {
        j.submit(j.createWebClient().goTo("promotion-releases/configuration/").getFormByName("config"));
    }

    /** What an export has of ours, below its root element again. */
    static String export() throws Exception {
        CNode ours = Util.getUnclassifiedRoot(new ConfigurationContext(ConfiguratorRegistry.get()))
                .get("serverlessPromotion");
        return "unclassified:\n  serverlessPromotion:\n"
                + Util.toYamlString(ours).indent(4);
    }

    static void forget() {
        var configuration = ServerlessPromotionConfiguration.get();
        configuration.setArtifactStores(null);
        configuration.setDefaults(null);
        configuration.setAccounts(null);
        configuration.setRoles(null);
        configuration.setEnvironments(null);
        configuration.setServices(null);
        configuration.setFreezes(null);
        configuration.setAliases(null);
        configuration.setMailDomains(null);
        configuration.setEvidenceKeys(null);
        configuration.setShared(null);
        configuration.setAdopt(null);
        configuration.setSettings(null);
    }

    static Entry.PolicyApplied inForce() {
        return EngineLifecycle.get().store().orElseThrow().policy().orElseThrow();
    }
}
