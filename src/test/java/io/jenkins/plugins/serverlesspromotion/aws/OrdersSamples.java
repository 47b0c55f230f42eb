package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Templates, code and manifests of the service {@code orders}. */
final class OrdersSamples {
    static final String TEMPLATE = "packaged.yaml";
    static final String CODE = "build/api.zip";

    private OrdersSamples() {}

    /** A function with its role; {@code extra} are more resources. */
    static String api(String extra) {
        return """
                AWSTemplateFormatVersion: "2010-09-09"
                Parameters:
                  Environment:
                    Type: String
                  MemorySize:
                    Type: String
                    Default: "128"
                Resources:
                  OrdersRole:
                    Type: AWS::IAM::Role
                    Properties:
                      AssumeRolePolicyDocument:
                        Version: "2012-10-17"
                        Statement:
                          - Effect: Allow
                            Principal: { Service: lambda.amazonaws.com }
                            Action: sts:AssumeRole
                  OrdersFunction:
                    Type: AWS::Lambda::Function
                    Properties:
                      FunctionName: !Sub orders-smoke-${Environment}
                      Handler: index.handler
                      Runtime: python3.11
                      Timeout: 60
                      Role: !GetAtt OrdersRole.Arn
                      MemorySize: !Ref MemorySize
                      Code: build/api.zip
                """ + extra + """
                Outputs:
                  FunctionName:
                    Value: !Ref OrdersFunction
                """;
    }

    /** A queue whose name is an output, for others to refer to. */
    static String queue(String suffix) {
        return """
                AWSTemplateFormatVersion: "2010-09-09"
                Parameters:
                  Environment:
                    Type: String
                Resources:
                  Work:
                    Type: AWS::SQS::Queue
                    Properties:
                      QueueName: !Sub orders-work-${Environment}%s
                Outputs:
                  QueueName:
                    Value: !GetAtt Work.QueueName
                """.formatted(suffix);
    }

    /** Takes the name of a queue. */
    static String consumer() {
        return """
                AWSTemplateFormatVersion: "2010-09-09"
                Parameters:
                  Queue:
                    Type: String
                Resources:
                  Topic:
                    Type: AWS::SNS::Topic
                    Properties:
                      DisplayName: !Ref Queue
                """;
    }

    static Map<String, String> files(String code, String template) {
        var files = new LinkedHashMap<String, String>();
        files.put(CODE, code);
        files.put(TEMPLATE, template);
        return files;
    }

    /** Python that answers with a status and a text. */
    static String answering(int status, String text) {
        return "def handler(event, context):\n    return {'statusCode': " + status + ", 'body': '" + text + "'}\n";
    }

    /** A ZIP with {@code index.py}, the same bytes for the same source. */
    static byte[] zip(String source) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            var entry = new ZipEntry("index.py");
            entry.setTime(0);
            zip.putNextEntry(entry);
            zip.write(source.getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Manifest.CloudFormation stack(String name, String template, String stack, Map<String, String> parameters) {
        return new Manifest.CloudFormation(
                name, List.of(), List.of(), template, stack, List.of("CAPABILITY_IAM"), parameters, Map.of());
    }

    static Manifest manifest(Manifest.Target... targets) {
        return new Manifest("orders", Map.of(), List.of(targets), List.of(), List.of());
    }

    /** One stack with a function, of the given memory. */
    static Manifest api(int memory) {
        return manifest(stack(
                "api",
                TEMPLATE,
                "orders-${environment}",
                Map.of("Environment", "${environment}", "MemorySize", String.valueOf(memory))));
    }
}
