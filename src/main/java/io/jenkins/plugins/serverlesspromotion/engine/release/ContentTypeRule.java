package io.jenkins.plugins.serverlesspromotion.engine.release;

/**
 * @param files a {@link FilePattern}, relative to the folder of the site
 * @param type value of {@code Content-Type}
 */
public record ContentTypeRule(String files, String type) {}
