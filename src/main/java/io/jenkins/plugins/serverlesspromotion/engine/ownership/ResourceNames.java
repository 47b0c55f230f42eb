package io.jenkins.plugins.serverlesspromotion.engine.ownership;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId.Kind;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Placeholders;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.release.Text;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The resources that a manifest names, as far as its texts give them without calling AWS. A name that depends on an
 * output, a parameter or a secret is left out and checked when it is known.
 */
public final class ResourceNames {
    /** Limit of nested variables; deeper nesting is a mistake. */
    private static final int DEEPEST = 10;

    private ResourceNames() {}

    /** @param target of the manifest that names it */
    public record Named(ResourceId resource, String target) {}

    /**
     * The resources that {@code release} writes to and invokes in {@code environment}; empty where policy does not
     * place it there.
     */
    public static List<Named> in(Release release, Policy policy, String environment) {
        Policy.Service service = policy.services().get(release.service());
        Policy.Placement placement =
                service == null ? null : service.placements().get(environment);
        var named = new ArrayList<Named>();
        if (placement == null) {
            return named;
        }
        for (Policy.Place place : placement.places()) {
            Policy.Account account = policy.accounts().get(place.account());
            for (Manifest.Target target : release.manifest().targets()) {
                for (String region : regions(target, place)) {
                    var texts = texts(release, environment, account, region);
                    written(target, texts, account.id(), region)
                            .forEach(resource -> named.add(new Named(resource, target.name())));
                    invoked(release, target, texts, account.id(), region)
                            .forEach(resource -> named.add(new Named(resource, target.name())));
                }
            }
        }
        return named.stream().distinct().toList();
    }

    private static Set<String> regions(Manifest.Target target, Policy.Place place) {
        return target.regions().isEmpty() ? Set.of(place.region()) : new LinkedHashSet<>(target.regions());
    }

    private interface Texts {
        Optional<String> known(String text);
    }

    private static Texts texts(Release release, String environment, Policy.Account account, String region) {
        var names = new Placeholders(
                release.service(), release.version(), environment, account.name(), account.id(), region);
        return text -> known(text, release.manifest(), names, 0);
    }

    private static Optional<String> known(String text, Manifest manifest, Placeholders names, int depth) {
        if (text == null || depth > DEEPEST) {
            return Optional.empty();
        }
        var known = new StringBuilder();
        for (Text.Part part : Text.of(text).parts()) {
            Optional<String> value = part instanceof Text.Literal literal
                    ? Optional.of(literal.text())
                    : value(((Text.Reference) part).name(), manifest, names, depth);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            known.append(value.get());
        }
        return known.isEmpty() ? Optional.empty() : Optional.of(known.toString());
    }

    private static Optional<String> value(String name, Manifest manifest, Placeholders names, int depth) {
        Optional<String> builtIn = names.value(name);
        if (builtIn.isPresent()) {
            return builtIn;
        }
        return manifest.variables().get(name) instanceof Manifest.Variable.PerEnvironment values
                ? values.in(names.environment()).flatMap(text -> known(text, manifest, names, depth + 1))
                : Optional.empty();
    }

    private static List<ResourceId> written(Manifest.Target target, Texts texts, String accountId, String region) {
        var resources = new ArrayList<ResourceId>();
        if (target instanceof Manifest.CloudFormation stack) {
            texts.known(stack.stack())
                    .map(n -> ResourceId.stack(n, accountId, region))
                    .ifPresent(resources::add);
        } else if (target instanceof Manifest.Lambda lambda) {
            texts.known(lambda.function())
                    .map(n -> ResourceId.function(n, accountId, region))
                    .ifPresent(resources::add);
        } else if (target instanceof Manifest.Site site) {
            texts.known(site.bucket()).map(n -> ResourceId.bucket(n, accountId)).ifPresent(resources::add);
            texts.known(site.distribution())
                    .map(n -> ResourceId.distribution(n, accountId))
                    .ifPresent(resources::add);
        }
        return resources;
    }

    private static List<ResourceId> invoked(
            Release release, Manifest.Target target, Texts texts, String accountId, String region) {
        return release.manifest().verify().stream()
                .filter(check -> check instanceof Manifest.LambdaCheck lambda
                        && lambda.target().equals(target.name()))
                .flatMap(check -> texts.known(((Manifest.LambdaCheck) check).function()).stream())
                .map(name -> ResourceId.function(name, accountId, region).as(Kind.CHECK))
                .toList();
    }
}
