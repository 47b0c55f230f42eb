package io.jenkins.plugins.serverlesspromotion.controller.drift;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import io.jenkins.plugins.serverlesspromotion.format.json.DriftReadings;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Stores the last reading of each lane, so that the board shows it after a restart. It is a cache: without it every
 * lane is checked again, and known drift is found again.
 */
final class DriftFile {
    private static final Logger LOGGER = Logger.getLogger(DriftFile.class.getName());
    private static final int VERSION = 1;

    private final Path folder;
    private final Path file;

    /** @param folder of the views of the store */
    DriftFile(Path folder) {
        this.folder = folder;
        this.file = folder.resolve("drift.json");
    }

    /** Empty when there is none, or it is of another store, or of another version of this program. */
    Map<LaneId, DriftReading> read(String store) {
        var readings = new TreeMap<LaneId, DriftReading>();
        try {
            DriftReadings kept = Json.read(Files.readAllBytes(file), DriftReadings.class);
            if (kept.v() == VERSION && kept.store().equals(store)) {
                kept.readings().forEach(r -> readings.put(r.lane(), r));
            }
        } catch (NoSuchFileException e) {
            LOGGER.log(Level.FINE, "no check yet", e);
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, file + " cannot be read and is written again", e);
        }
        return readings;
    }

    void write(String store, Map<LaneId, DriftReading> readings) {
        var kept = new DriftReadings(VERSION, store, List.copyOf(readings.values()));
        Path draft = folder.resolve("drift.json.new");
        try {
            Files.createDirectories(folder);
            Files.write(draft, Json.pretty(kept).getBytes(StandardCharsets.UTF_8));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, file + " cannot be written; after a restart lanes are checked again", e);
        }
    }
}
