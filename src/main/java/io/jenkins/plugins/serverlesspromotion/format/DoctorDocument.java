package io.jenkins.plugins.serverlesspromotion.format;

import io.jenkins.plugins.serverlesspromotion.engine.port.Doctor;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Infirmary;
import java.util.List;

/** What {@code --json} and REST answer alike about stuck stacks. */
public final class DoctorDocument {
    private DoctorDocument() {}

    public static Members of(List<Doctor.Diagnosis> stacks) {
        return new Members().with("stacks", stacks);
    }

    /** What came of an order. */
    public static Members of(Infirmary.Order order, Doctor.Treatment treatment) {
        return new Members()
                .with("stack", order.stack())
                .with("choice", order.choice().word())
                .with("state", treatment.state())
                .with("good", treatment.good())
                .with("detail", treatment.detail())
                .with("requests", treatment.requests());
    }
}
