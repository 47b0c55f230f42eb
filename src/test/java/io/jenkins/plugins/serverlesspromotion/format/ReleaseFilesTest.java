package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.format.artifact.FileDigests;
import io.jenkins.plugins.serverlesspromotion.format.artifact.FolderZip;
import io.jenkins.plugins.serverlesspromotion.format.artifact.SiteFiles;
import io.jenkins.plugins.serverlesspromotion.format.artifact.ZipCheck;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import io.jenkins.plugins.serverlesspromotion.format.input.RelativePath;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Which files a release may hold, and under which names: {@link SiteFiles}, {@link RelativePath}, sizes. */
public class ReleaseFilesTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Path root;
    private Path web;

    @Before
    public void setUp() throws Exception {
        root = folder.getRoot().toPath();
        web = Files.createDirectories(root.resolve("web"));
    }

    private Map<String, Path> list(Problems problems) throws Exception {
        return new SiteFiles(root, "web", SourceLocation.of("release.yaml"), problems).list();
    }

    private static Set<String> told(Problems problems) {
        return assertThrows(InputException.class, problems::throwIfAny).problems().stream()
                .map(InputException.Problem::text)
                .collect(Collectors.toSet());
    }

    @Test
    public void whatIsHiddenIsToldAndNeverListed() throws Exception {
        Files.writeString(web.resolve("index.html"), "x");
        Files.writeString(web.resolve(".env"), "SECRET");
        Files.writeString(Files.createDirectories(web.resolve(".git")).resolve("config"), "x");
        Files.writeString(Files.createDirectories(web.resolve(".well-known")).resolve("security.txt"), "x");
        var problems = new Problems();
        assertEquals(
                Set.of("web/index.html", "web/.well-known/security.txt"),
                list(problems).keySet());
        assertEquals(
                Set.of(
                        "'web/.env' is hidden; remove it from the site",
                        "'web/.git' is hidden; remove it from the site"),
                told(problems));
    }

    @Test
    public void aNameThatIsNoPathEverywhereIsToldAndNotListed() throws Exception {
        Files.writeString(web.resolve("index.html"), "x");
        Files.writeString(web.resolve("a\\b.html"), "x");
        Files.writeString(web.resolve("a\nb.html"), "x");
        var problems = new Problems();
        assertEquals(Set.of("web/index.html"), list(problems).keySet());
        assertEquals(2, told(problems).size());
        assertTrue(told(problems).stream().allMatch(text -> text.endsWith("; rename the file")));
    }

    @Test
    public void linksStayInsideTheSite() throws Exception {
        Files.writeString(web.resolve("index.html"), "x");
        Files.writeString(root.resolve("secret"), "x");
        Files.createDirectories(web.resolve("a"));
        Files.createSymbolicLink(web.resolve("inside.html"), web.resolve("index.html"));
        Files.createSymbolicLink(web.resolve("out.html"), root.resolve("secret"));
        Files.createSymbolicLink(web.resolve("nowhere.html"), web.resolve("none"));
        Files.createSymbolicLink(web.resolve("folder"), web.resolve("a"));
        var problems = new Problems();
        assertEquals(Set.of("web/index.html", "web/inside.html"), list(problems).keySet());
        assertEquals(
                Set.of(
                        "'web/out.html' is a link that leads out of the site; copy the file into it",
                        "'web/nowhere.html' is a link to '" + web.resolve("none")
                                + "', which leads to no file; correct the link, or copy the file",
                        "'web/folder' is a link to a folder; copy the files into the site"),
                told(problems));
    }

    /** Reading a pipe would block, and a socket has no content. */
    @Test
    public void whatIsNoFileIsToldAndNotListed() throws Exception {
        Files.writeString(web.resolve("index.html"), "x");
        try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(web.resolve("socket")));
            var problems = new Problems();
            assertEquals(Set.of("web/index.html"), list(problems).keySet());
            assertNull(new FileDigests(root).regular("web/socket", SourceLocation.of("release.yaml"), problems));
            assertNull(new FileDigests(root).regular("web", SourceLocation.of("release.yaml"), problems));
            assertEquals(
                    Set.of(
                            "'web/socket' is not a regular file; remove it from the site",
                            "'web/socket' is not a regular file",
                            "'web' does not exist; build it before publishing"),
                    told(problems));
        }
    }

    @Test
    public void aSiteIsAFolderInThatOfTheManifest() throws Exception {
        Files.writeString(root.resolve("page.html"), "x");
        Path inner = Files.createDirectories(root.resolve("inner"));
        Files.createSymbolicLink(inner.resolve("web"), web);
        for (var wrong : Map.of(
                        "page.html", "'page.html' is not a folder; build the site before publishing",
                        "none", "'none' does not exist; build the site before publishing",
                        "web", "'web' holds no file; build the site before publishing")
                .entrySet()) {
            var problems = new Problems();
            assertEquals(
                    Map.of(), new SiteFiles(root, wrong.getKey(), SourceLocation.of("release.yaml"), problems).list());
            assertEquals(Set.of(wrong.getValue()), told(problems));
        }
        Files.writeString(web.resolve("index.html"), "x");
        var problems = new Problems();
        assertEquals(Map.of(), new SiteFiles(inner, "web", SourceLocation.of("release.yaml"), problems).list());
        assertEquals(
                Set.of("'web' is a link that leaves the folder of the manifest; copy the site into it"),
                told(problems));
        var plain = new Problems();
        assertEquals(Map.of(), new SiteFiles(root, "./web", SourceLocation.of("release.yaml"), plain).list());
        assertEquals(Set.of("the path './web/index.html' is not a plain one; rename the file"), told(plain));
    }

    @Test
    public void aSiteHasAtMostTenThousandFiles() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            Files.createFile(web.resolve("f" + i));
        }
        var problems = new Problems();
        assertEquals(10_000, list(problems).size());
        assertTrue(problems.isEmpty());
        Files.createFile(web.resolve("one-more"));
        assertEquals(Map.of(), list(problems));
        assertEquals(Set.of("'web' holds more than 10000 files; split the site"), told(problems));
    }

    @Test
    public void aPathStaysInItsFolder() {
        assertEquals("a/b", RelativePath.of("./a//b/"));
        String longest = "x".repeat(512);
        assertEquals(longest, RelativePath.of(longest));
        for (String wrong :
                List.of(longest + "x", "/a", "C:a", "a/../b", "..", "\\a", "a\\b", ".", "./", "a\u0000b", "a\u0085b")) {
            assertThrows(wrong, IllegalArgumentException.class, () -> RelativePath.of(wrong));
        }
    }

    @Test
    public void aFileMayBeAsLargeAsTheLimitAndNotLarger() throws Exception {
        Path file = Files.write(web.resolve("f"), new byte[3 << 20]);
        assertEquals(3 << 20, new FileDigests(root).digest("f", file, 3 << 20).size());
        assertEquals(
                "is larger than 2 MiB, the most that is taken; make it smaller",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new FileDigests(root).digest("f", file, (3 << 20) - 1))
                        .getMessage());
    }

    @Test
    public void aFolderThatUnpacksToMoreThanLambdaTakesIsNotPacked() throws Exception {
        Files.write(web.resolve("a"), "x".getBytes(StandardCharsets.UTF_8));
        try (var sparse = new RandomAccessFile(web.resolve("b").toFile(), "rw")) {
            sparse.setLength(ZipCheck.MOST_BYTES);
        }
        assertTrue(
                assertThrows(IllegalArgumentException.class, () -> FolderZip.pack(web, web, root.resolve("code.zip")))
                        .getMessage()
                        .contains("larger than 250 MiB"));
    }
}
