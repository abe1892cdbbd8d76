package org.picket.agent.inference;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/// NVIDIA's cards in this machine, whether or not a driver answers for them.
public final class GraphicsCards {
    private static final Path DEVICES = Path.of("/sys/bus/pci/devices");
    private static final String NVIDIA = "0x10de";
    /// Displays, and what computes without one.
    private static final String DISPLAY = "0x03";

    private static final int MOST_DEVICES = 4_096;

    private GraphicsCards() {}

    /// How many the system sees on its bus; empty: this system does not tell.
    public static OptionalInt nvidia() {
        return nvidia(DEVICES);
    }

    /// @param devices one folder each, with files `vendor` and `class`
    static OptionalInt nvidia(Path devices) {
        if (!Files.isDirectory(devices)) {
            return OptionalInt.empty();
        }
        int cards = 0;
        int looked = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(devices)) {
            for (Path device : all) {
                if (looked++ == MOST_DEVICES) {
                    break;
                }
                if (line(device.resolve("vendor")).equals(NVIDIA)
                        && line(device.resolve("class")).startsWith(DISPLAY)) {
                    cards++;
                }
            }
        } catch (IOException _) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(cards);
    }

    private static String line(Path file) throws IOException {
        return Files.isReadable(file) ? Files.readString(file).strip() : "";
    }
}
