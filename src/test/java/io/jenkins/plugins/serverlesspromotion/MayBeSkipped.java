package io.jenkins.plugins.serverlesspromotion;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A test, or all tests of a class, that need something that is not there in every build, such as an emulator, and are
 * skipped without it. What they declare with {@link Shows} does not count. {@code ShowsTest} finds those without this
 * annotation.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface MayBeSkipped {
    /** What is needed. */
    String value();
}
