package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.OutputReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The resources that a plan of an older version, which did not record owners, was to write to. */
final class PlannedNames {
    private PlannedNames() {}

    /**
     * @param promotion whose steps have the outputs that names may depend on
     * @param accounts of the policy in force; resources in other accounts are left out
     */
    static List<ResourceId> of(Plan plan, Promotion promotion, Map<String, Policy.Account> accounts) {
        var resources = new ArrayList<ResourceId>();
        for (Plan.TargetPlan target : plan.targets()) {
            Policy.Account account = accounts.get(target.place().account());
            if (account == null) {
                continue;
            }
            String region = target.place().region();
            Optional<String> subject = settled(target.content().subject(), target, promotion);
            switch (target.kind()) {
                case "cloudformation" ->
                    subject.ifPresent(n -> resources.add(ResourceId.stack(n, account.id(), region)));
                case "lambda" -> subject.ifPresent(n -> resources.add(ResourceId.function(n, account.id(), region)));
                case "site" -> {
                    subject.ifPresent(n -> resources.add(ResourceId.bucket(n, account.id())));
                    settled(target.content().values().get("distribution"), target, promotion)
                            .ifPresent(n -> resources.add(ResourceId.distribution(n, account.id())));
                }
                default -> {}
            }
        }
        return resources.stream().distinct().toList();
    }

    /** Empty while it depends on an output that is not known. */
    private static Optional<String> settled(String text, Plan.TargetPlan target, Promotion promotion) {
        if (text == null || text.isEmpty()) {
            return Optional.empty();
        }
        String settled = OutputReference.replaced(text, (of, output) -> output(target, of, output, promotion));
        return settled.contains("${") ? Optional.empty() : Optional.of(settled);
    }

    private static Optional<String> output(Plan.TargetPlan of, String target, String output, Promotion promotion) {
        return promotion.deployment() == null
                ? Optional.empty()
                : promotion.deployment().steps().stream()
                        .filter(s -> s.target().equals(target)
                                && s.place().startsWith(of.place().account() + "/"))
                        .flatMap(s -> Optional.ofNullable(s.outputs().get(output)).stream())
                        .findFirst();
    }
}
