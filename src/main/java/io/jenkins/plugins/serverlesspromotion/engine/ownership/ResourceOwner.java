package io.jenkins.plugins.serverlesspromotion.engine.ownership;

/** A service in an environment, as the owner of resources. */
public record ResourceOwner(String service, String environment) implements Comparable<ResourceOwner> {
    @Override
    public int compareTo(ResourceOwner other) {
        int byService = service.compareTo(other.service);
        return byService != 0 ? byService : environment.compareTo(other.environment);
    }

    /** {@code orders in prod} */
    @Override
    public String toString() {
        return service + " in " + environment;
    }
}
