package io.jenkins.plugins.serverlesspromotion.format.template;

/** What Lambda does with a ZIP of code. It decides which files Lambda must be able to execute. */
public enum CodeUse {
    /** A function with a runtime of AWS, which loads the code itself. */
    MANAGED_RUNTIME,
    /** A function with {@code Runtime: provided…}: Lambda executes the file {@code bootstrap}. */
    CUSTOM_RUNTIME,
    /** A function whose runtime is not known here. */
    UNKNOWN_RUNTIME,
    /** A layer: Lambda executes the files of {@code extensions/}, and {@code bootstrap} for a custom runtime. */
    LAYER
}
