package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.casc.Attribute;
import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.Configurator;
import io.jenkins.plugins.casc.ConfiguratorException;
import io.jenkins.plugins.casc.model.CNode;
import io.jenkins.plugins.casc.model.Scalar;
import io.jenkins.plugins.casc.model.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Accepts one text in the place of a list in code. */
@Extension(optional = true)
@Restricted(NoExternalUse.class)
public final class TextListConfigurator implements Configurator<TextList> {
    @Override
    public Class<TextList> getTarget() {
        return TextList.class;
    }

    @NonNull
    @Override
    public Set<Attribute<TextList, ?>> describe() {
        return Set.of();
    }

    @NonNull
    @Override
    public TextList configure(CNode config, ConfigurationContext context) throws ConfiguratorException {
        return new TextList(read(config, context));
    }

    @Override
    public TextList check(CNode config, ConfigurationContext context) throws ConfiguratorException {
        return configure(config, context);
    }

    @CheckForNull
    @Override
    public CNode describe(TextList instance, ConfigurationContext context) {
        return written(instance.items(), context);
    }

    static List<String> read(CNode config, ConfigurationContext context) throws ConfiguratorException {
        var texts = new ArrayList<String>();
        if (config.getType() == CNode.Type.SCALAR) {
            texts.add(text(config, context));
        } else {
            for (CNode item : config.asSequence()) {
                texts.add(text(item, context));
            }
        }
        return texts;
    }

    static Sequence written(List<String> texts, ConfigurationContext context) {
        var sequence = new Sequence();
        texts.forEach(text -> sequence.add(written(text, context)));
        return sequence;
    }

    /** Variables are replaced as in every other text of Configuration as Code. */
    static String text(CNode config, ConfigurationContext context) throws ConfiguratorException {
        return context.getSecretSourceResolver().resolve(config.asScalar().toString());
    }

    static Scalar written(String text, ConfigurationContext context) {
        return new Scalar(context.getSecretSourceResolver().encode(text));
    }
}
