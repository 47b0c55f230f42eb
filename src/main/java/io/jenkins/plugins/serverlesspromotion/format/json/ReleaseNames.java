package io.jenkins.plugins.serverlesspromotion.format.json;

import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.CacheRule;
import io.jenkins.plugins.serverlesspromotion.engine.release.ContentTypeRule;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.engine.release.TrafficShift;

/** The journal, frozen: releases, their manifests and evidence. */
final class ReleaseNames {
    private ReleaseNames() {}

    static void addTo(WireTable table) {
        table.record(Published.class, "ref release provenance store versions at by noEcho")
                .record(ReleaseRef.class, "service version digest number")
                .record(Release.class, "service version manifest artifacts")
                .record(Manifest.class, "service variables targets verify requires")
                .type(Manifest.Variable.PerEnvironment.class, "perEnvironment", "values")
                .type(Manifest.Variable.SsmParameter.class, "ssmParameter", "name")
                .type(Manifest.Variable.Secret.class, "secret", "id")
                .type(
                        Manifest.CloudFormation.class,
                        "cloudFormation",
                        "name after regions template stack capabilities parameters tags rollback guards")
                .record(
                        Manifest.StackGuards.class,
                        "rollbackTriggers monitoringMinutes terminationProtection stackPolicy")
                .type(
                        Manifest.Lambda.class,
                        "lambda",
                        "name after regions function code alias shift alarms settings layers environment rollback")
                .record(TrafficShift.class, "percent minutes")
                .type(
                        Manifest.Site.class,
                        "site",
                        "name after regions directory bucket distribution delete rollback cache? contentTypes?")
                .record(CacheRule.class, "files control")
                .record(ContentTypeRule.class, "files type")
                .type(Manifest.LambdaCheck.class, "lambdaCheck", "target function payload expect retries beforeTraffic")
                .record(Manifest.Expectation.class, "status statusCode contains json latency")
                .type(Manifest.HttpCheck.class, "httpCheck", "url expect retries")
                .record(Manifest.Requires.class, "service version")
                .record(Artifact.class, "path sha256 size")
                .record(Provenance.class, "repository revision branch commits authors publishers complete?")
                .record(Provenance.Author.class, "name email")
                .record(Evidence.class, "release kind result producer run detail at signed")
                .constants(Evidence.Result.class, c -> switch (c) {
                    case PASSED -> "PASSED";
                    case FAILED -> "FAILED";
                })
                .record(Evidence.Signed.class, "statement key by");
    }
}
