package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.journey.KillingDisk;
import io.jenkins.plugins.serverlesspromotion.store.Disk;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.RealDisk;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** The command line without a process of its own, on a disk of one's choice. */
public final class CommandLineInProcess {
    private CommandLineInProcess() {}

    /** @param exit as the process would have had it */
    public record Answer(int exit, String out, String err) {}

    public static Answer run(String... args) {
        return run(FileStore.Options.defaults(), args);
    }

    /** @param disk what the store works on */
    public static Answer run(Disk disk, String... args) {
        return run(on(disk), args);
    }

    private static FileStore.Options on(Disk disk) {
        FileStore.Options defaults = FileStore.Options.defaults();
        return new FileStore.Options(defaults.clock(), defaults.segmentBytes(), disk);
    }

    private static Answer run(FileStore.Options storage, String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exit = run(args, new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8), storage);
        return new Answer(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static int run(String[] args, PrintStream out, PrintStream err, FileStore.Options storage) {
        return Main.run(
                args,
                Map.of("NO_COLOR", "1"),
                out,
                err,
                new SystemTerminal(Map.of("NO_COLOR", "1")),
                Clock.systemUTC(),
                AwsPorts::open,
                storage);
    }

    /**
     * A process that dies at one act on its disk. Arguments: {@code ACT before|after COUNT-FILE} and then the command;
     * act 0: it lives, and the number of acts is written to the file.
     */
    public static void main(String[] args) throws Exception {
        var disk = new KillingDisk(new RealDisk(), Integer.parseInt(args[0]), args[1].equals("after"));
        String[] command = java.util.Arrays.copyOfRange(args, 3, args.length);
        int exit = run(command, System.out, System.err, on(disk));
        System.out.flush();
        Files.writeString(Path.of(args[2]), String.valueOf(disk.acts()));
        System.exit(exit);
    }
}
