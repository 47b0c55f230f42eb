package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.serverlesspromotion.controller.SystemCredentials;

/** The select boxes of base credentials. A user who may not configure sees nothing, not even ids (SECURITY-2032). */
final class CredentialItems {
    private CredentialItems() {}

    /** @param current stays in the box even where it cannot be used, so that opening a form changes nothing */
    static ListBoxModel of(String current) {
        PolicyPart.PartDescriptor.checkMayConfigure();
        var items = new ListBoxModel();
        items.add(Messages.CredentialItems_none(), "");
        SystemCredentials.usable().forEach((id, name) -> items.add(name, id));
        if (current != null && !current.isBlank() && items.stream().noneMatch(i -> i.value.equals(current))) {
            items.add(Messages.CredentialItems_unusable(current), current);
        }
        return items;
    }

    static FormValidation check(String id) {
        PolicyPart.PartDescriptor.checkMayConfigure();
        return SystemCredentials.whyNot(id == null || id.isBlank() ? null : id)
                .map(FormValidation::warning)
                .orElseGet(FormValidation::ok);
    }
}
