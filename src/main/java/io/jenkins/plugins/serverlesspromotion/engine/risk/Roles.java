package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.List;

/** Resources that would act with the rights of another role than before. */
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

    private final Side before;
    private final Side after;
    private final Risks risks;

    Roles(Side before, Side after, Risks risks) {
        this.before = before;
        this.after = after;
        this.risks = risks;
    }

    void find() {
        for (Side.Resource now : after.resources().values()) {
            Side.Resource old = before.resources().get(now.id());
            if (old == null || !old.type().equals(now.type())) {
                continue;
            }
            for (String property : PROPERTIES) {
                Object was = old.property(property);
                Object is = now.property(property);
                if (was != null && is != null && !Tree.key(was).equals(Tree.key(is))) {
                    risks.add(
                            Broadening.KIND,
                            now.id(),
                            now.named() + " acts with the rights of another role",
                            now.path(property),
                            was,
                            is);
                } else if (was == null && is != null && now.type().startsWith("AWS::Serverless::")) {
                    risks.add(
                            Broadening.KIND,
                            now.id(),
                            now.named() + " acts with the rights of a role that is not its own",
                            now.path(property),
                            null,
                            is);
                }
            }
        }
    }
}
