package io.jenkins.plugins.serverlesspromotion.controller.matrix;

import static org.junit.Assert.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestEnvironment;

/** JENKINS_HOME in a folder that has nothing else, so that a file that comes about beside it is seen too. */
final class MatrixHome {
    /** What Jenkins itself writes at times of its own choice. */
    private static final Pattern OF_JENKINS = Pattern.compile(
            "home/(\\.owner|queue\\.xml(\\.bak)?|nodeMonitors\\.xml|jenkins\\.telemetry\\..*|logs(/.*)?|.*\\.tmp)");

    private MatrixHome() {}

    static JenkinsRule rule() {
        var rule = new JenkinsRule();
        rule.with(() -> {
            File home =
                    new File(TestEnvironment.get().temporaryDirectoryAllocator.allocate(), "home");
            Files.createDirectory(home.toPath());
            return home;
        });
        return rule;
    }

    /** That nothing has come about or gone since, without all that has not changed. */
    static void assertSame(JenkinsRule j, Set<String> before) throws IOException {
        Set<String> now = files(j);
        var fresh = new TreeSet<>(now);
        fresh.removeAll(before);
        assertEquals("no file has come about in JENKINS_HOME or beside it", Set.of(), fresh);
        assertEquals("none is gone", before.size(), now.size());
    }

    /** Every file and folder in JENKINS_HOME and in the folder that it is in, without {@link #OF_JENKINS}. */
    static Set<String> files(JenkinsRule j) throws IOException {
        Path parent = j.jenkins.getRootDir().toPath().getParent();
        var files = new TreeSet<String>();
        Files.walkFileTree(parent, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                files.add(parent.relativize(folder).toString());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.add(parent.relativize(file).toString());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // Jenkins has just deleted it
            }
        });
        files.removeIf(file -> OF_JENKINS.matcher(file).matches());
        return files;
    }
}
