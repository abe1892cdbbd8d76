package org.picket.model.samples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.model.scene.Dice;
import org.picket.model.scene.Painter;

class SampleWriterTest {
    @TempDir
    Path folder;

    @Test
    void setHasItsPicturesAndItsManifest() throws IOException {
        AtomicInteger told = new AtomicInteger();
        SampleWriter.Written written =
                SampleWriter.write(folder, 17, 42, (done, count) -> told.accumulateAndGet(done, Math::max));
        assertEquals(17, written.count());
        assertEquals(2, written.flagged());
        assertEquals(17, told.get());
        List<String> lines = Files.readAllLines(folder.resolve(SampleWriter.MANIFEST));
        assertEquals("file,expected,lighthouse,snow,night,drawing", lines.getFirst());
        assertEquals(18, lines.size());
        long bytes = 0;
        for (String line : lines.subList(1, 18)) {
            String[] cells = line.split(",");
            assertTrue(
                    cells[0].matches("[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{28}\\.(jpg|webp|png|gif|avif|apng|mp4|webm)"),
                    cells[0]);
            assertTrue(Set.of("flagged", "cleared").contains(cells[1]));
            boolean rule =
                    cells[2].equals("1") && (cells[3].equals("1") || cells[4].equals("1")) && cells[5].equals("0");
            assertEquals(rule ? "flagged" : "cleared", cells[1]);
            bytes += Files.size(folder.resolve(cells[0]));
        }
        assertEquals(written.bytes(), bytes);
    }

    @Test
    void sameSeedGivesTheSameSetAndAnotherGivesAnother() {
        Sample sample = Sample.of(7, 3);
        assertEquals(sample, Sample.of(7, 3));
        assertArrayEquals(sample.file(), Sample.of(7, 3).file());
        assertNotEquals(sample, Sample.of(8, 3));
    }

    @Test
    void twelveInAHundredAreFlaggedAndAllFormatsOccur() {
        List<Sample> samples =
                IntStream.range(0, 1_000).mapToObj(index -> Sample.of(1, index)).toList();
        assertEquals(120, samples.stream().filter(Sample::flagged).count());
        EnumSet<SampleFormat> formats = EnumSet.noneOf(SampleFormat.class);
        samples.forEach(sample -> formats.add(sample.format()));
        assertEquals(EnumSet.allOf(SampleFormat.class), formats);
        assertTrue(samples.stream().anyMatch(sample -> sample.scene().labels().lighthouse() && !sample.flagged()));
        assertEquals(1_000, samples.stream().map(Sample::name).distinct().count());
    }

    @Test
    void everyFormatIsWhatItsNameSays() {
        for (SampleFormat format : SampleFormat.values()) {
            Sample sample = IntStream.range(0, 1_000)
                    .mapToObj(index -> Sample.of(2, index))
                    .filter(candidate -> candidate.format() == format)
                    .findFirst()
                    .orElseThrow();
            byte[] file = SampleEncoder.encode(Painter.paint(sample.scene(), 64, 48), format, new Dice(1));
            byte[] start = Arrays.copyOf(file, 12);
            String text = new String(start, StandardCharsets.ISO_8859_1);
            boolean right = switch (format) {
                case JPEG -> (start[0] & 0xFF) == 0xFF && (start[1] & 0xFF) == 0xD8;
                case WEBP, ANIMATED_WEBP -> text.startsWith("RIFF") && text.endsWith("WEBP");
                case AVIF -> text.endsWith("ftypavif");
                case MP4 -> text.substring(4).startsWith("ftyp");
                case WEBM -> text.startsWith("\u001aE\u00df\u00a3");
                case PNG, APNG -> text.startsWith("\u0089PNG");
                case GIF -> text.startsWith("GIF8");
            };
            assertTrue(right, format.name());
        }
    }

    @Test
    void folderThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        UncheckedIOException failed =
                assertThrows(UncheckedIOException.class, () -> SampleWriter.write(file, 2, 1, (done, count) -> {}));
        assertTrue(failed.getMessage().contains("file"));
    }
}
