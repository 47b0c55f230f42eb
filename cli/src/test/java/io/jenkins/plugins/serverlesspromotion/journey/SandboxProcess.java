package io.jenkins.plugins.serverlesspromotion.journey;

import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxControl;
import io.jenkins.plugins.serverlesspromotion.sandbox.Variant;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The AWS sandbox in a JVM of its own, so that nothing it knows can leak into the program under test. */
final class SandboxProcess implements AutoCloseable {
    private static final String MAIN = "io.jenkins.plugins.serverlesspromotion.sandbox.SandboxServer";

    private final Process process;
    private final SandboxControl control;

    private SandboxProcess(Process process, URI endpoint) {
        this.process = process;
        this.control = new SandboxControl(endpoint);
    }

    /**
     * Starts it on a free port of the loopback interface.
     *
     * @param timeScale factor for every duration in it: 1 is as slow as AWS
     * @param folder where its output is kept
     */
    static SandboxProcess start(double timeScale, Path folder) throws IOException, InterruptedException {
        Path port = Files.createTempFile(folder, "sandbox", ".port");
        Files.delete(port);
        var builder = new ProcessBuilder(List.of(
                        Java.program(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        Java.classPath(),
                        MAIN,
                        "--port-file",
                        port.toString(),
                        "--time-scale",
                        String.valueOf(timeScale),
                        "--variants",
                        System.getProperty(Variant.PROPERTY, "")))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("sandbox.log").toFile());
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        long end = System.nanoTime() + Patience.LIMIT.toNanos();
        while (System.nanoTime() < end) {
            if (Files.exists(port) && Files.size(port) > 0) {
                URI endpoint = URI.create("http://127.0.0.1:" + Files.readString(port).strip());
                Files.delete(port);
                return new SandboxProcess(process, endpoint);
            }
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        process.destroyForcibly();
        throw new IOException("the AWS sandbox did not start:\n" + Files.readString(folder.resolve("sandbox.log")));
    }

    SandboxControl control() {
        return control;
    }

    URI endpoint() {
        return control.endpoint();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
