package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The list of records from which the views can be derived: the last record of each lane, those that ended a promotion,
 * and so on. Folding these alone gives the same views as folding all. Decoding is nearly all the work of opening a long
 * journal. The list names records and contains nothing of them. Every line of the journal is still proved, and the list
 * is used only if the journal still begins with exactly the same records. It may be deleted at any time. Not safe for
 * use by several threads.
 */
final class ViewsCache {
    private static final String MAGIC = "serverless-promotion-views 2";
    private static final String FILE = "records";
    private static final String PLAN = "plan ";
    private static final String OVER = "over ";
    private static final String PROPOSED = "proposed ";
    private static final String ACCEPTED = "accepted ";

    /** The purpose and the number of each needed record. */
    private final TreeMap<String, Long> needed = new TreeMap<>();

    /**
     * A list as read from disk.
     *
     * @param size of the journal it was made from
     * @param root of its Merkle tree
     */
    record Saved(long size, String root, Map<String, Long> needed) {
        /** The numbers of the records to decode, sorted. */
        long[] records() {
            return needed.entrySet().stream()
                    .filter(e -> !isOldPlan(e.getKey(), needed))
                    .mapToLong(Map.Entry::getValue)
                    .sorted()
                    .distinct()
                    .toArray();
        }
    }

    /** Plans of promotions that have ended stay in the journal until they are requested. */
    private static boolean isOldPlan(String key, Map<String, Long> needed) {
        return key.startsWith(PLAN) && needed.containsKey(OVER + key.substring(PLAN.length()));
    }

    /** Starts from a list instead of from nothing; {@code plan} receives each old plan and its record. */
    void startFrom(Saved saved, BiConsumer<String, Long> plan) {
        saved.needed().forEach((key, seq) -> {
            if (isOldPlan(key, saved.needed())) {
                needed.put(key, seq);
                plan.accept(key.substring(PLAN.length()), seq);
            }
        });
    }

    void accept(JournalRecord record) {
        Entry entry = record.entry();
        if (entry instanceof Entry.LaneAdvanced advanced) {
            put(
                    "lane " + advanced.lane().id().service() + " "
                            + advanced.lane().id().environment(),
                    record);
            for (Promotion promotion : advanced.lane().promotions()) {
                if (promotion.state().isOver()) {
                    put(OVER + promotion.id(), record);
                }
            }
            Views.plannedBy(advanced).ifPresent(planned -> put(PLAN + planned.promotion(), record));
        } else if (entry instanceof Entry.ReleasePublished published) {
            put("release " + published.published().release().id(), record);
        } else if (entry instanceof Entry.ReleasePublishedAgain again) {
            // Each record contains only its additions.
            put("again " + again.release() + " " + record.seq(), record);
        } else if (entry instanceof Entry.NoEchoFound found) {
            put("noEcho " + found.release(), record);
        } else if (entry instanceof Entry.EvidenceRecorded recorded) {
            put(
                    "evidence " + recorded.evidence().release() + " "
                            + recorded.evidence().kind() + " "
                            + recorded.evidence().producer()
                            + (recorded.evidence().signed() == null
                                    ? ""
                                    : " " + recorded.evidence().signed().statement() + " "
                                            + recorded.evidence().signed().key()),
                    record);
        } else if (entry instanceof Entry.PolicyApplied) {
            put("policy", record);
        } else if (entry instanceof Entry.Paused paused) {
            put("pause " + paused.pause().scope(), record);
        } else if (entry instanceof Entry.Resumed resumed) {
            needed.remove("pause " + resumed.scope());
        } else if (entry instanceof Entry.ConfigurationProposed proposed) {
            put(PROPOSED + proposed.id(), record);
        } else if (entry instanceof Entry.ConfigurationSettled settled) {
            if (settled.outcome() == Entry.ConfigurationSettled.Outcome.ACCEPTED) {
                put(ACCEPTED + settled.proposal(), record);
            } else {
                needed.remove(PROPOSED + settled.proposal());
                needed.remove(ACCEPTED + settled.proposal());
            }
        } else if (entry instanceof Entry.OwnerDecided decided) {
            put("owner " + decided.resource(), record);
        } else if (entry instanceof Entry.StoreCreated || entry instanceof Entry.StoreRepaired) {
            put("store " + record.seq(), record);
        }
    }

    private void put(String key, JournalRecord record) {
        needed.put(key, record.seq());
    }

    /** Null when there is no complete list. */
    static Saved load(Path folder) {
        try {
            return parse(Files.readString(folder.resolve(FILE)));
        } catch (IOException | IllegalArgumentException e) {
            // It is a cache, so its errors do not matter: opening without it gives the same result.
            return null;
        }
    }

    private static Saved parse(String text) {
        int end = text.lastIndexOf("\nend ") + 1;
        if (end == 0 || !text.substring(end).equals(seal(text.substring(0, end)))) {
            throw new IllegalArgumentException("not whole");
        }
        String[] lines = text.substring(0, end - 1).split("\n", -1);
        String[] head = lines[0].split(" ", -1);
        if (!lines[0].startsWith(MAGIC + " ") || head.length != 4) {
            throw new IllegalArgumentException("not of this version");
        }
        var needed = new TreeMap<String, Long>();
        for (int i = 1; i < lines.length; i++) {
            int space = lines[i].indexOf(' ');
            needed.put(lines[i].substring(space + 1), Long.parseLong(lines[i].substring(0, space)));
        }
        return new Saved(Long.parseLong(head[2]), head[3], needed);
    }

    /**
     * Writes the list. Not forced: the seal at its end shows whether it is complete.
     *
     * @param size of the journal that it covers
     * @param root of its Merkle tree
     */
    void save(Disk disk, Path folder, long size, String root) throws IOException {
        var text = new StringBuilder(MAGIC + " " + size + " " + root + "\n");
        for (Map.Entry<String, Long> entry : needed.entrySet()) {
            String key = entry.getKey();
            if (key.indexOf('\n') >= 0) {
                throw new IOException("'" + key + "' does not fit a line");
            }
            text.append(entry.getValue()).append(' ').append(key).append('\n');
        }
        text.append(seal(text.toString()));
        disk.createDirectory(folder);
        Path draft = folder.resolve(FILE + ".new");
        if (Files.exists(draft)) {
            disk.delete(draft);
        }
        try (Disk.Output out = disk.create(draft)) {
            out.write(0, text.toString().getBytes(StandardCharsets.UTF_8));
        }
        disk.rename(draft, folder.resolve(FILE));
    }

    private static String seal(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "end " + HexFormat.of().formatHex(hash) + "\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
