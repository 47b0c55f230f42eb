package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The name of a service or an environment. */
final class NameConverter implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
        if (!Names.isName(text)) {
            throw new TypeConversionException("'" + text
                    + "' must be 1 to 63 lower-case letters, digits or dashes, and neither start nor end with a dash");
        }
        return text;
    }
}
