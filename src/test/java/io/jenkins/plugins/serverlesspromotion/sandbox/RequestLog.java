package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every request, finished or not, in the order of arrival. */
final class RequestLog implements Serializable {
    private static final long serialVersionUID = 1L;

    /**
     * One request. {@code occurrence} counts requests with the same service, operation and resource since the world
     * began: together they name a crash point.
     */
    static final class Entry implements Serializable {
        private static final long serialVersionUID = 1L;
        public long seq;
        public String at;
        public double durationMillis;
        public String requestId;
        public String service;
        public String operation;
        public String region;
        public String resource;
        public int occurrence;
        public String account;
        public String principal;
        public String accessKey;
        public String sessionName;
        public String sourceIdentity;
        public Map<String, String> tags;
        public Map<String, String> input = new LinkedHashMap<>();
        public int status;
        public String errorCode;
        /** running, answered, dropped (no effect, no answer), lost (effect, no answer) or held (crash point). */
        public String outcome = "running";

        public String userAgent;
    }

    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Integer> occurrences = new HashMap<>();

    synchronized Entry open(Call call) {
        Entry entry = new Entry();
        entry.seq = entries.size() + 1L;
        call.seq = entry.seq;
        entry.at = call.received.toString();
        entry.requestId = call.requestId;
        entry.service = call.service;
        entry.operation = call.operation;
        entry.region = call.region;
        entry.resource = call.resource;
        entry.userAgent = call.header("User-Agent");
        entry.occurrence =
                occurrences.merge(call.service + "|" + call.operation + "|" + call.resource, 1, Integer::sum);
        entries.add(entry);
        return entry;
    }

    /** Requests arrive while a snapshot is written. */
    private synchronized void writeObject(ObjectOutputStream out) throws IOException {
        out.defaultWriteObject();
    }

    synchronized List<Entry> since(long seq) {
        return new ArrayList<>(entries.subList((int) Math.min(seq, entries.size()), entries.size()));
    }
}
