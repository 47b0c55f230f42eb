package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalJson;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.Test;

public class CanonicalJsonTest {
    @Test
    public void keysAreSortedAsInRfc8785Section323() {
        var map = new LinkedHashMap<String, Object>();
        map.put("\u20ac", "Euro Sign");
        map.put("\r", "Carriage Return");
        map.put("\ufb33", "Hebrew Letter Dalet With Dagesh");
        map.put("1", "One");
        map.put("\ud83d\ude00", "Emoji: Grinning Face");
        map.put("\u0080", "Control");
        map.put("\u00f6", "Latin Small Letter O With Diaeresis");
        assertEquals(
                "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                        + "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
                        + "\"\ud83d\ude00\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
                CanonicalJson.text(map));
    }

    @Test
    public void stringsAreEscapedAsInRfc8785Section322() {
        assertEquals("\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"", CanonicalJson.text("\u20ac$\u000f\nA'B\"\\\\\"/"));
        assertEquals("\"\\b\\f\\t\\u0000\\u001f\u007f\u2028\"", CanonicalJson.text("\b\f\t\0\u001f\u007f\u2028"));
    }

    @Test
    public void literalsAndNesting() {
        assertEquals(
                "[null,true,false,0,-1,[],{}]",
                CanonicalJson.text(Arrays.asList(null, true, false, 0, -1L, List.of(), Map.of())));
    }

    @Test
    public void bytesAreUtf8() {
        byte[] expected = "\"\ud83d\ude00\u00f6\"".getBytes(StandardCharsets.UTF_8);
        assertTrue(Arrays.equals(expected, CanonicalJson.bytes("\ud83d\ude00\u00f6")));
    }

    @Test
    public void integersEndAt2To53Minus1() {
        assertEquals("9007199254740991", CanonicalJson.text(CanonicalJson.MAX_INTEGER));
        assertEquals("-9007199254740991", CanonicalJson.text(-CanonicalJson.MAX_INTEGER));
        refused(CanonicalJson.MAX_INTEGER + 1, "2^53-1");
        refused(BigInteger.valueOf(-CanonicalJson.MAX_INTEGER - 1), "2^53-1");
    }

    @Test
    public void floatsAreRefusedWhateverTheirValue() throws Exception {
        refused(1.0, "1.0");
        refused(0.1f, "0.1");
        refused(new java.math.BigDecimal("1"), "1");
        refused(new ObjectMapper().readTree("{\"a\":1.0}"), "1.0");
        refused(new ObjectMapper().readTree("[1e2]"), "integers only");
    }

    @Test
    public void halfCharactersAreRefusedInKeysAndValues() {
        refused("a\ud83d", "surrogate U+D83D");
        refused("\ude00a", "surrogate U+DE00");
        refused("\ude00\ud83d", "surrogate");
        refused(Map.of("\ud83d", 1), "surrogate");
    }

    @Test
    public void whatHasNoFormIsRefused() {
        refused(
                new Object() {
                    @Override
                    public String toString() {
                        return "thing";
                    }
                },
                "thing");
        refused(Map.of(1, 2), "key");
        Object deep = "x";
        for (int i = 0; i < 300; i++) {
            deep = List.of(deep);
        }
        refused(deep, "levels");
    }

    private static void refused(Object value, String says) {
        var e = assertThrows(IllegalArgumentException.class, () -> CanonicalJson.bytes(value));
        assertTrue(e.getMessage(), e.getMessage().contains(says));
    }

    @Test
    public void whateverTheOrderOfInsertionTheBytesAreTheSameAndReadBack() throws Exception {
        var random = new Random(17);
        var mapper = new ObjectMapper();
        for (int round = 0; round < 500; round++) {
            Object value = value(random, 0);
            String text = CanonicalJson.text(value);
            assertEquals(text, CanonicalJson.text(shuffled(value, random)));
            assertEquals(text, CanonicalJson.text(mapper.readTree(text)));
            assertEquals(mapper.valueToTree(value), mapper.readTree(text));
        }
    }

    private static Object value(Random random, int depth) {
        switch (random.nextInt(depth > 3 ? 4 : 6)) {
            case 0:
                return random.nextInt();
            case 1:
                return random.nextBoolean();
            case 2:
                return null;
            case 3:
                return text(random);
            case 4:
                var list = new ArrayList<Object>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(random, depth + 1));
                }
                return list;
            default:
                var map = new LinkedHashMap<String, Object>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    map.put(text(random), value(random, depth + 1));
                }
                return map;
        }
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            int point = random.nextInt(random.nextBoolean() ? 0x80 : 0x11000);
            text.appendCodePoint(point >= 0xD800 && point < 0xE000 ? 'x' : point);
        }
        return text.toString();
    }

    private static Object shuffled(Object value, Random random) {
        if (value instanceof List<?> list) {
            var copy = new ArrayList<Object>();
            list.forEach(item -> copy.add(shuffled(item, random)));
            return copy;
        }
        if (value instanceof Map<?, ?> map) {
            var keys = new ArrayList<Object>(map.keySet());
            Collections.shuffle(keys, random);
            var copy = new LinkedHashMap<Object, Object>();
            keys.forEach(key -> copy.put(key, shuffled(map.get(key), random)));
            return copy;
        }
        return value;
    }
}
