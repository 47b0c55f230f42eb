package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Really runs functions: python3.x with the machine's {@code python3}, nodejsX.x with its {@code node}, in a process
 * of their own with the environment of the function and nothing else. The function's timeout is one of the wall clock.
 */
final class LambdaRunner {
    private final Map<String, Path> unzipped = new ConcurrentHashMap<>();

    /** What a call needs, taken under the lock. */
    private record Job(Function function, Function.Version version) {}

    private record Outcome(String payload, boolean failed, String log) {}

    Reply invoke(Call call, LambdaService.Target target) {
        String type = call.header("X-Amz-Invocation-Type");
        Job job = call.sandbox.locked(() -> prepare(call, target));
        if ("DryRun".equals(type)) {
            return new Reply(204);
        }
        if (call.body.length > 0) {
            try {
                SandboxJson.read(call.body);
            } catch (IllegalArgumentException e) {
                throw new AwsError(
                        400,
                        "InvalidRequestContentException",
                        "Could not parse request body into json: " + e.getMessage());
            }
        }
        if (call.body.length > 6 * 1024 * 1024) {
            throw new AwsError(
                    413,
                    "RequestTooLargeException",
                    call.body.length
                            + " byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)");
        }
        Outcome outcome = run(call, job);
        if ("Event".equals(type)) {
            return new Reply(202);
        }
        Reply reply = new Reply(200)
                .header("Content-Type", "application/json")
                .header("X-Amz-Executed-Version", job.version().number)
                .header("X-Amz-Function-Error", outcome.failed() ? "Unhandled" : null)
                .body(outcome.payload());
        if ("Tail".equals(call.header("X-Amz-Log-Type"))) {
            byte[] log = outcome.log().getBytes(StandardCharsets.UTF_8);
            byte[] tail = Arrays.copyOfRange(log, Math.max(0, log.length - 4096), log.length);
            reply.header("X-Amz-Log-Result", Base64.getEncoder().encodeToString(tail));
        }
        return reply;
    }

    private static Job prepare(Call call, LambdaService.Target target) {
        String arn = call.here().arn("lambda", "function:" + target.function());
        String qualified = arn + (target.qualifier() == null ? "" : ":" + target.qualifier());
        Function function = call.here().functions.get(target.function());
        boolean permitted = function != null
                && IamPolicy.evaluate(
                                List.of(SandboxJson.tree(Map.of("Statement", function.permissions.values()))),
                                call.principal,
                                "lambda:InvokeFunction",
                                qualified,
                                World.context(call.principal))
                        == IamPolicy.Decision.ALLOW;
        if (!permitted) {
            call.authorize("AccessDeniedException", "lambda:InvokeFunction", qualified);
        }
        LambdaService.function(call, target.function());
        String qualifier = target.qualifier();
        Function.Alias alias = qualifier == null ? null : function.aliases.get(qualifier);
        Function.Version version = alias != null ? function.version(alias.route()) : function.qualified(qualifier);
        if (version == function.latest) {
            version = function.running;
        }
        if (version.state.equals("Pending")) {
            throw Functions.conflict(function);
        }
        return new Job(function, version);
    }

    private Outcome run(Call call, Job job) {
        JsonNode config = job.version().config;
        String runtime = config.path("Runtime").asText();
        boolean python = runtime.startsWith("python3");
        if (!python && !runtime.startsWith("nodejs")) {
            throw new AwsError(
                    502, "InvalidRuntimeException", "The sandbox runs python3.x and nodejs*.x, not " + runtime + ".");
        }
        Path work = null;
        try {
            Path root = code(job.version());
            work = Files.createTempDirectory("sandbox-invoke");
            Path script = work.resolve(python ? "bootstrap.py" : "bootstrap.mjs");
            Files.writeString(script, python ? LambdaBootstrap.PYTHON : LambdaBootstrap.NODE);
            Files.write(
                    work.resolve("event.json"),
                    call.body.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : call.body);
            Path result = work.resolve("result.json");
            Path log = work.resolve("log.txt");
            ProcessBuilder builder = new ProcessBuilder(
                            python ? "python3" : "node",
                            script.toString(),
                            work.resolve("event.json").toString(),
                            result.toString())
                    .directory(root.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().keySet().removeIf(name -> !name.equals("PATH") && !name.equals("LANG"));
            builder.environment().putAll(environment(call, job, root));
            Process process = builder.start();
            process.getOutputStream().close();
            int timeout = config.path("Timeout").asInt(3);
            if (!process.waitFor(timeout, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                return failure(
                        String.format(Locale.ROOT, "%s Task timed out after %d.00 seconds", call.requestId, timeout),
                        "Sandbox.Timedout",
                        Files.readString(log));
            }
            if (!Files.exists(result)) {
                return failure(
                        "RequestId: " + call.requestId + " Error: Runtime exited with error: exit status "
                                + process.exitValue(),
                        "Runtime.ExitError",
                        Files.readString(log));
            }
            JsonNode answer = SandboxJson.read(Files.readAllBytes(result));
            return answer.has("error")
                    ? new Outcome(SandboxJson.write(answer.get("error")), true, Files.readString(log))
                    : new Outcome(SandboxJson.write(answer.get("value")), false, Files.readString(log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AwsError(500, "ServiceException", "The sandbox is shutting down.");
        } finally {
            delete(work);
        }
    }

    private static Outcome failure(String message, String type, String log) {
        return new Outcome(SandboxJson.write(SandboxJson.map("errorMessage", message, "errorType", type)), true, log);
    }

    private static Map<String, String> environment(Call call, Job job, Path root) {
        JsonNode config = job.version().config;
        Map<String, String> environment = new HashMap<>();
        config.path("Environment")
                .path("Variables")
                .properties()
                .forEach(variable ->
                        environment.put(variable.getKey(), variable.getValue().asText()));
        environment.put("_HANDLER", config.path("Handler").asText());
        environment.put("LAMBDA_TASK_ROOT", root.toString());
        environment.put("AWS_REGION", job.function().region);
        environment.put("AWS_DEFAULT_REGION", job.function().region);
        environment.put("AWS_LAMBDA_FUNCTION_NAME", job.function().name);
        environment.put("AWS_LAMBDA_FUNCTION_VERSION", job.version().number);
        environment.put(
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", config.path("MemorySize").asText());
        environment.put("AWS_LAMBDA_FUNCTION_ARN", job.function().arn + ":" + job.version().number);
        environment.put("AWS_REQUEST_ID", call.requestId);
        environment.put("PYTHONDONTWRITEBYTECODE", "1");
        environment.put("TZ", ":UTC");
        return environment;
    }

    private Path code(Function.Version version) {
        return unzipped.computeIfAbsent(version.sha, sha -> {
            try {
                Path root = Files.createTempDirectory("sandbox-code");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(root)));
                try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(version.code))) {
                    for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                        Path file = root.resolve(entry.getName()).normalize();
                        if (!file.startsWith(root)) {
                            throw new IOException("Entry outside of the package: " + entry.getName());
                        }
                        if (entry.isDirectory()) {
                            Files.createDirectories(file);
                        } else {
                            Files.createDirectories(file.getParent());
                            Files.write(file, in.readAllBytes());
                        }
                    }
                }
                return root;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void delete(Path directory) {
        if (directory != null) {
            try (var files = Files.walk(directory)) {
                files.map(Path::toFile)
                        .sorted(java.util.Comparator.reverseOrder())
                        .forEach(File::delete);
            } catch (IOException e) {
                // A temporary directory that stays does no harm.
                directory.toFile().deleteOnExit();
            }
        }
    }
}
