package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * People's statements about requesters and authors of a promotion who could not be established.
 *
 * @param requestersStated who requested it; oldest first
 * @param authorsAttested who wrote a release; oldest first
 */
public record PeopleStatements(List<RequestersStatement> requestersStated, List<AuthorsAttestation> authorsAttested) {
    public static final PeopleStatements NONE = new PeopleStatements(List.of(), List.of());

    public PeopleStatements {
        requestersStated = requestersStated == null ? List.of() : List.copyOf(requestersStated);
        authorsAttested = authorsAttested == null ? List.of() : List.copyOf(authorsAttested);
    }

    PeopleStatements with(RequestersStatement statement) {
        var all = new ArrayList<>(requestersStated);
        all.add(statement);
        return new PeopleStatements(all, authorsAttested);
    }

    PeopleStatements with(AuthorsAttestation attestation) {
        var all = new ArrayList<>(authorsAttested);
        all.add(attestation);
        return new PeopleStatements(requestersStated, all);
    }

    /**
     * A person's statement of who requested it, for this promotion only. That person does not count in its quorum.
     * Whether the statement counts is decided when a gate is evaluated.
     *
     * @param at unique among the statements for a promotion: it identifies the requests that a statement covers
     * @param people ids, names or addresses of the requesters; empty: no person requested it
     * @param publishers how many publishers of the release it covers, the oldest first; 0 when none was unknown
     */
    public record RequestersStatement(Person person, Instant at, Set<String> people, String reason, int publishers) {
        public RequestersStatement {
            people = Collections.unmodifiableSet(new TreeSet<>(people));
        }
    }

    /**
     * A person's statement of who wrote a release, for this promotion only. That person does not count in its quorum.
     * Whether it counts is decided when a gate is evaluated.
     *
     * @param release id: {@code orders@1.4.2}
     * @param people ids, names or addresses of those who wrote it
     */
    public record AuthorsAttestation(Person person, Instant at, String release, Set<String> people, String reason) {
        public AuthorsAttestation {
            people = Collections.unmodifiableSet(new TreeSet<>(people));
        }
    }
}
