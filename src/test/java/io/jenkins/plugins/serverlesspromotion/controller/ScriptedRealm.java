package io.jenkins.plugins.serverlesspromotion.controller;

import hudson.security.AbstractPasswordBasedSecurityRealm;
import hudson.security.GroupDetails;
import hudson.security.UserMayOrMayNotExistException2;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jenkins.model.IdStrategy;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/** A realm whose users are what a test says at the moment; the password is the name. */
public class ScriptedRealm extends AbstractPasswordBasedSecurityRealm {
    public enum LookUps {
        ANSWERED,
        IMPOSSIBLE,
        /** The directory server is away. */
        FAILING,
        /** The realm has a defect. */
        BROKEN,
        /** As long as {@link #letGo} was not called; then answered. */
        HELD
    }

    private final transient Map<String, Collection<String>> groups = new ConcurrentHashMap<>();
    private final transient Map<String, Boolean> locked = new ConcurrentHashMap<>();
    private final IdStrategy strategy;
    public volatile LookUps lookUps = LookUps.ANSWERED;
    private transient volatile CountDownLatch asked = new CountDownLatch(0);
    private transient volatile CountDownLatch answered = new CountDownLatch(0);

    ScriptedRealm(IdStrategy strategy) {
        this.strategy = strategy;
    }

    public ScriptedRealm() {
        this(IdStrategy.CASE_INSENSITIVE);
    }

    public ScriptedRealm user(String name, String... in) {
        groups.put(strategy.keyFor(name), List.of(in));
        return this;
    }

    void lock(String name) {
        locked.put(strategy.keyFor(name), true);
    }

    /** From now on look-ups wait. */
    public void hold() {
        asked = new CountDownLatch(1);
        answered = new CountDownLatch(1);
        lookUps = LookUps.HELD;
    }

    /** Returns when somebody waits. */
    public boolean awaitAsked(long seconds) throws InterruptedException {
        return asked.await(seconds, TimeUnit.SECONDS);
    }

    public void letGo() {
        lookUps = LookUps.ANSWERED;
        answered.countDown();
    }

    private UserDetails held(String name) {
        asked.countDown();
        boolean interrupted = false;
        while (answered.getCount() > 0) {
            try {
                answered.await();
            } catch (InterruptedException e) {
                interrupted = true; // as a read from a socket, it does not care
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return details(name);
    }

    public void remove(String name) {
        groups.remove(strategy.keyFor(name));
    }

    private UserDetails details(String name) {
        Collection<String> in = groups.get(strategy.keyFor(name));
        if (in == null) {
            throw new UsernameNotFoundException(name);
        }
        return User.withUsername(name)
                .password("")
                .accountLocked(locked.containsKey(strategy.keyFor(name)))
                .authorities(in.stream().map(SimpleGrantedAuthority::new).toList())
                .build();
    }

    @Override
    protected UserDetails authenticate2(String username, String password) throws AuthenticationException {
        if (!username.equals(password)) {
            throw new BadCredentialsException(username);
        }
        return details(username);
    }

    @Override
    public UserDetails loadUserByUsername2(String username) throws UsernameNotFoundException {
        return switch (lookUps) {
            case ANSWERED -> details(username);
            case IMPOSSIBLE -> throw new UserMayOrMayNotExistException2(username);
            case BROKEN -> throw new IllegalStateException("no connection in the pool");
            case HELD -> held(username);
            case FAILING -> throw new AuthenticationServiceException("the directory does not answer");
        };
    }

    @Override
    public GroupDetails loadGroupByGroupname2(String groupname, boolean fetchMembers) throws UsernameNotFoundException {
        throw new UserMayOrMayNotExistException2(groupname);
    }

    @Override
    public IdStrategy getUserIdStrategy() {
        return strategy;
    }

    @Override
    public IdStrategy getGroupIdStrategy() {
        return strategy;
    }
}
