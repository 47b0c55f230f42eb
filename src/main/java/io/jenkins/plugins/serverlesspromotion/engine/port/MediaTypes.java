package io.jenkins.plugins.serverlesspromotion.engine.port;

/** Knows the media types of files. */
public interface MediaTypes {
    /** The type of a file whose name is not known to have one. */
    String UNKNOWN = "application/octet-stream";

    /**
     * The value of {@code Content-Type} for a file, with {@code charset=utf-8} for text; {@link #UNKNOWN} when its
     * extension has no type.
     *
     * @param name of a file, with or without folders
     */
    String of(String name);
}
