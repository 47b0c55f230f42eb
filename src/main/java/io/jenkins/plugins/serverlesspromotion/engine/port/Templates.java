package io.jenkins.plugins.serverlesspromotion.engine.port;

import java.util.List;
import java.util.Map;

/** Reads CloudFormation templates as far as code in them is concerned. */
public interface Templates {
    /**
     * Paths of local files that the template names as code ({@code Code: dist/api.zip}), in order, without repetition.
     *
     * @param name for messages
     * @throws IllegalArgumentException with file and line when it is no template, or names code in a place that the
     *     release cannot prove
     */
    List<String> localCode(String name, byte[] template);

    /** The template with every local path replaced by the object that holds those bytes; nothing else changes. */
    byte[] render(String name, byte[] template, Map<String, Code> code);

    /** One version of one object. */
    record Code(String bucket, String key, String version) {}
}
