package io.jenkins.plugins.serverlesspromotion.controller.releases;

/** What gates say, as people say it. */
final class GateWords {
    private GateWords() {}

    /** A gate as people call it. */
    static String name(String gate) {
        return switch (gate) {
            case "containsLive" -> Messages.GateName_containsLive();
            case "dependency" -> Messages.GateName_dependency();
            default -> gate;
        };
    }
}
