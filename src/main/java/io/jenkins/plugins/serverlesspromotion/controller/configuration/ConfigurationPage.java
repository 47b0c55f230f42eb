package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.model.Descriptor.FormException;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/**
 * The form of {@link ServerlessPromotionConfiguration} as a separate page, for users with {@link
 * PromotionPermissions#CONFIGURE}. Jenkins' System page has it too, but requires the permission to manage Jenkins. The
 * people who decide about access to prod may be others.
 */
@Restricted(NoExternalUse.class)
public final class ConfigurationPage {
    private static final String SAVED = "saved";

    private final String parent;
    private final String opened;
    private final boolean outdated;

    /**
     * @param parent URL of the page above, relative to Jenkins' root URL, without a leading slash, with a trailing one
     * @throws org.springframework.security.access.AccessDeniedException for a user who may not configure
     */
    public ConfigurationPage(String parent) {
        this(parent, false);
    }

    private ConfigurationPage(String parent, boolean outdated) {
        Jenkins.get().checkPermission(PromotionPermissions.CONFIGURE);
        this.parent = parent;
        this.opened = configuration().saved().digest();
        this.outdated = outdated;
    }

    private static ServerlessPromotionConfiguration configuration() {
        return ServerlessPromotionConfiguration.get();
    }

    public String getDisplayName() {
        return Messages.ConfigurationPage_displayName();
    }

    public String getUrl() {
        return "/" + parent + "configuration/";
    }

    /** For the form. Not a getter: nothing of the configuration has a URL below this page. */
    public ServerlessPromotionConfiguration configured() {
        return configuration();
    }

    /**
     * The version of the configuration with which the form was opened, so that no one overwrites a change that they
     * have not seen.
     */
    public String getOpened() {
        return opened;
    }

    /** Whether the form was not saved because another person saved first. */
    public boolean isOutdated() {
        return outdated;
    }

    @GET
    public void doIndex(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        request.getView(this, "index.jelly").forward(request, response);
    }

    /**
     * Saves the form, or proposes its changes where they need a second person.
     *
     * @throws FormException when a value is not valid: nothing is changed then
     */
    @RequirePOST
    public void doSave(StaplerRequest2 request, StaplerResponse2 response)
            throws IOException, ServletException, FormException {
        Jenkins.get().checkPermission(PromotionPermissions.CONFIGURE);
        JSONObject form = request.getSubmittedForm();
        var configuration = configuration();
        String part = configuration.getJsonSafeClassName();
        boolean seen;
        synchronized (configuration) {
            seen = configuration.saved().digest().equals(form.optString("opened"));
            if (seen && form.has(part)) {
                configuration.configure(request, form.getJSONObject(part));
            }
        }
        if (!seen) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            new ConfigurationPage(parent, true).doIndex(request, response);
            return;
        }
        if (!form.has(part)) {
            throw HttpResponses.errorWithoutStack(
                    HttpServletResponse.SC_BAD_REQUEST, "nothing was saved: the form did not arrive; open it again");
        }
        response.sendRedirect2(request.getContextPath() + getUrl() + "?" + SAVED);
    }

    /** Whether this is the answer to a save without any other message. */
    public boolean isSaved() {
        return Stapler.getCurrentRequest2().getParameter(SAVED) != null
                && configuration().getProblems().isEmpty()
                && !configuration().isAnythingProposed();
    }
}
