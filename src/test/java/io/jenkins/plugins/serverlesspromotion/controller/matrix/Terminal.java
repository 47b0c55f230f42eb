package io.jenkins.plugins.serverlesspromotion.controller.matrix;

import hudson.cli.CLICommand;
import hudson.model.User;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/**
 * What a command of {@code jenkins-cli} has come to.
 *
 * @param exit its exit code
 * @param said both its outputs
 */
record Terminal(int exit, String said) {

    /** @param words the command and its arguments */
    static Terminal of(Role role, List<String> words) {
        return role == Role.ANONYMOUS ? of(Jenkins.ANONYMOUS2, words) : of(role.user(), words);
    }

    static Terminal of(String user, List<String> words) {
        return of(User.getById(user, true).impersonate2(), words);
    }

    static Terminal of(Authentication who, List<String> words) {
        CLICommand command = CLICommand.clone(words.get(0));
        command.setTransportAuth2(who);
        var said = new ByteArrayOutputStream();
        var out = new PrintStream(said, true, StandardCharsets.UTF_8);
        int exit =
                command.main(words.subList(1, words.size()), Locale.ENGLISH, InputStream.nullInputStream(), out, out);
        return new Terminal(exit, said.toString(StandardCharsets.UTF_8));
    }
}
