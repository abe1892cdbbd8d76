package org.picket.crawler.image.structure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.crawler.image.Bombs;
import org.picket.crawler.image.Decoded;
import org.picket.crawler.image.DecoderPool;
import org.picket.crawler.image.DecoderSettings;
import org.picket.crawler.image.HandMadeGif;
import org.picket.crawler.image.Vectors;
import org.picket.crawler.supply.PoolDecoder;
import org.picket.crawler.supply.Viewed;
import org.picket.proto.v1.InconclusiveReason;

class BombsTest {

    private static final long MAX_PIXELS = 100_000_000;

    private static Reason reason(Decoded decoded) {
        return assertInstanceOf(Decoded.Undecodable.class, decoded).reason();
    }

    @Test
    void sidesAreRefusedByTheHeaderBeforeAnythingIsDecoded() throws Exception {
        for (byte[] bomb : new byte[][] {
            Bombs.png(60_000, 60_000),
            Bombs.jpeg(65_500, 65_500),
            Bombs.webp(16_383, 16_383),
            HandMadeGif.frames(60_000, 60_000, 1, 10)
        }) {
            Octets octets = new Octets(bomb, bomb.length);
            FlawedObject flawed = assertThrows(FlawedObject.class, () -> {
                switch (Format.sniff(bomb, bomb.length).orElseThrow()) {
                    case PNG -> PngStructure.read(octets, MAX_PIXELS);
                    case JPEG -> JpegStructure.read(octets, MAX_PIXELS);
                    case WEBP -> WebpStructure.read(octets, MAX_PIXELS);
                    default -> GifStructure.read(octets, MAX_PIXELS);
                }
            });
            assertEquals(Reason.TOO_MANY_PIXELS, flawed.flaw().reason());
        }
    }

    @Test
    void gifOfManyLargeFramesIsRefusedBeforeItIsDecoded() {
        byte[] bomb = HandMadeGif.frames(1000, 1000, 5, 1000 * 1000);
        FlawedObject flawed =
                assertThrows(FlawedObject.class, () -> GifStructure.read(new Octets(bomb, bomb.length), 1_000_000));
        assertEquals(Flaw.FRAME_PIXELS, flawed.flaw());
    }

    @Test
    void askersBoundOnPixelsCountsBesideTheSettings() throws Exception {
        byte[] gif = HandMadeGif.still(40, 40, 1_600);
        try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS)) {
            assertEquals(
                    new Viewed.None(InconclusiveReason.TOO_MANY_PIXELS, "too many pixels"),
                    new PoolDecoder(pool).decode(gif, 32, 1_599, false));
            assertInstanceOf(Viewed.Views.class, new PoolDecoder(pool).decode(gif, 32, Long.MAX_VALUE, false));
        }
    }

    @Test
    void objectLargerThanAllowedIsRefused() throws Exception {
        DecoderSettings small = new DecoderSettings(
                Vectors.SETTINGS.natives(),
                1,
                Duration.ofSeconds(20),
                1000,
                MAX_PIXELS,
                1L << 30,
                100,
                Optional.empty());
        byte[] object = Vectors.read("420.jpg");
        try (DecoderPool pool = new DecoderPool(small)) {
            assertEquals(Reason.TOO_LARGE, reason(pool.decode(object, object.length, 32)));
        }
    }

    @Test
    void pictureThatNeedsMoreMemoryThanAChildHasIsSaidToAndTheChildGoesOn() throws Exception {
        DecoderSettings tight = new DecoderSettings(
                Vectors.SETTINGS.natives(),
                1,
                Duration.ofSeconds(30),
                1 << 20,
                MAX_PIXELS,
                64L << 20,
                100,
                Optional.empty());
        byte[] large = Bombs.png(9000, 9000);
        byte[] good = Vectors.read("420.jpg");
        try (DecoderPool pool = new DecoderPool(tight)) {
            assertEquals(Reason.DECODER_OUT_OF_MEMORY, reason(pool.decode(large, large.length, 32)));
            assertInstanceOf(Decoded.Views.class, pool.decode(good, good.length, 32));
        }
    }

    @Test
    void formatsThatAreNotDecodedAreNamed() throws Exception {
        Map<String, String> heads = Map.of(
                "<?xml version=\"1.0\"?>\n<svg width=\"1\"/>", "SVG",
                "II*\0....", "TIFF",
                "ID3\u0004", "sound",
                "%PDF-1.7", "PDF");
        try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS)) {
            for (Map.Entry<String, String> head : heads.entrySet()) {
                byte[] object = head.getKey().getBytes(StandardCharsets.ISO_8859_1);
                assertEquals(
                        new Decoded.Undecodable(Reason.UNSUPPORTED, head.getValue()),
                        pool.decode(object, object.length, 32));
            }
        }
    }
}
