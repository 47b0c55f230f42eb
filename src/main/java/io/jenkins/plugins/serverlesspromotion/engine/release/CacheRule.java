package io.jenkins.plugins.serverlesspromotion.engine.release;

/**
 * @param files a {@link FilePattern}, relative to the folder of the site
 * @param control value of {@code Cache-Control}
 */
public record CacheRule(String files, String control) {}
