package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.format.artifact.ReleaseAssembler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A literal value for a parameter with NoEcho is refused before it is recorded anywhere. */
public class NoEchoCheckTest {
    private static final String PLANTED = "planted-6f1c0e";

    @Rule
    public TemporaryFolder temporary = new TemporaryFolder();

    private Path folder;

    @Before
    public void aFolder() throws IOException {
        folder = temporary.newFolder("t").toPath();
    }

    private ReleaseAssembler.Assembly assemble(String noEcho, String variables, String parameters) throws IOException {
        Files.writeString(folder.resolve("template.yaml"), """
                Parameters:
                  Pw: { Type: String, Default: from-template, NoEcho: %s }
                  Size: { Type: String, Default: s }
                Resources: { Q: { Type: AWS::SQS::Queue } }
                """.formatted(noEcho));
        return assemble("template.yaml", variables, parameters, "");
    }

    private ReleaseAssembler.Assembly assemble(String template, String variables, String parameters, String inside)
            throws IOException {
        Files.writeString(folder.resolve("release.yaml"), """
                apiVersion: promotion/v1
                service: t
                variables: %s
                targets:
                  - name: app
                    cloudformation: { template: %s, stack: t%s }
                    %s
                """.formatted(
                        variables, template, inside, parameters.isEmpty() ? "" : "parameters: " + parameters));
        return ReleaseAssembler.assemble(folder.resolve("release.yaml"), "1.0.0");
    }

    private String refused(String noEcho, String variables, String parameters) {
        String message = assertThrows(InputException.class, () -> assemble(noEcho, variables, parameters))
                .getMessage();
        assertFalse(message, message.contains(PLANTED));
        assertTrue(message, message.contains("parameter Pw, which has NoEcho in template template.yaml"));
        assertTrue(message, message.contains("secret:"));
        return message;
    }

    @Test
    public void everyBooleanOfYamlElevenHidesTheValue() throws Exception {
        for (String yes : List.of(
                "true", "True", "TRUE", "yes", "Yes", "on", "ON", "y", "'yes'", "\"true\"", "1", "", "~", "''")) {
            String message = refused(yes, "{}", "{ Pw: " + PLANTED + " }");
            assertTrue(message, message.contains("release.yaml:7: targets[app].parameters.Pw"));
        }
        for (String no : List.of("false", "no", "off", "'No'", "n")) {
            assertEquals(
                    List.of(), assemble(no, "{}", "{ Pw: " + PLANTED + " }").noEcho());
        }
    }

    @Test
    public void theValueOfOneEnvironmentIsFoundInItsVariable() {
        String message = refused(
                "yes", "{ pw: { dev: \"${inner}\", \"*\": \"\" }, inner: " + PLANTED + " }", "{ Pw: \"${pw}\" }");
        assertTrue(message, message.contains("release.yaml:3: variables.inner"));
        String each = refused("yes", "{ pw: { dev: " + PLANTED + ", prod: " + PLANTED + "2 } }", "{ Pw: \"${pw}\" }");
        assertTrue(each, each.contains("variables.pw.dev") && each.contains("variables.pw.prod"));
    }

    @Test
    public void textBesideASecretIsALiteralToo() {
        refused("true", "{ key: { secret: k } }", "{ Pw: \"" + PLANTED + "${key}\" }");
        refused("true", "{}", "{ Pw: \"" + PLANTED + "-${environment}\" }");
        refused("true", "{}", "{ Pw: \"{{resolve:ssm:/a}}" + PLANTED + "\" }");
    }

    @Test
    public void aParameterInsideOfCloudformationIsFoundWithItsLine() throws Exception {
        Files.writeString(
                folder.resolve("t.json"),
                "{\"Parameters\":{\"Pw\":{\"Type\":\"String\",\"NoEcho\":true}},\"Resources\":{}}");
        String message = assertThrows(
                        InputException.class,
                        () -> assemble("t.json", "{}", "", ", parameters: { Pw: " + PLANTED + " }"))
                .getMessage();
        assertTrue(message, message.contains("release.yaml:6: targets[app].cloudformation.parameters.Pw"));
        assertFalse(message, message.contains(PLANTED));
    }

    @Test
    public void referencesAndDefaultsAreTaken() throws Exception {
        for (String value : List.of(
                "\"${key}\"",
                "\"${db}\"",
                "\"${key}${db}\"",
                "\"\"",
                "\"${environment}\"",
                "\"{{resolve:secretsmanager:orders/${environment}/key:SecretString:password}}\"")) {
            var assembly =
                    assemble("yes", "{ key: { secret: k }, db: { ssm: d } }", "{ Pw: " + value + ", Size: big }");
            assertEquals(List.of("app.Pw"), assembly.noEcho());
        }
        assertEquals(List.of("app.Pw"), assemble("on", "{}", "").noEcho());
    }
}
