package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Writes the XML of the query and REST-XML protocols and reads the request bodies of S3 and CloudFront. */
final class Xml {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final StringBuilder out = new StringBuilder();

    static Xml document() {
        Xml xml = new Xml();
        xml.out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        return xml;
    }

    static String stamp(Instant instant) {
        return STAMP.format(instant);
    }

    Xml open(String name) {
        out.append('<').append(name).append('>');
        return this;
    }

    Xml open(String name, String namespace) {
        out.append('<').append(name).append(" xmlns=\"").append(namespace).append("\">");
        return this;
    }

    Xml close(String name) {
        out.append("</").append(name).append('>');
        return this;
    }

    /** Elements written elsewhere. */
    Xml raw(Xml other) {
        out.append(other.out);
        return this;
    }

    /** One element with text; nothing when the value is null. */
    Xml text(String name, Object value) {
        if (value != null) {
            open(name);
            out.append(escape(value instanceof Instant instant ? stamp(instant) : value.toString()));
            close(name);
        }
        return this;
    }

    /** A tree of maps, collections and scalars in the form of the query protocol: list items are {@code member}. */
    Xml tree(String name, Object value) {
        if (value == null) {
            return this;
        }
        if (value instanceof Map<?, ?> map) {
            open(name);
            map.forEach((key, item) -> tree((String) key, item));
            return close(name);
        }
        if (value instanceof Collection<?> items) {
            open(name);
            items.forEach(item -> tree("member", item));
            return close(name);
        }
        return text(name, value);
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\r' -> escaped.append("&#13;");
                default -> escaped.append(c < 0x20 && c != '\n' && c != '\t' ? '\uFFFD' : c);
            }
        }
        return escaped.toString();
    }

    @Override
    public String toString() {
        return out.toString();
    }

    /**
     * Reads a request body.
     *
     * @throws AwsError MalformedXML when it is not XML
     */
    static Element parse(byte[] body) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            Document document = builder.parse(new ByteArrayInputStream(body));
            return document.getDocumentElement();
        } catch (Exception e) {
            throw new AwsError(
                    400,
                    "MalformedXML",
                    "The XML you provided was not well-formed or did not validate against our published schema");
        }
    }

    static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && local(element).equals(name)) {
                found.add(element);
            }
        }
        return found;
    }

    static Element child(Element parent, String name) {
        List<Element> found = parent == null ? List.of() : children(parent, name);
        return found.isEmpty() ? null : found.get(0);
    }

    /** The text of a direct child, or null when there is none. */
    static String value(Element parent, String name) {
        Element child = child(parent, name);
        return child == null ? null : child.getTextContent().trim();
    }

    private static String local(Element element) {
        String name = element.getTagName();
        return name.substring(name.indexOf(':') + 1);
    }
}
