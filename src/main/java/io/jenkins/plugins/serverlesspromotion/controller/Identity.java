package io.jenkins.plugins.serverlesspromotion.controller;

import hudson.model.User;
import hudson.security.ACL;
import hudson.security.SecurityRealm;
import hudson.security.UserMayOrMayNotExistException2;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.security.BasicHeaderApiTokenAuthenticator;
import jenkins.util.SystemProperties;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;

/**
 * Determines the person behind the current request (section 4 of the design). Nothing is cached: a group that a person
 * has left must not count in the next request.
 */
@Restricted(NoExternalUse.class)
public final class Identity {
    private static final Logger LOGGER = Logger.getLogger(Identity.class.getName());

    /** A person at a browser who logged in, or whose password was verified with this request. */
    public static final String LOGIN = "login";

    /** An API token, or the command line. */
    public static final String TOKEN = "token";

    /** Realms that look up a user in the data of the last login, which may be old. */
    private static final Set<String> ANSWER_FROM_MEMORY =
            Set.of("org.jenkinsci.plugins.saml.SamlSecurityRealm", "org.jenkinsci.plugins.oic.OicSecurityRealm");

    /** Without seeds, a password that is sent with a request creates a session as a login does. */
    private static final String NO_SEED = "jenkins.security.seed.UserSeedProperty.disableUserSeed";

    private final IdentityRules rules;

    /** @param rules as configured now */
    public Identity(IdentityRules rules) {
        this.rules = rules;
    }

    /**
     * The person who requests or views something. It is sufficient for everything except a decision.
     *
     * @throws NotAPersonException when the user is not a person: not logged in, SYSTEM, or a configured service user
     */
    public Person asking() throws NotAPersonException {
        Authentication authentication = Jenkins.getAuthentication2();
        String id = someone(authentication);
        return new Person(id, groups(id, authentication.getAuthorities()), assurance());
    }

    /**
     * The person who decides now. Where the realm can look up users, the groups are read again. Otherwise the person
     * must have logged in recently at a browser.
     *
     * @throws NotAPersonException when the user is not a person, or not surely enough
     */
    public Person deciding() throws NotAPersonException {
        Authentication authentication = Jenkins.getAuthentication2();
        String id = someone(authentication);
        Optional<UserDetails> fresh;
        try {
            fresh = lookedUp(id);
        } catch (RealmException e) {
            throw new NotAPersonException(e.getMessage());
        }
        if (fresh.isEmpty()) {
            requireRecentLogin(authentication);
            return new Person(id, groups(id, authentication.getAuthorities()), LOGIN);
        }
        return new Person(id, groups(id, enabled(fresh.get(), id).getAuthorities()), assurance());
    }

    /**
     * The current groups of a person who decided earlier; empty when the realm cannot look up users.
     *
     * @param id in its canonical form
     * @throws NotAPersonException when there is no such user any more, or only a disabled one
     * @throws RealmException when the realm does not answer
     */
    Optional<Set<String>> groupsNow(String id) throws NotAPersonException, RealmException {
        Optional<UserDetails> fresh = lookedUp(id);
        return fresh.isEmpty()
                ? Optional.empty()
                : Optional.of(groups(id, enabled(fresh.get(), id).getAuthorities()));
    }

    private static UserDetails enabled(UserDetails details, String id) throws NotAPersonException {
        if (!details.isEnabled() || !details.isAccountNonLocked() || !details.isAccountNonExpired()) {
            throw new NotAPersonException("the account '" + id + "' is disabled, so it cannot decide");
        }
        return details;
    }

    /**
     * Another person as far as the realm knows them, to explain how the policy would evaluate them. Never for a
     * decision. Without groups where the realm cannot look up users.
     *
     * @throws NotAPersonException when there is no such user, or it is a system account
     */
    public Person other(String user) throws NotAPersonException {
        String id = inPerson(canonicalUser(user));
        try {
            return new Person(id, groupsNow(id).orElse(Set.of()), TOKEN);
        } catch (RealmException e) {
            throw new NotAPersonException(e.getMessage());
        }
    }

    /** The form of a user id in which two ids are equal exactly when they are one user to the realm. */
    public static String canonicalUser(String id) {
        return Jenkins.get().getSecurityRealm().getUserIdStrategy().keyFor(id);
    }

    /** As {@link #canonicalUser}, for groups. */
    public static String canonicalGroup(String name) {
        return Jenkins.get().getSecurityRealm().getGroupIdStrategy().keyFor(name);
    }

    private String someone(Authentication authentication) throws NotAPersonException {
        User user = ACL.isAnonymous2(authentication) || ACL.SYSTEM2.equals(authentication) ? null : User.current();
        if (user == null) {
            throw new NotAPersonException("no one is logged in; log in first");
        }
        return inPerson(canonicalUser(user.getId()));
    }

    private String inPerson(String id) throws NotAPersonException {
        if (id.equalsIgnoreCase(ACL.SYSTEM_USERNAME) || id.equalsIgnoreCase(ACL.ANONYMOUS_USERNAME)) {
            throw new NotAPersonException("'" + id + "' is a system account");
        }
        if (rules.serviceUsers().stream().anyMatch(s -> canonicalUser(s).equals(id))) {
            throw new NotAPersonException(
                    "'" + id + "' is a service user, and a service user cannot request or decide as a person");
        }
        return id;
    }

    /** Without the group of all users, and without a group that only repeats the user's name. */
    private static Set<String> groups(String id, Collection<? extends GrantedAuthority> authorities) {
        Set<String> groups = new HashSet<>();
        for (GrantedAuthority authority : authorities) {
            String name = authority.getAuthority();
            if (name != null
                    && !name.isBlank()
                    && !name.equals(SecurityRealm.AUTHENTICATED_AUTHORITY2.getAuthority())
                    && !canonicalUser(name).equals(id)) {
                groups.add(canonicalGroup(name));
            }
        }
        return groups;
    }

    /** @return empty when the realm cannot look up users */
    private Optional<UserDetails> lookedUp(String id) throws NotAPersonException, RealmException {
        SecurityRealm realm = Jenkins.get().getSecurityRealm();
        if (rules.alwaysByLogin() || answersFromMemory(realm.getClass())) {
            return Optional.empty();
        }
        try {
            return Optional.of(realm.loadUserByUsername2(id));
        } catch (UserMayOrMayNotExistException2 e) {
            return Optional.empty();
        } catch (UsernameNotFoundException e) {
            throw new NotAPersonException("there is no user '" + id + "' any more in the security realm");
        } catch (RuntimeException e) {
            // By contract an AuthenticationException, but realms throw any exception when their server fails.
            LOGGER.log(Level.WARNING, "The security realm failed to look up {0}: {1}", new Object[] {id, e});
            LOGGER.log(Level.FINE, "where it failed", e);
            throw new RealmException(
                    "the security realm could not report the groups of '" + id + "'; try again when it answers");
        }
    }

    private static boolean answersFromMemory(Class<?> realm) {
        for (Class<?> c = realm; c != null; c = c.getSuperclass()) {
            if (ANSWER_FROM_MEMORY.contains(c.getName())) {
                return true;
            }
        }
        return false;
    }

    private void requireRecentLogin(Authentication authentication) throws NotAPersonException {
        String why = " The security realm cannot report your current groups, so a decision needs a login at a"
                + " browser in the last " + shown(rules.maxLoginAge());
        StaplerRequest2 request = Stapler.getCurrentRequest2();
        if (request == null || isByToken(request)) {
            throw new NotAPersonException("an API token cannot decide here." + why);
        }
        if (SystemProperties.getBoolean(NO_SEED)) {
            throw new NotAPersonException(
                    "Jenkins runs with " + NO_SEED + "=true, and then a password that a program sends"
                            + " with each request looks like a login; ask an administrator to remove it." + why);
        }
        HttpSession session = request.getSession(false);
        if (session == null
                || !isLoggedInTo(session, authentication)
                || authentication instanceof RememberMeAuthenticationToken) {
            throw new NotAPersonException("this is not an interactive login; log out and log in again." + why);
        }
        // Jenkins and the plugins of realms start a new session at each login, so the session is at least as old as the
        // login.
        Instant since = Instant.ofEpochMilli(session.getCreationTime());
        if (since.plus(rules.maxLoginAge()).isBefore(rules.clock().instant())) {
            throw new NotAPersonException("your login is too old; log out and log in again." + why);
        }
    }

    /** A session that a password in a request created is no login of a person. */
    private static boolean isLoggedInTo(HttpSession session, Authentication authentication) {
        return session.getAttribute(HttpSessionSecurityContextRepository.SPRING_SECURITY_CONTEXT_KEY)
                        instanceof SecurityContext held
                && held.getAuthentication() != null
                && held.getAuthentication().getName().equals(authentication.getName());
    }

    private static String shown(Duration duration) {
        return duration.toMinutes() % 60 == 0
                ? duration.toHours() + (duration.toHours() == 1 ? " hour" : " hours")
                : duration.toMinutes() + " minutes";
    }

    private static String assurance() {
        StaplerRequest2 request = Stapler.getCurrentRequest2();
        return request == null || isByToken(request) ? TOKEN : LOGIN;
    }

    private static boolean isByToken(HttpServletRequest request) {
        return Boolean.TRUE.equals(request.getAttribute(BasicHeaderApiTokenAuthenticator.class.getName()));
    }
}
