package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import static io.jenkins.plugins.serverlesspromotion.format.policy.PolicySection.*;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Descriptor;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicySection;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jenkinsci.Symbol;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.kohsuke.stapler.ClassDescriptor;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Whatever the compilers read can be said in the form and as code: there is one model. */
public class SameModelTest {
    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    private static final Map<PolicySection, Class<?>> BEANS = new EnumMap<>(Map.ofEntries(
            Map.entry(POLICY, ServerlessPromotionConfiguration.class),
            Map.entry(DEFAULTS, DefaultsConfig.class),
            Map.entry(ARTIFACT_STORE, ArtifactStoreConfig.class),
            Map.entry(ACCOUNT_DEFAULTS, AccountDefaults.class),
            Map.entry(ACCOUNT, AccountConfig.class),
            Map.entry(ROLE, RoleConfig.class),
            Map.entry(PEOPLE, PeopleConfig.class),
            Map.entry(ENVIRONMENT, EnvironmentConfig.class),
            Map.entry(APPROVAL, ApprovalGateConfig.class),
            Map.entry(WINDOW, WindowGateConfig.class),
            Map.entry(SOAK, SoakGateConfig.class),
            Map.entry(EVIDENCE, EvidenceGateConfig.class),
            Map.entry(TICKET, TicketGateConfig.class),
            Map.entry(CONTAINS_LIVE, ContainsLiveGateConfig.class),
            Map.entry(ALARM, AlarmGateConfig.class),
            Map.entry(REQUIREMENT, RequirementConfig.class),
            Map.entry(BREAK_GLASS, BreakGlassConfig.class),
            Map.entry(RISK_NEED, RiskNeedConfig.class),
            Map.entry(FREEZE, FreezeConfig.class),
            Map.entry(ALIAS, AliasConfig.class),
            Map.entry(EVIDENCE_KEY, EvidenceKeyConfig.class),
            Map.entry(SERVICE, ServiceConfig.class),
            Map.entry(GRANT, GrantConfig.class),
            Map.entry(PLACEMENT, PlacementConfig.class),
            Map.entry(PATH, PathConfig.class),
            Map.entry(OWNS, OwnsConfig.class),
            Map.entry(SHARED, SharedConfig.class),
            Map.entry(ADOPT, AdoptConfig.class)));

    /** What the value of a key is made of, where that is maps. */
    private static final Map<String, PolicySection> BELOW = Map.ofEntries(
            Map.entry("POLICY.artifactStores", ARTIFACT_STORE),
            Map.entry("POLICY.accounts", ACCOUNT),
            Map.entry("POLICY.roles", ROLE),
            Map.entry("POLICY.environments", ENVIRONMENT),
            Map.entry("POLICY.services", SERVICE),
            Map.entry("POLICY.freezes", FREEZE),
            Map.entry("POLICY.aliases", ALIAS),
            Map.entry("POLICY.evidenceKeys", EVIDENCE_KEY),
            Map.entry("POLICY.defaults", DEFAULTS),
            Map.entry("DEFAULTS.account", ACCOUNT_DEFAULTS),
            Map.entry("DEFAULTS.placements", PLACEMENT),
            Map.entry("ENVIRONMENT.gates", GATE),
            Map.entry("ENVIRONMENT.rollback", REQUIREMENT),
            Map.entry("ENVIRONMENT.breakGlass", BREAK_GLASS),
            Map.entry("ENVIRONMENT.riskNeeds", RISK_NEED),
            Map.entry("GATE.approval", APPROVAL),
            Map.entry("GATE.window", WINDOW),
            Map.entry("GATE.soak", SOAK),
            Map.entry("GATE.evidence", EVIDENCE),
            Map.entry("GATE.ticket", TICKET),
            Map.entry("GATE.containsLive", CONTAINS_LIVE),
            Map.entry("GATE.alarm", ALARM),
            Map.entry("APPROVAL.require", REQUIREMENT),
            Map.entry("BREAK_GLASS.require", REQUIREMENT),
            Map.entry("SERVICE.owners", PEOPLE),
            Map.entry("SERVICE.jobs", GRANT),
            Map.entry("SERVICE.placements", PLACEMENT),
            Map.entry("SERVICE.paths", PATH),
            Map.entry("SERVICE.owns", OWNS),
            Map.entry("POLICY.shared", SHARED),
            Map.entry("POLICY.adopt", ADOPT));

    @Test
    @Shows(table = Shows.HOLES, cell = "9 jcasc")
    public void everyKeyOfACompilerIsAPropertyOfTheFormAndNothingElseIs() throws Exception {
        for (PolicySection section : EnumSet.complementOf(EnumSet.of(GATE))) {
            Class<?> bean = BEANS.get(section);
            assertTrue("there is no bean for " + section + ", whose keys are " + section.keys(), bean != null);
            Set<String> keys = new TreeSet<>(section.keys());
            if (section == POLICY) {
                keys.addAll(Set.of("settings", "notifications")); // of the controller, no part of the policy
            }
            assertEquals(section + " as " + bean.getSimpleName(), keys, properties(bean));
        }
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "9 jcasc")
    public void everyGateOfTheCompilerIsOfferedByItsNameAndNoOtherIs() {
        var offered = new TreeSet<String>();
        for (Descriptor<GateConfig> gate : j.jenkins.getDescriptorList(GateConfig.class)) {
            offered.addAll(List.of(gate.getClass().getAnnotation(Symbol.class).value()));
        }
        assertEquals(new TreeSet<>(GATE.keys()), offered);
    }

    /** So that the round trips by code, export, form and disk have seen each of them. */
    @Test
    public void theWholePolicyOfTheRoundTripsSaysEverythingThereIsToSay() throws Exception {
        ConfiguredPolicies.configure(ConfiguredPolicies.WHOLE);
        Map<PolicySection, Set<String>> seen = new EnumMap<>(PolicySection.class);
        walk(POLICY, ServerlessPromotionConfiguration.get().saved().policy(), seen);
        for (PolicySection section : PolicySection.values()) {
            assertEquals(
                    section.toString(),
                    new TreeSet<>(section.keys()),
                    seen.getOrDefault(section, section.keys().isEmpty() ? Set.of() : null));
        }
    }

    private static void walk(PolicySection section, Object value, Map<PolicySection, Set<String>> seen) {
        if (value instanceof List<?> list) {
            list.forEach(item -> walk(section, item, seen));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, below) -> {
                seen.computeIfAbsent(section, s -> new TreeSet<>()).add((String) key);
                PolicySection next = BELOW.get(section + "." + key);
                if (next != null) {
                    walk(next, below, seen);
                }
            });
        }
    }

    /** What binds from code; {@code usersText} is only how the form writes {@code users}. */
    private static Set<String> properties(Class<?> bean) throws Exception {
        var names = new ArrayList<String>();
        for (var constructor : bean.getConstructors()) {
            if (constructor.isAnnotationPresent(DataBoundConstructor.class)) {
                names.addAll(List.of(ClassDescriptor.loadParameterNames(constructor)));
            }
        }
        for (Method method : bean.getMethods()) {
            if (method.isAnnotationPresent(DataBoundSetter.class)) {
                String name = method.getName().substring("set".length());
                names.add(Character.toLowerCase(name.charAt(0)) + name.substring(1));
            }
        }
        var properties = new TreeSet<>(names);
        properties.removeIf(
                name -> name.endsWith("Text") && names.contains(name.substring(0, name.length() - "Text".length())));
        return properties;
    }
}
