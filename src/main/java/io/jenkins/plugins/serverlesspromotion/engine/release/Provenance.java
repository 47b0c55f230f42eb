package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.util.List;

/**
 * The origin of a release. It is stored next to the release, and every publication of the same bytes adds to it.
 *
 * @param repository address of the source, may be null
 * @param revision commit id, may be null
 * @param branch may be null
 * @param commits ids of the commits that are in the release and not in its predecessor, newest first
 * @param authors as the commits state them, raw: git authorship is self-declared
 * @param publishers ids of the people and jobs that published it ({@code user:alice}, {@code job:team/orders/main})
 * @param complete whether {@code authors} are all authors of the changes since its predecessor; null, as in older
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
    /** People, jobs and builds that may publish the same release. */
    public static final int MOST_PUBLISHERS = 500;

    /**
     * Limit of commit ids that several publications of a release keep together; the others are not known to be in it.
     */
    public static final int MOST_COMMITS = 2_000;

    /**
     * Limit of authors that several publications of a release keep together; with more, the authors are not complete.
     */
    public static final int MOST_AUTHORS = 1_000;

    /** Limit of characters of an address, an id, a name. */
    private static final int LONGEST = 500;

    /** Among the publishers: a person who could not be established. */
    public static final String UNKNOWN = "unknown";

    private static final String USER = "user:";

    public Provenance {
        commits = List.copyOf(commits);
        authors = List.copyOf(authors);
        publishers = List.copyOf(publishers);
        complete = complete != null && complete != authors.isEmpty() ? null : complete;
    }

    /** Provenance whose authors are complete when there are any. */
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

    /**
     * This provenance within the limits. When an author has to be left out or cut, the authors are not complete.
     * Publishers beyond the limit are unknown people.
     */
    public Provenance bounded() {
        List<Author> kept = first(MOST_AUTHORS, authors).stream()
                .map(a -> new Author(cut(a.name()), cut(a.email())))
                .toList();
        List<String> by = publishers;
        if (publishers.size() > MOST_PUBLISHERS) {
            var some = new java.util.ArrayList<>(first(MOST_PUBLISHERS - 1, publishers));
            some.remove(UNKNOWN);
            some.add(UNKNOWN);
            by = some;
        }
        return new Provenance(
                cut(repository),
                cut(revision),
                cut(branch),
                first(MOST_COMMITS, commits).stream().map(Provenance::cut).toList(),
                kept,
                by,
                isComplete() && kept.equals(authors));
    }

    private static String cut(String text) {
        return text == null || text.length() <= LONGEST ? text : Shown.cut(text, LONGEST);
    }

    /** Provenance with the publisher alone. */
    public static Provenance publishedBy(String publisher) {
        return new Provenance(null, null, null, List.of(), List.of(), List.of(publisher));
    }

    /**
     * The union of both, within the limits. The first publication's revision stays, and no publisher is dropped. When
     * an author has to be left out, the authors are not complete.
     */
    public Provenance and(Provenance other) {
        List<Author> all = union(authors, other.authors);
        return new Provenance(
                repository != null ? repository : other.repository,
                revision != null ? revision : other.revision,
                branch != null ? branch : other.branch,
                first(MOST_COMMITS, union(commits, other.commits)),
                first(MOST_AUTHORS, all),
                union(publishers, other.publishers),
                // An incomplete list stays incomplete, because the other publication may have another predecessor.
                isComplete() && other.isComplete() && all.size() <= MOST_AUTHORS);
    }

    /** The parts of this provenance that {@code known} does not have; the union of both is this provenance. */
    public Provenance beyond(Provenance known) {
        return new Provenance(
                known.repository != null ? null : repository,
                known.revision != null ? null : revision,
                known.branch != null ? null : branch,
                without(commits, known.commits),
                without(authors, known.authors),
                without(publishers, known.publishers),
                isComplete());
    }

    private static <T> List<T> without(List<T> all, List<T> known) {
        var left = new java.util.LinkedHashSet<>(all);
        known.forEach(left::remove);
        return List.copyOf(left);
    }

    private static <T> List<T> first(int most, List<T> all) {
        return all.size() <= most ? all : all.subList(0, most);
    }

    private static <T> List<T> union(List<T> a, List<T> b) {
        var all = new java.util.LinkedHashSet<>(a);
        all.addAll(b);
        return List.copyOf(all);
    }

    /** Name and mail address as the commit states them. */
    public record Author(String name, String email) {}
}
