package org.picket.crawler.image.picture;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.picket.crawler.image.Vectors;
import org.picket.crawler.image.structure.Av1Headers;
import org.picket.crawler.image.structure.BmpStructure;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.FlawedObject;
import org.picket.crawler.image.structure.Format;
import org.picket.crawler.image.structure.GifStructure;
import org.picket.crawler.image.structure.HeifStructure;
import org.picket.crawler.image.structure.JpegStructure;
import org.picket.crawler.image.structure.MatroskaStructure;
import org.picket.crawler.image.structure.MovieStructure;
import org.picket.crawler.image.structure.Octets;
import org.picket.crawler.image.structure.PngStructure;
import org.picket.crawler.image.structure.WebpStructure;

/// The parsers alone, which see every object before a decoder does.
class StructuresTest {

    private static final long MAX_PIXELS = 1_000_000;
    private static final int TRIES = 3_000;
    private static final List<String> OBJECTS = List.of(
            "420.avif",
            "alpha.avif",
            "grid.avif",
            "sequence.avif",
            "still.heic",
            "alpha.heic",
            "h264.mp4",
            "fragmented.mp4",
            "hevc-10.mp4",
            "mpeg4.mp4",
            "vp8.webm",
            "live.webm",
            "blended.png",
            "default-apart.png",
            "keyed-grey.png",
            "palette-keyed.png",
            "blended.webp",
            "animated-keep.gif",
            "420.jpg",
            "lossy.webp",
            "alpha-lossy.webp",
            "h264.mkv",
            "scene.bmp",
            "palette.bmp");

    private static void parse(byte[] object) {
        Octets octets = new Octets(object, object.length);
        switch (Format.sniff(object, object.length).orElseThrow(() -> new FlawedObject(Flaw.UNKNOWN))) {
            case JPEG -> JpegStructure.read(octets, MAX_PIXELS);
            case PNG -> PngStructure.read(octets, MAX_PIXELS);
            case GIF -> GifStructure.read(octets, MAX_PIXELS);
            case WEBP -> WebpStructure.read(octets, MAX_PIXELS);
            case BMP -> BmpStructure.read(octets, MAX_PIXELS);
            case AVIF, HEIC -> HeifStructure.read(octets, Format.AVIF, MAX_PIXELS);
            case MP4 -> VideoPlan.of(MovieStructure.film(octets, MAX_PIXELS), 32, MAX_PIXELS);
            case MATROSKA -> VideoPlan.of(MatroskaStructure.read(octets, MAX_PIXELS), 32, MAX_PIXELS);
            case JXL, JPEG_2000, TIFF, ICO, PSD, SVG, PDF, AVI, OGG, SOUND -> {}
        }
    }

    @Test
    void damageIsAnsweredWithAFlawAndNothingElse() throws Exception {
        Random random = new Random(40);
        for (String name : OBJECTS) {
            byte[] whole = Vectors.read(name);
            for (int i = 0; i < TRIES; i++) {
                byte[] damaged = whole.clone();
                for (int changes = 1 + random.nextInt(8); changes > 0; changes--) {
                    // The beginning holds most of the structure.
                    int range = random.nextBoolean() ? damaged.length : Math.min(damaged.length, 800);
                    byte value = random.nextInt(4) == 0 ? (byte) -1 : (byte) random.nextInt(256);
                    damaged[random.nextInt(range)] = value;
                }
                try {
                    parse(damaged);
                } catch (FlawedObject expected) {
                    // As it should be.
                } catch (RuntimeException other) {
                    fail(name + ", damage " + i, other);
                }
            }
        }
    }

    @Test
    void av1PictureThatIsLargerThanItsContainerSaysIsRefusedBeforeItIsDecoded() throws Exception {
        byte[] avif = Vectors.read("lossless.avif");
        Octets octets = new Octets(avif, avif.length);
        HeifStructure.Still still =
                HeifStructure.read(octets, Format.AVIF, MAX_PIXELS).still().orElseThrow();
        byte[] data = still.colour().tiles().getFirst().data();
        Av1Headers.check(data, 0, data.length, 96 * 72);
        assertThrows(FlawedObject.class, () -> Av1Headers.check(data, 0, data.length, 96 * 72 - 1));
    }
}
