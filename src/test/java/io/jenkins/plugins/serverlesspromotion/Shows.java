package io.jenkins.plugins.serverlesspromotion;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a test shows, declared at the test itself: cells of a table of everything that must be shown. The test that owns
 * the table compares it with these declarations in both directions ({@link ShownCells#compare}), and the build fails when
 * no test of a cell was run ({@link ShownCells#main}).
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(Shows.Several.class)
public @interface Shows {
    /** Every state of a stack. A cell is a state: {@code ROLLBACK_FAILED}. */
    String STACK_STATES = "stack-states";

    /** Every way of deploying with everything that can happen to it. A cell: {@code canary: alarm goes off}. */
    String DEPLOYING = "deploying";

    /** Every class of security holes on every surface. A cell: {@code 5 page}. */
    String HOLES = "holes";

    /** The same classes below the surfaces, shown by tests that only cli/pom.xml runs. A cell: {@code 21 plan}. */
    String ENGINE_HOLES = "engine-holes";

    String table();

    /** Cells of the table, exactly as it names them. */
    String[] cell();

    /** Several tables, or several lines for one. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @interface Several {
        Shows[] value();
    }
}
