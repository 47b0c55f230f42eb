package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.Extension;
import hudson.plugins.git.GitChangeSet;
import hudson.scm.ChangeLogSet;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance.Author;
import java.util.Optional;

/** Authors in the change logs of Git. */
@Extension(optional = true)
public final class GitAuthors extends Changes.RawAuthor {
    @Override
    Optional<Author> of(ChangeLogSet.Entry entry) {
        return entry instanceof GitChangeSet commit && commit.getAuthorEmail() != null
                ? Optional.of(new Author(commit.getAuthorName(), commit.getAuthorEmail()))
                : Optional.empty();
    }
}
