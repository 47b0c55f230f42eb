package io.jenkins.plugins.serverlesspromotion.aws.stack;

import io.jenkins.plugins.serverlesspromotion.aws.call.Failures;
import io.jenkins.plugins.serverlesspromotion.aws.context.Staging;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetInstances;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer.Work;
import io.jenkins.plugins.serverlesspromotion.engine.port.Templates;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.NoEchoParameters;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads which parameters of a release's templates have NoEcho, where an older version did not record it and a parameter
 * has a literal value. Without a result the release stays unchanged: then the store hides the values of all its
 * parameters.
 */
public final class NoEchoReader {
    private final Templates templates;
    private final Function<Published, TargetInstances> expansions;
    private final BiFunction<Published, TargetInstances.TargetInstance, TargetContext> jobs;

    public NoEchoReader(
            Templates templates,
            Function<Published, TargetInstances> expansions,
            BiFunction<Published, TargetInstances.TargetInstance, TargetContext> jobs) {
        this.templates = templates;
        this.expansions = expansions;
        this.jobs = jobs;
    }

    /** Of the job's release and of the releases that were deployed before. */
    public Work read(Work work) throws InterruptedException {
        var earlier = new ArrayList<Published>();
        for (Published release : work.earlier()) {
            earlier.add(read(release));
        }
        return work.of(read(work.release()), earlier);
    }

    public Published read(Published release) throws InterruptedException {
        if (release.noEcho() != null || release.hiddenValues("").isEmpty()) {
            return release;
        }
        var found = new TreeSet<String>();
        var read = new TreeSet<String>();
        try {
            for (TargetInstances.TargetInstance targetInstance :
                    expansions.apply(release).slots()) {
                if (targetInstance.target() instanceof Manifest.CloudFormation stack && read.add(stack.name())) {
                    Staging staging = jobs.apply(release, targetInstance).staging();
                    byte[] template = staging.read(
                            staging.artifacts(List.of(stack.template())).get(0));
                    NoEchoParameters.in(templates.tree(stack.template(), template))
                            .forEach(name -> found.add(stack.name() + "." + name));
                }
            }
            return release.withNoEcho(List.copyOf(found));
        } catch (RuntimeException e) {
            Failures.passInterruption(e);
            return release;
        }
    }

    /** The results for releases without a record, by id. */
    public static Map<String, List<String>> found(Work given, Work read) {
        var unknown = releases(given)
                .filter(release -> release.noEcho() == null)
                .map(release -> release.ref().id())
                .collect(Collectors.toSet());
        var found = new TreeMap<String, List<String>>();
        releases(read)
                .filter(release -> release.noEcho() != null
                        && unknown.contains(release.ref().id()))
                .forEach(release -> found.put(release.ref().id(), release.noEcho()));
        return found;
    }

    private static Stream<Published> releases(Work work) {
        return Stream.concat(Stream.of(work.release()), work.earlier().stream());
    }
}
