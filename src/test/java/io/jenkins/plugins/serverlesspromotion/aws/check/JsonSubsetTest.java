package io.jenkins.plugins.serverlesspromotion.aws.check;

import static org.junit.Assert.assertEquals;

import java.util.Optional;
import org.junit.Test;

public class JsonSubsetTest {
    private static String missing(String expected, String answer) {
        return new JsonSubset(text -> text.replace("${version}", "1.4.2").replace("${count}", "3"))
                .missing(expected, answer)
                .orElse(null);
    }

    @Test
    public void whatIsNamedMustBeThereAndTheRestMayBe() {
        String answer =
                "{\"status\":\"up\",\"build\":{\"version\":\"1.4.2\",\"n\":3},\"parts\":[{\"a\":1,\"b\":2},{\"a\":null}],\"ok\":true}";
        for (String held : new String[] {
            "{}",
            "{\"status\":\"up\"}",
            "{\"build\":{\"version\":\"${version}\",\"n\":3.0}}",
            "{\"build\":{\"n\":\"${count}\"}}",
            "{\"parts\":[{\"a\":1},{\"a\":null}],\"ok\":true}"
        }) {
            assertEquals(held, null, missing(held, answer));
        }
    }

    /** What an answer lacks is recorded, and the journal refuses a record with half a character. */
    @Test
    public void halfACharacterOfAnAnswerIsNotRecorded() {
        assertEquals("with a \"\uFFFD\" instead of \"x\"", missing("{\"a\":\"x\"}", "{\"a\":\"\\ud800\"}"));
        String difference = missing("{\"a\":\"x\"}", "{\"a\":\"" + "b".repeat(78) + "😀\"}");
        assertEquals("with a \"" + "b".repeat(78) + "… instead of \"x\"", difference);
    }

    @Test
    public void whatIsNotThereIsNamedByItsPath() {
        String answer = "{\"a\":{\"b\":[1,\"x\"]},\"n\":3,\"t\":\"3\"}";
        assertEquals("without a.c", missing("{\"a\":{\"c\":1}}", answer));
        assertEquals("with a.b[0] 1 instead of 2", missing("{\"a\":{\"b\":[2,\"x\"]}}", answer));
        assertEquals("with a.b a list instead of a list of 1", missing("{\"a\":{\"b\":[1]}}", answer));
        assertEquals("with a an object instead of a list of 0", missing("{\"a\":[]}", answer));
        assertEquals("with n 3 instead of \"3\"", missing("{\"n\":\"3\"}", answer));
        assertEquals("with t \"3\" instead of 3", missing("{\"t\":3}", answer));
        assertEquals("with t \"3\" instead of null", missing("{\"t\":null}", answer));
        assertEquals("with n 3 instead of true", missing("{\"n\":true}", answer));
        assertEquals("with an object instead of 1", missing("1", answer));
        assertEquals("with \"1.4.2\" instead of \"1.4.1\"", missing("\"1.4.1\"", "\"1.4.2\""));
    }

    @Test
    public void anAnswerThatIsNoJsonHoldsNothing() {
        for (String answer : new String[] {"", "<html>", "{"}) {
            assertEquals(answer, "with something that is not JSON", missing("{}", answer));
        }
        assertEquals(Optional.empty(), new JsonSubset(text -> text).missing("null", "null"));
    }
}
