package io.jenkins.plugins.serverlesspromotion.aws.cloudformation;

import java.util.LinkedHashMap;
import java.util.Map;

/** Drops the entry that was unused for longest when it exceeds its limit. Not safe for use by several threads. */
final class LruMap<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    private final int most;

    /** @param most entries that are kept, at least 1 */
    LruMap(int most) {
        super(16, 0.75f, true);
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
