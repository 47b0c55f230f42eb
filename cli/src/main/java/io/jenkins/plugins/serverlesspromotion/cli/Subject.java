package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The parameters that name the subject of a command, the same in every command. */
final class Subject {
    private Subject() {}

    /** A promotion: {@code orders.prod.17}. */
    static final class OnePromotion {
        @Parameters(
                paramLabel = "ID",
                converter = PromotionId.Converter.class,
                description = "The promotion, as in orders.prod.17.")
        PromotionId id;
    }

    /** A service in an environment: {@code orders --in prod}. */
    static final class OneLane {
        @Parameters(paramLabel = "SERVICE", converter = NameConverter.class, description = "The service.")
        private String service;

        @Option(
                names = "--in",
                paramLabel = "ENV",
                required = true,
                converter = NameConverter.class,
                description = "The environment.")
        private String environment;

        LaneId id() {
            return new LaneId(service, environment);
        }
    }

    /** A release on its way into an environment: {@code orders@1.4.2 --to prod}. */
    static final class OneStep {
        @Parameters(
                paramLabel = "SERVICE@VERSION",
                converter = ReleaseId.Converter.class,
                description = "A release that was published.")
        ReleaseId release;

        @Option(
                names = "--to",
                paramLabel = "ENV",
                required = true,
                converter = NameConverter.class,
                description = "The environment.")
        private String environment;

        LaneId lane() {
            return new LaneId(release.service(), environment);
        }
    }
}
