package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.port.Codec;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The least that a journal needs, so that the store's tests do not depend on the real format. */
final class TextCodec implements Codec {
    private static final Pattern RECORD =
            Pattern.compile("\\{\"at\":\"([^\"]*)\",\"seq\":\"([0-9]+)\",\"what\":\"([^\"]*)\"}");

    @Override
    public byte[] encode(JournalRecord record) {
        String what;
        if (record.entry() instanceof Entry.StoreCreated e) {
            what = words("created", e.store(), e.product());
        } else if (record.entry() instanceof Entry.StoreRepaired e) {
            what = e.setAside() == null ? words("repaired", e.finding()) : words("repaired", e.finding(), e.setAside());
        } else if (record.entry() instanceof Entry.Refused e) {
            what = words("refused", e.who(), e.what(), e.why());
        } else {
            throw new IllegalArgumentException("no words for " + record.entry());
        }
        return ("{\"at\":\"" + record.at() + "\",\"seq\":\"" + record.seq() + "\",\"what\":\"" + what + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Entry replaced(Entry entry, UnaryOperator<String> texts) {
        return entry;
    }

    private static String words(String... words) {
        var text = new StringBuilder();
        for (String word : words) {
            text.append(text.length() == 0 ? "" : " ").append(URLEncoder.encode(word, StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    @Override
    public int version(byte[] record) {
        return 1;
    }

    @Override
    public JournalRecord decode(byte[] bytes) {
        Matcher record = RECORD.matcher(new String(bytes, StandardCharsets.UTF_8));
        if (!record.matches()) {
            throw new IllegalArgumentException("it is not a record");
        }
        String[] words = record.group(3).split(" ", -1);
        for (int i = 0; i < words.length; i++) {
            words[i] = URLDecoder.decode(words[i], StandardCharsets.UTF_8);
        }
        try {
            Entry entry =
                    switch (words[0]) {
                        case "created" -> new Entry.StoreCreated(words[1], words[2]);
                        case "repaired" -> new Entry.StoreRepaired(words[1], words.length == 2 ? null : words[2]);
                        case "refused" -> new Entry.Refused(words[1], words[2], words[3]);
                        default -> throw new IllegalArgumentException("unknown entry " + words[0]);
                    };
            return new JournalRecord(Long.parseLong(record.group(2)), Instant.parse(record.group(1)), entry);
        } catch (DateTimeException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException("it is not a record", e);
        }
    }
}
