package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.junit.Assert.assertEquals;

import hudson.model.Descriptor;
import io.jenkins.plugins.serverlesspromotion.controller.notifications.NotificationsConfig;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.commons.io.IOUtils;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** Whoever fills in the form is told what a field means, as Jenkins serves it. */
public class FormHelpTest {
    private static final Pattern FIELD = Pattern.compile("\\bfield=\"(\\w+)\"");

    private static final Set<String> PACKAGES =
            Set.of(FormHelpTest.class.getPackageName(), NotificationsConfig.class.getPackageName());

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    @Test
    public void everyFieldOfEveryFormHasItsOwnHelp() throws Exception {
        List<String> missing = new ArrayList<>();
        int fields = 0;
        try (var client = j.createWebClient().withThrowExceptionOnFailingStatusCode(false)) {
            for (Descriptor<?> descriptor : j.jenkins.getExtensionList(Descriptor.class)) {
                if (!PACKAGES.contains(descriptor.clazz.getPackageName())) {
                    continue;
                }
                for (String field : fieldsOf(descriptor.clazz)) {
                    fields++;
                    var help = client.goTo("descriptor/" + descriptor.getId() + "/help/" + field, null)
                            .getWebResponse();
                    if (help.getStatusCode() != 200
                            || !help.getContentAsString().contains("<div>")) {
                        missing.add(descriptor.clazz.getSimpleName() + "." + field);
                    }
                }
            }
        }
        assertEquals(List.of(), missing);
        assertThat("the forms were looked at", fields, greaterThan(40));
    }

    private static Set<String> fieldsOf(Class<?> type) throws Exception {
        var fields = new TreeSet<String>();
        for (Class<?> part = type; part != Object.class; part = part.getSuperclass()) {
            for (String page : List.of("config.jelly", "shared.jelly")) {
                var form = part.getResource(part.getSimpleName() + "/" + page);
                if (form != null) {
                    FIELD.matcher(IOUtils.toString(form, StandardCharsets.UTF_8))
                            .results()
                            .forEach(found -> fields.add(found.group(1)));
                }
            }
        }
        return fields;
    }
}
