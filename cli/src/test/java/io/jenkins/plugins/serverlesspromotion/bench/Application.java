package io.jenkins.plugins.serverlesspromotion.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** One function with its role: what everybody deploys. */
final class Application {
    static final String ACCOUNT = "222222222222";
    static final String REGION = "eu-west-1";
    /** Of the account, where code is deployed from. */
    static final String BUCKET = "serverless-promotion-222222222222-eu-west-1";

    static final String KEY = "AKIA" + ACCOUNT + "ADMI";
    static final String SECRET = "sandbox-secret-of-admin";
    /** Function and role, one after the other. */
    static final int LEVELS = 2;

    private static final String TEMPLATE = """
            Resources:
              Role:
                Type: AWS::IAM::Role
                Properties:
                  AssumeRolePolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }
              Function:
                Type: AWS::Lambda::Function
                Properties: { Handler: index.handler, Runtime: python3.11, Role: !GetAtt Role.Arn, Code: CODE }
            Outputs:
              Function: { Value: !Ref Function }
            """;

    private Application() {}

    /** @param code where it is, as a value in YAML */
    static String template(String code) {
        return TEMPLATE.replace("CODE", code);
    }

    /** The same text always gives the same bytes. */
    static byte[] zip(String code) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            var entry = new ZipEntry("index.py");
            entry.setTime(0);
            zip.putNextEntry(entry);
            zip.write(("def handler(event, context): return '" + code + "'\n").getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        return bytes.toByteArray();
    }
}
