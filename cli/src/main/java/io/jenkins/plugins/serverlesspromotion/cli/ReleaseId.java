package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code orders@1.4.2} */
record ReleaseId(String service, String version) {
    @Override
    public String toString() {
        return service + "@" + version;
    }

    static final class Converter implements ITypeConverter<ReleaseId> {
        @Override
        public ReleaseId convert(String text) {
            int at = text.indexOf('@');
            if (at < 0 || !Names.isName(text.substring(0, at)) || !Names.isVersion(text.substring(at + 1))) {
                throw new TypeConversionException("'" + text + "' is not SERVICE@VERSION, as in orders@1.4.2");
            }
            return new ReleaseId(text.substring(0, at), text.substring(at + 1));
        }
    }
}
