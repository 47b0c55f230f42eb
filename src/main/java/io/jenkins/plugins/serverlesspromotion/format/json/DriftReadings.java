package io.jenkins.plugins.serverlesspromotion.format.json;

import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import java.util.List;

/**
 * The last reading of each lane, as the controller stores it in a file.
 *
 * @param v version of the file's form
 * @param store id of the journal that the readings belong to
 */
public record DriftReadings(int v, String store, List<DriftReading> readings) {}
