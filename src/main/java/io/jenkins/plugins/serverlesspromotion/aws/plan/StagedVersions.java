package io.jenkins.plugins.serverlesspromotion.aws.plan;

import io.jenkins.plugins.serverlesspromotion.engine.risk.TemplateChange;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Leaves out the versions of staged objects: another copy of the same bytes is the same code. */
final class StagedVersions {
    /** The end of the key of a staged object, which names its content. */
    private static final Pattern KEY = Pattern.compile(".*sha256/[0-9a-f]{2}/[0-9a-f]{64}");

    private static final Pattern URL = Pattern.compile("(sha256/[0-9a-f]{2}/[0-9a-f]{64}\\?versionId=)[^&]*");

    private StagedVersions() {}

    static TemplateChange.Version neutral(TemplateChange.Version version) {
        var template = new TreeMap<String, Object>();
        version.template().forEach((key, value) -> template.put(key, neutral(value)));
        return new TemplateChange.Version(template, version.parameters(), version.unreadable());
    }

    private static Object neutral(Object node) {
        if (node instanceof List<?> list) {
            return list.stream().map(StagedVersions::neutral).toList();
        }
        if (node instanceof String text) {
            return URL.matcher(text).replaceAll("$1*");
        }
        if (!(node instanceof Map<?, ?> map)) {
            return node;
        }
        boolean staged = map.values().stream()
                .anyMatch(v -> v instanceof String text && KEY.matcher(text).matches());
        var members = new TreeMap<String, Object>();
        map.forEach((key, value) -> {
            boolean version =
                    staged && String.valueOf(key).toLowerCase(Locale.ROOT).endsWith("version");
            members.put(String.valueOf(key), version ? "*" : neutral(value));
        });
        return members;
    }
}
