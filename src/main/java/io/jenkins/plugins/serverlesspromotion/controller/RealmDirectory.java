package io.jenkins.plugins.serverlesspromotion.controller;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.port.Directory;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Jenkins' security realm, asked again about those who decided before anything is deployed on their word. */
final class RealmDirectory implements Directory {
    @Override
    public Promotion.Answer read(Set<String> users) {
        Identity identity = Identity.configured();
        Map<String, Set<String>> groups = new TreeMap<>();
        Set<String> gone = new TreeSet<>();
        for (String user : users) {
            try {
                Optional<Set<String>> now = identity.groupsNow(user);
                now.ifPresent(in -> groups.put(user, in));
            } catch (NobodyException e) {
                gone.add(user);
            } catch (RealmException e) {
                return new Promotion.Answer(Map.of(), Set.of(), e.getMessage());
            }
        }
        return new Promotion.Answer(groups, gone, null);
    }
}
