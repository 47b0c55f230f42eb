package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import java.nio.file.Path;
import java.time.Clock;

/** A process of its own that appends for ever and says what it was told, for {@link KillTest}. */
public final class AppendingProcess {
    private AppendingProcess() {}

    /** @param args the store's folder; {@code append} or {@code hold} */
    public static void main(String[] args) throws Exception {
        var options = new FileStore.Options(Clock.systemUTC(), 20_000, new RealDisk());
        try (FileStore store = FileStore.open(Path.of(args[0]), Product.CLI, StoreLab.CODEC, options)) {
            System.out.println("open " + store.size());
            for (int i = 0; args[1].equals("append"); i++) {
                JournalRecord record = store.append(StoreLab.entry(i));
                System.out.println(record.seq() + " " + StoreLab.CODEC.encode(record).length);
            }
            // Held until the parent lets go of our input, or kills us.
            System.in.read();
        }
    }
}
