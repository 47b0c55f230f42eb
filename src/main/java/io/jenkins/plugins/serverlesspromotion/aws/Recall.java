package io.jenkins.plugins.serverlesspromotion.aws;

import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;

/**
 * What was read from CloudFormation and cannot be otherwise since, so that nobody needs to read it again: the template of
 * a stack that was not touched, the content of a change set that is complete. Whether the stack was touched, and whether
 * the change set can still be executed, is never recalled. Safe for use by several threads.
 */
final class Recall {
    /** Templates have up to 1 MB, most of them a hundredth of that. */
    private static final int TEMPLATES = 50;

    private static final int CHANGE_SETS = 100;

    private final Map<String, String> templates = bounded(TEMPLATES);
    private final Map<String, ChangeSets.ChangeSet> changeSets = bounded(CHANGE_SETS);
    private final Durations durations = new Durations();

    static <V> Map<String, V> bounded(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > most;
            }
        };
    }

    /** How long things take. */
    Durations durations() {
        return durations;
    }

    /** The template of {@code live} as it was given to CloudFormation; null when there is no stack. */
    String template(LiveStack live, CloudFormationClient client) {
        String stamp = live.stamp();
        if (stamp == null) {
            return live.template(client);
        }
        synchronized (templates) {
            String known = templates.get(stamp);
            if (known != null) {
                return known;
            }
        }
        String read = live.template(client);
        synchronized (templates) {
            templates.put(stamp, read);
        }
        return read;
    }

    /** Remembers a change set that is complete: CloudFormation never alters what one would do. */
    void remember(ChangeSets.ChangeSet set) {
        if (!set.isEmpty()) {
            synchronized (changeSets) {
                changeSets.put(set.arn(), set);
            }
        }
    }

    /** Null when it is not known. */
    ChangeSets.ChangeSet changeSet(String arn) {
        synchronized (changeSets) {
            return arn == null ? null : changeSets.get(arn);
        }
    }

    void forget(String arn) {
        synchronized (changeSets) {
            changeSets.remove(arn);
        }
    }
}
