package io.jenkins.plugins.serverlesspromotion.aws.session;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import org.junit.Test;
import software.amazon.awssdk.profiles.ProfileFile;

public class ProfileCredentialsTest {
    private static ProfileCredentials of(String text, String selected) {
        ProfileFile file = ProfileFile.builder()
                .content(new java.io.ByteArrayInputStream(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .type(ProfileFile.Type.CREDENTIALS)
                .build();
        return new ProfileCredentials(() -> file, () -> selected);
    }

    private static final String TWO = """
        [work]
        aws_access_key_id = AKIAWORK
        aws_secret_access_key = w
        [home]
        aws_access_key_id = AKIAHOME
        aws_secret_access_key = h
        """;

    @Test
    public void aProfileThatIsThereIsUsed() {
        assertEquals(
                "AKIAHOME", of(TWO, "default").find("home").resolveCredentials().accessKeyId());
        assertNotNull(of(TWO, "work").find(null));
        assertNotNull(
                "without a name it is the default chain", of("", "default").find(null));
    }

    @Test
    public void aProfileThatIsMissingIsNamedAndNoOtherIdentityIsUsed() {
        String said = assertThrows(
                        IllegalArgumentException.class, () -> of(TWO, "default").find("release-base"))
                .getMessage();
        assertTrue(said, said.contains("has no profile 'release-base', which credentialsId of the policy names"));
        assertTrue(said, said.contains("it has home, work"));
        assertTrue(said, said.contains("aws configure --profile release-base"));
        String none = assertThrows(
                        IllegalArgumentException.class, () -> of("", "default").find("release-base"))
                .getMessage();
        assertTrue(none, none.contains("it has no profiles"));
    }

    @Test
    public void soIsOneThatTheEnvironmentNames() {
        String said = assertThrows(
                        IllegalArgumentException.class, () -> of(TWO, "typo").find(null))
                .getMessage();
        assertTrue(said, said.contains("has no profile 'typo', which AWS_PROFILE names"));
    }
}
