package io.jenkins.plugins.serverlesspromotion.controller.releases;

import hudson.cli.CLICommandInvoker;
import io.jenkins.plugins.serverlesspromotion.controller.Logins;
import java.net.URL;
import java.util.ArrayList;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.jvnet.hudson.test.JenkinsRule;

/** The three ways in which a person reaches releases: pages with a login, REST with a token, {@code jenkins-cli}. */
final class Surfaces {
    static final String API = "promotion-releases/api/";

    private final JenkinsRule j;

    Surfaces(JenkinsRule j) {
        this.j = j;
    }

    /** @param document null when the answer was not JSON */
    record Reply(int status, JSONObject document) {
        static Reply of(Page page) {
            boolean json = page.getWebResponse().getContentType().equals("application/json");
            return new Reply(
                    page.getWebResponse().getStatusCode(),
                    json ? JSONObject.fromObject(page.getWebResponse().getContentAsString()) : null);
        }

        String error() {
            return document.getString("error");
        }
    }

    private JenkinsRule.WebClient session(String user, boolean scripts) throws Exception {
        return Logins.login(
                j.createWebClient().withThrowExceptionOnFailingStatusCode(false).withJavaScriptEnabled(scripts), user);
    }

    /** A page whose buttons can be clicked: scripts of Jenkins add the crumb to its forms. */
    HtmlPage open(String user, String path) throws Exception {
        return session(user, true).goTo(path);
    }

    /** What a page says before any script has run. */
    HtmlPage look(String user, String path) throws Exception {
        return session(user, false).goTo(path);
    }

    /** What a button of a page sends. */
    Page press(String user, String path, String... fields) throws Exception {
        JenkinsRule.WebClient client = session(user, false);
        return client.getPage(client.addCrumb(request(path, fields)));
    }

    private JenkinsRule.WebClient token(String user) throws Exception {
        return j.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .withJavaScriptEnabled(false)
                .withBasicApiToken(user);
    }

    Reply get(String user, String path) throws Exception {
        return Reply.of(token(user).getPage(new URL(j.getURL(), API + path)));
    }

    Reply post(String user, String path, String... fields) throws Exception {
        return Reply.of(token(user).getPage(request(API + path, fields)));
    }

    /** The answer of REST with its headers. */
    Page page(String user, String path, String... fields) throws Exception {
        return token(user).getPage(request(API + path, fields));
    }

    /** A browser in which {@code user} is logged in. */
    JenkinsRule.WebClient session(String user) throws Exception {
        return session(user, false);
    }

    /** @param path relative to Jenkins' root URL */
    WebRequest request(String path, String... fields) throws Exception {
        var request = new WebRequest(new URL(j.getURL(), path), HttpMethod.POST);
        var parameters = new ArrayList<NameValuePair>();
        for (int i = 0; i < fields.length; i += 2) {
            parameters.add(new NameValuePair(fields[i], fields[i + 1]));
        }
        request.setRequestParameters(parameters);
        return request;
    }

    CLICommandInvoker.Result cli(String user, String command, String... args) {
        return new CLICommandInvoker(j, command).asUser(user).invokeWithArgs(args);
    }
}
