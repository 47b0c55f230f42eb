package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.util.List;

/**
 * Where a release came from. Kept beside the release and united on every publication of the same bytes.
 *
 * @param repository address of the source, may be null
 * @param revision commit id, may be null
 * @param branch may be null
 * @param commits ids of the commits the release contains that its predecessor did not, newest first
 * @param authors as the commits state them, raw: git authorship is self-declared
 * @param publishers ids of the people and jobs that published it ({@code user:alice}, {@code job:team/orders/main})
 * @param complete whether {@code authors} are all who wrote what its predecessor did not contain; null, as in older
 *     records: exactly when there are any
 */
public record Provenance(
        String repository,
        String revision,
        String branch,
        List<String> commits,
        List<Author> authors,
        List<String> publishers,
        Boolean complete) {
    /** Among the publishers: a person published it who could not be established. */
    public static final String UNKNOWN = "unknown";

    private static final String USER = "user:";

    public Provenance {
        commits = List.copyOf(commits);
        authors = List.copyOf(authors);
        publishers = List.copyOf(publishers);
        complete = complete != null && complete != authors.isEmpty() ? null : complete;
    }

    /** Of which the authors are complete when there are any. */
    public Provenance(
            String repository,
            String revision,
            String branch,
            List<String> commits,
            List<Author> authors,
            List<String> publishers) {
        this(repository, revision, branch, commits, authors, publishers, null);
    }

    /** Whether the authors are known to be all. */
    public boolean isComplete() {
        return complete == null ? !authors.isEmpty() : complete;
    }

    /** Ids of the people among the publishers, and {@link #UNKNOWN} when there is one who could not be established. */
    public List<String> people() {
        return publishers.stream()
                .filter(p -> p.startsWith(USER) || p.equals(UNKNOWN))
                .map(p -> p.equals(UNKNOWN) ? p : p.substring(USER.length()))
                .sorted()
                .toList();
    }

    /** Nothing known but the publisher. */
    public static Provenance publishedBy(String publisher) {
        return new Provenance(null, null, null, List.of(), List.of(), List.of(publisher));
    }

    /** Everything both know; the first publication's revision stays, nobody is ever dropped. */
    public Provenance and(Provenance other) {
        return new Provenance(
                repository != null ? repository : other.repository,
                revision != null ? revision : other.revision,
                branch != null ? branch : other.branch,
                union(commits, other.commits),
                union(authors, other.authors),
                union(publishers, other.publishers),
                completeWith(other));
    }

    /** One publication that may lack authors is not made complete by another one: it may have another predecessor. */
    private Boolean completeWith(Provenance other) {
        return isComplete() && other.isComplete();
    }

    private static <T> List<T> union(List<T> a, List<T> b) {
        var all = new java.util.LinkedHashSet<>(a);
        all.addAll(b);
        return List.copyOf(all);
    }

    /** Name and mail address as the commit states them. */
    public record Author(String name, String email) {}
}
