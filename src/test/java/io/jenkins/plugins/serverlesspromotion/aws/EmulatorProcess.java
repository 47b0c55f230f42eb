package io.jenkins.plugins.serverlesspromotion.aws;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * An emulator in a process of its own, one per JVM: tests forget everything in it, so JVMs that run beside each other do
 * not share one. It ends with the JVM.
 */
final class EmulatorProcess {
    private static final Map<Path, URI> RUNNING = new HashMap<>();
    private static final int ATTEMPTS = 5;
    private static final long SECONDS = 120;

    private EmulatorProcess() {}

    /** Returns where moto listens, after starting it if need be. */
    static URI moto(Path program) throws IOException, InterruptedException {
        return running(program, port -> List.of(program.toString(), "-H", "127.0.0.1", "-p", port), Map.of());
    }

    /** Returns where ministack listens, after starting it if need be. */
    static URI ministack(Path program) throws IOException, InterruptedException {
        return running(
                program,
                port -> List.of(program.toString()),
                Map.of("BIND_HOST", "127.0.0.1", "S3_PERSIST", "0", "IOT_MTLS_ENABLED", "0", "SFTP_ENABLED", "0"));
    }

    private interface Command {
        List<String> at(String port);
    }

    private static synchronized URI running(Path program, Command command, Map<String, String> environment)
            throws IOException, InterruptedException {
        URI there = RUNNING.get(program);
        if (there != null) {
            return there;
        }
        // ministack keeps code of functions under fixed names in the folder for temporary files.
        Path own = Files.createDirectories(program.resolveSibling("../run/" + program.getFileName() + "-"
                + ProcessHandle.current().pid()));
        Path log = own.resolve("output.log");
        // Another process can take the free port before the emulator does, so a second one is tried.
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = freePort();
            var builder = new ProcessBuilder(new ArrayList<>(command.at(String.valueOf(port))))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            builder.environment().put("TMPDIR", own.toString());
            builder.environment().put("GATEWAY_PORT", String.valueOf(port));
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            if (listens(process, port)) {
                URI address = URI.create("http://127.0.0.1:" + port);
                RUNNING.put(program, address);
                return address;
            }
            process.destroyForcibly();
        }
        throw new IOException(program + " did not start:\n" + Files.readString(log));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean listens(Process process, int port) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (System.nanoTime() < end) {
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                return false;
            }
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return process.isAlive();
            } catch (IOException e) {
                // Not yet.
            }
        }
        return false;
    }
}
