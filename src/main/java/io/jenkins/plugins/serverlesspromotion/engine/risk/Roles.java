package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Finds resources that would act with the rights of another role than before. */
final class Roles {
    private static final List<String> PROPERTIES = List.of(
            "Role",
            "RoleArn",
            "RoleARN",
            "TaskRoleArn",
            "ServiceRole",
            "ServiceRoleArn",
            "IamInstanceProfile",
            "JobRoleArn");

    /** Properties of single types that give a role to someone. */
    private static final Map<String, List<String>> OF_TYPE = Map.of(
            "AWS::Cognito::IdentityPoolRoleAttachment",
            List.of("Roles.authenticated", "Roles.unauthenticated", "RoleMappings"),
            "AWS::IAM::InstanceProfile",
            List.of("Roles"));

    private final ResolvedTemplate before;
    private final ResolvedTemplate after;
    private final Risks risks;

    Roles(ResolvedTemplate before, ResolvedTemplate after, Risks risks) {
        this.before = before;
        this.after = after;
        this.risks = risks;
    }

    void find() {
        for (ResolvedTemplate.Resource now : after.resources().values()) {
            ResolvedTemplate.Resource old = before.resources().get(now.id());
            boolean same = old != null && old.type().equals(now.type());
            Stream.concat(PROPERTIES.stream(), OF_TYPE.getOrDefault(now.type(), List.of()).stream())
                    .forEach(property -> compare(same ? old : null, now, property));
        }
    }

    private void compare(ResolvedTemplate.Resource old, ResolvedTemplate.Resource now, String property) {
        String[] path = property.split("\\.");
        Object was = old == null ? null : old.property(path);
        Object is = now.property(path);
        if (is == null || TemplateQuery.key(is).equals(TemplateQuery.key(was))) {
            return;
        }
        String sentence;
        if (was != null) {
            sentence = " acts with the rights of another role";
        } else if (old != null) {
            sentence = " acts with the rights of a role that is not its own";
        } else if (isElsewhere(is)) {
            sentence = " acts with the rights of a role from elsewhere";
        } else {
            // The rights of a role in the same template are findings of that role.
            return;
        }
        risks.add(Risks.IAM_BROADENING, now.id(), now.named() + sentence, now.path(property), was, is);
    }

    /** Whether a role may be one that this template does not create. */
    private boolean isElsewhere(Object role) {
        return TemplateQuery.texts(role).stream().anyMatch(name -> {
            String local = PermissionInventory.localId(name);
            return local == null || !after.resources().containsKey(local);
        });
    }
}
