package io.jenkins.plugins.serverlesspromotion.aws.check;

import io.jenkins.plugins.serverlesspromotion.aws.call.Failures;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetInstances;
import io.jenkins.plugins.serverlesspromotion.aws.stack.KnownOutputs;
import io.jenkins.plugins.serverlesspromotion.aws.stack.StackOutputs;
import io.jenkins.plugins.serverlesspromotion.engine.lane.CheckResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Runs every check of a manifest in the places of one wave. */
public final class WaveVerifier {
    private final Deployer.Work work;
    private final TargetInstances targetInstances;
    private final Function<TargetInstances.TargetInstance, TargetContext> jobs;
    private final Function<String, StackOutputs> outputs;
    private final HttpProbe http;

    public WaveVerifier(
            Deployer.Work work,
            TargetInstances targetInstances,
            Function<TargetInstances.TargetInstance, TargetContext> jobs,
            Function<String, StackOutputs> outputs,
            HttpProbe http) {
        this.work = work;
        this.targetInstances = targetInstances;
        this.jobs = jobs;
        this.outputs = outputs;
        this.http = http;
    }

    public Deployer.Verification verify(int wave) throws InterruptedException {
        var sentences = new ArrayList<String>();
        var results = new ArrayList<CheckResult>();
        Fact.Failure failure = null;
        for (Manifest.Check check : work.release().release().manifest().verify()) {
            if (check.isBeforeTraffic()) {
                continue;
            }
            for (TargetInstances.TargetInstance targetInstance : where(check, wave)) {
                TargetContext job = jobs.apply(targetInstance);
                var known = new KnownOutputs(targetInstances, targetInstance.place(), outputs);
                Verifier.Answer answer;
                try {
                    answer = new Verifier(job, http).ask(check, job.resolution(Map.of(), known));
                } catch (RuntimeException e) {
                    Fact.Failure cause = Failures.of(e);
                    answer = new Verifier.Answer(
                            cause.cause(),
                            cause,
                            new CheckResult(
                                    check.describe(),
                                    targetInstance.place().toString(),
                                    false,
                                    1,
                                    0,
                                    "not asked",
                                    null,
                                    cause.cause()));
                }
                results.add(answer.result());
                if (sentences.contains(answer.sentence())) {
                    continue;
                }
                sentences.add(answer.sentence());
                job.note(answer.sentence());
                // An unknown result must not hide a known failure.
                if (answer.failure() != null && (failure == null || failure.verdict() == Fact.FailureKind.ERRORED)) {
                    failure = answer.failure();
                }
            }
        }
        return new Deployer.Verification(sentences, failure, results);
    }

    /**
     * A function is invoked where its target is; an address is called from each place, because it may contain the
     * place.
     */
    private List<TargetInstances.TargetInstance> where(Manifest.Check check, int wave) {
        var slots = new LinkedHashSet<TargetInstances.TargetInstance>();
        for (Place place : work.rules().placement().waves().get(wave)) {
            if (check instanceof Manifest.LambdaCheck lambda) {
                targetInstances.slots().stream()
                        .filter(s -> s.target().name().equals(lambda.target())
                                && s.place().account().equals(place.account())
                                && (s.place().region().equals(place.region())
                                        || !s.target().regions().isEmpty()))
                        .forEach(slots::add);
            } else {
                targetInstances.slots().stream()
                        .findFirst()
                        .ifPresent(any ->
                                slots.add(new TargetInstances.TargetInstance(place, any.target(), wave, List.of())));
            }
        }
        return List.copyOf(slots);
    }
}
