package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelledFolderTest {
    private static final List<String> CONCEPTS = List.of("snow", "night");

    @TempDir
    Path folder;

    private Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.createFile(file);
    }

    private LabelledFolder read() {
        return LabelledFolder.read(folder, CONCEPTS);
    }

    @Test
    void namesOfSubFoldersAreLabels() throws IOException {
        Path flagged = file("flagged/a.png");
        Path both = file("cleared/snow+night/b.png");
        Path none = file("none/x/c.png");
        file("holiday/d.png");
        LabelledFolder read = read();
        assertEquals(1, read.unlabelled());
        assertEquals(
                List.of(
                        new LabelledPicture(both, Optional.of(false), Map.of("snow", true, "night", true)),
                        new LabelledPicture(flagged, Optional.of(true), Map.of()),
                        new LabelledPicture(none, Optional.empty(), Map.of("snow", false, "night", false))),
                read.pictures());
    }

    @Test
    void manifestSaysWhatIsExpectedAndWhatIsShown() throws IOException {
        file("a/b.png");
        Files.writeString(
                folder.resolve("manifest.csv"),
                "file,expected,snow,other,night\na/b.png,flagged,1,7,\n\"c,d.png\",cleared,no,,yes\ne.png,,,,\n");
        LabelledFolder read = read();
        assertEquals(1, read.unlabelled());
        assertEquals(
                List.of(
                        new LabelledPicture(folder.resolve("a/b.png"), Optional.of(true), Map.of("snow", true)),
                        new LabelledPicture(
                                folder.resolve("c,d.png"), Optional.of(false), Map.of("snow", false, "night", true))),
                read.pictures());
    }

    @Test
    void manifestFaultsNameTheirLine() throws IOException {
        Path manifest = folder.resolve("manifest.csv");
        for (Map.Entry<String, String> faulty : Map.of(
                        "file,expected\na.png,perhaps\n", "manifest.csv:2 expects neither",
                        "file,expected\na.png\n", "manifest.csv:2 has 1 cells",
                        "file,expected\n../a.png,flagged\n", "manifest.csv:2 names a file outside",
                        "file,snow\na.png,maybe\n", "manifest.csv:2 has neither 1 nor 0 for snow",
                        "name,expected\n", "must begin with")
                .entrySet()) {
            Files.writeString(manifest, faulty.getKey());
            String message = assertThrows(UsageFault.class, this::read).getMessage();
            assertTrue(message.contains(faulty.getValue()), message);
        }
    }

    @Test
    void manifestOfAnySizeOrKindIsNotTakenIn() throws IOException {
        Path manifest = folder.resolve("manifest.csv");
        try (RandomAccessFile large = new RandomAccessFile(manifest.toFile(), "rw")) {
            large.setLength(LabelledFolder.MAX_MANIFEST_BYTES + 1);
        }
        String message = assertThrows(UsageFault.class, this::read).getMessage();
        assertTrue(message.contains("has more than"), message);
        Files.delete(manifest);
        Files.createDirectory(manifest);
        message = assertThrows(UsageFault.class, this::read).getMessage();
        assertTrue(message.contains("is no file"), message);
        Files.delete(manifest);
        Files.write(manifest, new byte[] {'f', 'i', 'l', 'e', '\n', (byte) 0xFF, '\n'});
        message = assertThrows(UsageFault.class, this::read).getMessage();
        assertTrue(message.contains("UTF-8"), message);
    }

    @Test
    void folderWithoutAnyLabelIsRefusedWithAnExample() throws IOException {
        file("holiday/d.png");
        String message = assertThrows(UsageFault.class, this::read).getMessage();
        assertTrue(message.contains("flagged and cleared"), message);
    }
}
