package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects a part of the policy in the shape of {@code policy.yaml}. Empty fields of a form are left out. */
final class PolicyTree {
    private final Map<String, Object> members = new LinkedHashMap<>();

    /** Always included, so that an empty value is reported. */
    PolicyTree mandatory(String key, String text) {
        members.put(key, text == null ? "" : text.strip());
        return this;
    }

    PolicyTree text(String key, String text) {
        if (text != null && !text.isBlank()) {
            members.put(key, text.strip());
        }
        return this;
    }

    PolicyTree value(String key, Object value) {
        if (value != null) {
            members.put(key, value);
        }
        return this;
    }

    /** A value that is false where it is not set. */
    PolicyTree flag(String key, boolean value) {
        return value ? value(key, true) : this;
    }

    PolicyTree texts(String key, List<String> texts) {
        if (!texts.isEmpty()) {
            members.put(key, List.copyOf(texts));
        }
        return this;
    }

    PolicyTree part(String key, PolicyPart<?> part) {
        return part == null ? this : value(key, part.tree());
    }

    PolicyTree parts(String key, Collection<? extends PolicyPart<?>> parts) {
        if (!parts.isEmpty()) {
            members.put(key, parts.stream().map(PolicyPart::tree).toList());
        }
        return this;
    }

    Map<String, Object> map() {
        return members;
    }
}
