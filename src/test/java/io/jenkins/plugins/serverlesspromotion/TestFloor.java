package io.jenkins.plugins.serverlesspromotion;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * Fails a build that ran fewer tests than expected. A wrong exclude pattern can leave a source tree
 * uncompiled and untested while the build still says success; counting is the only thing that notices.
 */
public final class TestFloor {
    private TestFloor() {}

    /**
     * @param args the folder of Surefire's XML reports, and the least number of tests that must have run
     */
    public static void main(String[] args) throws Exception {
        int ran = testsRun(Path.of(args[0]));
        int floor = Integer.parseInt(args[1]);
        if (ran < floor) {
            throw new IllegalStateException(
                    ran + " tests ran, at least " + floor + " were expected: is something excluded by mistake?");
        }
        System.out.println("tests run: " + ran + " (at least " + floor + " expected)");
    }

    /** Tests that ran, skipped ones not counted, over all reports of {@code folder}. */
    static int testsRun(Path folder) throws IOException, ParserConfigurationException, SAXException {
        int ran = 0;
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        try (DirectoryStream<Path> reports = Files.newDirectoryStream(folder, "TEST-*.xml")) {
            for (Path report : reports) {
                Element suite =
                        factory.newDocumentBuilder().parse(report.toFile()).getDocumentElement();
                ran += Integer.parseInt(suite.getAttribute("tests"))
                        - Integer.parseInt("0" + suite.getAttribute("skipped"));
            }
        }
        return ran;
    }
}
