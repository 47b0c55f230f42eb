package io.jenkins.plugins.serverlesspromotion.engine.release;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.Test;

public class TemplateBooleanTest {
    /** The regular expression of https://yaml.org/type/bool.html. */
    private static final List<String> YES =
            List.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");

    private static final List<String> NO =
            List.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");

    @Test
    public void everySpellingIsRead() {
        YES.forEach(text -> assertTrue(text, TemplateBoolean.isTrue(text) && !TemplateBoolean.isFalse(text)));
        NO.forEach(text -> assertTrue(text, TemplateBoolean.isFalse(text) && !TemplateBoolean.isTrue(text)));
        for (String text : List.of("", "1", "0", "enabled", "truee", "nope")) {
            assertFalse(text, TemplateBoolean.isTrue(text) || TemplateBoolean.isFalse(text));
        }
    }

    @Test
    public void aPlainWordBecomesTrueOrFalseButALetterDoesNot() {
        for (String text : YES) {
            assertEquals(
                    text, text.length() == 1 ? Optional.empty() : Optional.of("true"), TemplateBoolean.ofPlain(text));
        }
        for (String text : NO) {
            assertEquals(
                    text, text.length() == 1 ? Optional.empty() : Optional.of("false"), TemplateBoolean.ofPlain(text));
        }
        for (String text : List.of("", "yEs", "oN", "tRUE", "nO", " yes", "1", "Norway")) {
            assertEquals(text, Optional.empty(), TemplateBoolean.ofPlain(text));
        }
    }

    @Test
    public void onlyWhatIsClearlyFalseShowsAParameter() {
        var hidden = new ArrayList<Map<?, ?>>();
        YES.forEach(text -> hidden.add(Map.of("NoEcho", text)));
        hidden.add(Map.of("NoEcho", ""));
        hidden.add(Map.of("NoEcho", "1"));
        hidden.add(Map.of("NoEcho", List.of("false")));
        hidden.add(Map.of("noecho", "true"));
        hidden.add(Map.of("NOECHO ", "yes"));
        hidden.add(Map.of("NoEcho", Map.of("Ref", "Hide")));
        hidden.add(Map.of("<<", Map.of("NoEcho", "yes"), "Type", "String"));
        hidden.add(Map.of("<<", List.of(Map.of("Type", "String"), Map.of("NoEcho", "on"))));
        for (Map<?, ?> one : hidden) {
            assertTrue(String.valueOf(one), NoEchoParameters.isNoEcho(one));
            assertEquals(Set.of("P"), NoEchoParameters.in(Map.of("Parameters", Map.of("P", one))));
        }
        for (String text : NO) {
            assertFalse(text, NoEchoParameters.isNoEcho(Map.of("NoEcho", text)));
        }
        assertFalse(NoEchoParameters.isNoEcho(Map.of("Type", "String", "<<", Map.of("NoEcho", "no"))));
    }
}
