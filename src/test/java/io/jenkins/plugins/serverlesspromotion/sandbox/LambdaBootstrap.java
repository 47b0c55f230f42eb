package io.jenkins.plugins.serverlesspromotion.sandbox;

/** The programs that load a handler, call it with the event of one file and write its answer to another. */
final class LambdaBootstrap {
    static final String PYTHON = """
            import importlib, json, os, sys, time, traceback

            root = os.environ["LAMBDA_TASK_ROOT"]
            sys.path.insert(0, root)
            started = time.time()


            class Context:
                function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
                function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
                invoked_function_arn = os.environ["AWS_LAMBDA_FUNCTION_ARN"]
                memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
                aws_request_id = os.environ["AWS_REQUEST_ID"]
                log_group_name = "/aws/lambda/" + function_name
                log_stream_name = "sandbox"
                client_context = None
                identity = None

                def get_remaining_time_in_millis(self):
                    return int(900000 - (time.time() - started) * 1000)


            def answer():
                module, _, name = os.environ["_HANDLER"].rpartition(".")
                try:
                    loaded = importlib.import_module(module.replace("/", "."))
                except Exception as error:
                    kind = "ImportModuleError" if isinstance(error, ImportError) else "UserCodeSyntaxError"
                    return {"error": {"errorMessage": "Unable to import module '%s': %s" % (module, error),
                                      "errorType": "Runtime." + kind, "requestId": "", "stackTrace": []}}
                handler = getattr(loaded, name, None)
                if handler is None:
                    return {"error": {"errorMessage": "Handler '%s' missing on module '%s'" % (name, module),
                                      "errorType": "Runtime.HandlerNotFound", "requestId": "", "stackTrace": []}}
                with open(sys.argv[1], encoding="utf-8") as source:
                    event = json.load(source)
                try:
                    value = handler(event, Context())
                    json.dumps(value)
                    return {"value": value}
                except Exception as error:
                    return {"error": {"errorMessage": str(error), "errorType": type(error).__name__,
                                      "requestId": Context.aws_request_id,
                                      "stackTrace": traceback.format_tb(error.__traceback__)[1:]}}


            result = answer()
            with open(sys.argv[2], "w", encoding="utf-8") as target:
                json.dump(result, target)
            """;

    static final String NODE = """
            import { existsSync, readFileSync, writeFileSync } from "node:fs";
            import { join } from "node:path";
            import { pathToFileURL } from "node:url";

            const root = process.env.LAMBDA_TASK_ROOT;
            const handlerName = process.env._HANDLER;
            const dot = handlerName.lastIndexOf(".");
            const started = Date.now();
            const context = {
              functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
              functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
              invokedFunctionArn: process.env.AWS_LAMBDA_FUNCTION_ARN,
              memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
              awsRequestId: process.env.AWS_REQUEST_ID,
              logGroupName: "/aws/lambda/" + process.env.AWS_LAMBDA_FUNCTION_NAME,
              logStreamName: "sandbox",
              getRemainingTimeInMillis: () => 900000 - (Date.now() - started),
            };
            const failed = (error, type) => ({
              error: {
                errorType: type ?? error?.name ?? "Error",
                errorMessage: error?.message ?? String(error),
                trace: String(error?.stack ?? "").split("\\n"),
              },
            });

            async function load() {
              const base = join(root, handlerName.slice(0, dot));
              const file = [".js", ".mjs", ".cjs"].map((end) => base + end).find((name) => existsSync(name));
              if (!file) throw Object.assign(new Error("Cannot find module '" + handlerName.slice(0, dot) + "'"));
              const module = await import(pathToFileURL(file));
              const name = handlerName.slice(dot + 1);
              return module[name] ?? module.default?.[name];
            }

            async function answer() {
              let handler;
              try {
                handler = await load();
              } catch (error) {
                return failed(error, "Runtime.ImportModuleError");
              }
              if (typeof handler !== "function") {
                return failed(new Error(handlerName + " is undefined or not exported"), "Runtime.HandlerNotFound");
              }
              const event = JSON.parse(readFileSync(process.argv[2], "utf-8"));
              try {
                const value = handler.length > 2
                  ? await new Promise((resolve, reject) =>
                      handler(event, context, (error, result) => (error ? reject(error) : resolve(result))))
                  : await handler(event, context);
                return { value: value ?? null };
              } catch (error) {
                return failed(error);
              }
            }

            const result = await answer();
            writeFileSync(process.argv[3], JSON.stringify(result));
            process.exit(0);
            """;

    private LambdaBootstrap() {}
}
