package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.drift.DriftService;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Authorization;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.ServiceVisibility;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.view.StoreReader;
import io.jenkins.plugins.serverlesspromotion.view.ViewDocuments;
import io.jenkins.plugins.serverlesspromotion.view.ViewReader;
import io.jenkins.plugins.serverlesspromotion.view.Viewer;
import jenkins.model.Jenkins;

/** Provides the views with the viewer, the source of facts, and the addresses of the pages. */
public final class ViewAccess {
    public static final ViewDocuments DOCUMENTS = new ViewDocuments(PagePaths::promotion);

    private ViewAccess() {}

    public static Viewer viewer() {
        ServiceVisibility serviceVisibility = Authorization.serviceVisibility();
        return new Viewer(
                Authorization.onlooker(),
                serviceVisibility::sees,
                Jenkins.get().hasPermission(PromotionPermissions.OVERRIDE));
    }

    public static ViewReader reader(Store store) {
        return new StoreReader(store, DriftService.get()::reading);
    }

    /** Null while the engine does not run. */
    public static Promotions promotions() {
        return EngineLifecycle.get().promotions().orElse(null);
    }
}
