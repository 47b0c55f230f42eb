package io.jenkins.plugins.serverlesspromotion.format.json;

import java.util.LinkedHashMap;

/** The members of a JSON object in their order; nulls are left out. */
public final class JsonObject extends LinkedHashMap<String, Object> {
    private static final long serialVersionUID = 1L;

    public JsonObject with(String name, Object value) {
        if (value != null) {
            put(name, value);
        }
        return this;
    }
}
