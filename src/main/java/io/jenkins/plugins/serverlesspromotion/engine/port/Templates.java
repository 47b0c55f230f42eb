package io.jenkins.plugins.serverlesspromotion.engine.port;

import java.util.List;
import java.util.Map;

/** Reads the code locations and the structure of CloudFormation templates. */
public interface Templates {
    /**
     * Paths of local files that the template names ({@code Code: dist/api.zip}), in order, without repetition.
     *
     * @param name for messages
     * @throws IllegalArgumentException with file and line when it is not a template, or names content in a way that the
     *     release cannot prove
     */
    List<String> localCode(String name, byte[] template);

    /** Those of the local files that are templates of nested stacks and may name further files. */
    List<String> nestedTemplates(String name, byte[] template);

    /** The template with every local path replaced by the object with those bytes; nothing else changes. */
    byte[] render(String name, byte[] template, Map<String, Code> code);

    /**
     * The template as maps with texts as keys, lists and texts. Short forms of intrinsic functions are written out:
     * {@code !Ref X} is a map of {@code Ref} to {@code X}. Numbers and booleans are texts as written. Null, and members
     * without a value, are left out.
     *
     * @throws IllegalArgumentException when it cannot be read as YAML or JSON
     */
    Object tree(String name, byte[] template);

    /**
     * One version of one object.
     *
     * @param url its address, with the version; null where no template is named by it
     */
    record Code(String bucket, String key, String version, String url) {
        public Code(String bucket, String key, String version) {
            this(bucket, key, version, null);
        }
    }
}
