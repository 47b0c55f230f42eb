package io.jenkins.plugins.serverlesspromotion.aws.cloudformation;

import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import java.util.Map;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;

/**
 * Caches reads from CloudFormation that cannot have changed: the template of an unchanged stack, and the content of a
 * complete change set. Whether the stack has changed, and whether the change set can still be executed, is never
 * cached. Safe for use by several threads.
 */
public final class StackReadCache {
    /** Templates have up to 1 MB; most have a hundredth of that. */
    private static final int TEMPLATES = 50;

    private static final int CHANGE_SETS = 100;

    private final Map<String, String> templates = new LruMap<>(TEMPLATES);
    private final Map<String, FinishedChangeSet> changeSets = new LruMap<>(CHANGE_SETS);
    private final StackDurations stackDurations = new StackDurations();

    /** Shared by all users of {@code sessions}: within an account all of them see the same. */
    public static StackReadCache of(AwsSessions sessions) {
        return sessions.kept(StackReadCache.class, StackReadCache::new);
    }

    /** Known durations of operations. */
    public StackDurations stackDurations() {
        return stackDurations;
    }

    /** The template of {@code live} as given to CloudFormation; null when there is no stack. */
    public String template(LiveStack live, CloudFormationClient client) {
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

    /** Caches a complete change set: CloudFormation never changes its content. */
    void remember(FinishedChangeSet set) {
        if (!set.isEmpty()) {
            synchronized (changeSets) {
                changeSets.put(set.arn(), set);
            }
        }
    }

    /** Null when it is not known. */
    public FinishedChangeSet changeSet(String arn) {
        synchronized (changeSets) {
            return arn == null ? null : changeSets.get(arn);
        }
    }

    public void forget(String arn) {
        synchronized (changeSets) {
            changeSets.remove(arn);
        }
    }
}
