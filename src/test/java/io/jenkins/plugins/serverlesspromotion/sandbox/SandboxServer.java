package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The sandbox in a JVM of its own. Prints {@code AWS sandbox at http://127.0.0.1:PORT} when it is ready and runs until
 * it is killed.
 *
 * <p>Arguments, all optional: {@code --port 0}, {@code --config world.json} (default: {@link
 * SandboxConfig#threeAccounts()}), {@code --state snapshot} (restored when the file exists), {@code --time-scale 0.01}
 * (factor for all durations), {@code --variants events-lag,nested-paths} (see {@link Variant}), {@code --port-file file}
 * (the port is written there).
 */
public final class SandboxServer {
    private SandboxServer() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (!args[i].startsWith("--") || i + 1 == args.length) {
                System.err.println("usage: SandboxServer [--port N] [--port-file FILE] [--config FILE] [--state FILE]"
                        + " [--time-scale FACTOR] [--variants NAMES]");
                System.exit(2);
            }
            options.put(args[i].substring(2), args[i + 1]);
        }
        SandboxConfig config = options.containsKey("config")
                ? SandboxConfig.read(Files.readString(Path.of(options.get("config"))))
                : SandboxConfig.threeAccounts();
        if (options.containsKey("time-scale")) {
            config.timeScale = Double.parseDouble(options.get("time-scale"));
        }
        config.variants.addAll(Variant.parse(options.get("variants")));
        Sandbox sandbox = Sandbox.start(config, Integer.parseInt(options.getOrDefault("port", "0")));
        if (options.containsKey("state") && Files.exists(Path.of(options.get("state")))) {
            sandbox.control().restore(Files.readAllBytes(Path.of(options.get("state"))));
        }
        if (options.containsKey("port-file")) {
            Files.writeString(
                    Path.of(options.get("port-file")),
                    String.valueOf(sandbox.endpoint().getPort()));
        }
        System.out.println("AWS sandbox at " + sandbox.endpoint());
        Thread.currentThread().join();
    }
}
