package org.picket.crawler.image.structure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.picket.crawler.image.Decoded;
import org.picket.crawler.image.DecoderPool;
import org.picket.crawler.image.Vectors;

/// Matroska files that some players would show otherwise than they are looked at here.
class MatroskaTricksTest {

    private static final long MAX_PIXELS = 1_000_000;
    private static final byte[] BLOCK = {(byte) 0x81, 0, 0, (byte) 0x80, 1, 2, 3};
    private static final byte[] CLUSTER = element(0x1f43b675, element(0xa3, BLOCK));

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] element(int id, byte[]... body) {
        byte[] inside = join(body);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int shift = 24; shift >= 0; shift -= 8) {
            if (id >>> shift != 0) {
                all.write(id >>> shift);
            }
        }
        all.write(0x20 | inside.length >> 16);
        all.write(inside.length >> 8);
        all.write(inside.length);
        all.writeBytes(inside);
        return all.toByteArray();
    }

    private static byte[] number(int id, int value) {
        return element(id, new byte[] {(byte) value});
    }

    private static byte[] pictures(byte[]... more) {
        byte[] video = element(0xe0, number(0xb0, 16), number(0xba, 16), join(more));
        byte[] codec = element(0x86, "V_VP8".getBytes(StandardCharsets.ISO_8859_1));
        return element(0x1654ae6b, element(0xae, number(0xd7, 1), number(0x83, 1), codec, video));
    }

    private static byte[] sound() {
        return element(0x1654ae6b, element(0xae, number(0xd7, 2), number(0x83, 2)));
    }

    private static Track read(byte[]... segment) {
        byte[] file = join(element(0x1a45dfa3), element(0x18538067, segment));
        return MatroskaStructure.read(new Octets(file, file.length), MAX_PIXELS);
    }

    private static void assertFlaw(Flaw flaw, byte[]... segment) {
        assertEquals(flaw, assertThrows(FlawedObject.class, () -> read(segment)).flaw());
    }

    @Test
    void blockBeforeItsTrackIsAFlaw() {
        assertEquals(1, read(pictures(), CLUSTER).samples().count());
        assertFlaw(Flaw.STRUCTURE, CLUSTER, pictures(), CLUSTER);
        assertFlaw(Flaw.STRUCTURE, sound(), CLUSTER, pictures(), CLUSTER);
        assertFlaw(Flaw.NO_PICTURES, sound(), CLUSTER);
    }

    @Test
    void trackThatCallsItsPicturesSoundIsAFlaw() {
        byte[] codec = element(0x86, "V_VP8".getBytes(StandardCharsets.ISO_8859_1));
        byte[] track = element(0x1654ae6b, element(0xae, number(0xd7, 2), number(0x83, 2), codec));
        assertFlaw(Flaw.STRUCTURE, pictures(), track, CLUSTER);
        byte[] video = element(0x1654ae6b, element(0xae, number(0xd7, 2), number(0x83, 2), element(0xe0)));
        assertFlaw(Flaw.STRUCTURE, pictures(), video, CLUSTER);
    }

    @Test
    void numberThatTwoTracksOrOneTrackTwiceHaveIsAFlaw() {
        byte[] sound = element(0x1654ae6b, element(0xae, number(0xd7, 1), number(0x83, 2)));
        assertFlaw(Flaw.STRUCTURE, pictures(), sound, CLUSTER);
        byte[] twice = element(0x1654ae6b, element(0xae, number(0xd7, 2), number(0xd7, 3), number(0x83, 2)));
        assertFlaw(Flaw.STRUCTURE, pictures(), twice, CLUSTER);
    }

    @Test
    void alphaIsAFlaw() {
        assertEquals(1, read(pictures(number(0x53c0, 0)), CLUSTER).samples().count());
        assertFlaw(Flaw.PIXEL_LAYOUT, pictures(number(0x53c0, 1)), CLUSTER);
    }

    @Test
    void additionsToAPictureAreAFlaw() {
        byte[] additions = element(0x75a1);
        byte[] group = element(0xa0, element(0xa1, BLOCK), additions);
        assertFlaw(Flaw.PIXEL_LAYOUT, pictures(), element(0x1f43b675, group));
        byte[] other = {(byte) 0x82, 0, 0, 0, 1};
        byte[] soundGroup = element(0xa0, element(0xa1, other), additions);
        assertEquals(
                1,
                read(pictures(), CLUSTER, element(0x1f43b675, soundGroup))
                        .samples()
                        .count());
    }

    @Test
    void whatFollowsTheSegmentIsAFlaw() {
        byte[] file = join(element(0x1a45dfa3), element(0x18538067, pictures(), CLUSTER), CLUSTER);
        FlawedObject flawed = assertThrows(
                FlawedObject.class, () -> MatroskaStructure.read(new Octets(file, file.length), MAX_PIXELS));
        assertEquals(Flaw.STRUCTURE, flawed.flaw());
    }

    @Test
    void videoOfWhichLittleIsShownIsRefused() {
        assertEquals(1, read(pictures(number(0x54aa, 2)), CLUSTER).samples().count());
        for (int edge : new int[] {0x54aa, 0x54bb, 0x54cc, 0x54dd}) {
            assertFlaw(Flaw.CROPPED, pictures(number(edge, 9)), CLUSTER);
            assertFlaw(Flaw.STRUCTURE, pictures(number(edge, 17)), CLUSTER);
        }
    }

    @Test
    void videoThatSaysHowItIsToBeTurnedIsRefused() {
        assertFlaw(Flaw.PIXEL_LAYOUT, pictures(element(0x7670, number(0x7671, 0))), CLUSTER);
    }

    private static byte[] open(byte[]... body) {
        byte[] head = {0x1f, 0x43, (byte) 0xb6, 0x75, (byte) 0xff};
        return join(head, join(body));
    }

    /// Some players take it for a part of the cluster, and play on.
    @Test
    void openClusterEndsWithAChildOfTheSegmentAlone() {
        byte[] block = element(0xa3, BLOCK);
        assertEquals(2, read(pictures(), open(block), open(block)).samples().count());
        assertEquals(
                1, read(pictures(), open(block, element(0x1254c367))).samples().count());
        assertFlaw(Flaw.STRUCTURE, pictures(), open(block, element(0x1a2b3c4d), block));
        assertFlaw(Flaw.STRUCTURE, pictures(), open(block, element(0x1254c367), block));
    }

    @Test
    void clusterBeforeTheTracksIsAFlawThoughItBeEmpty() {
        assertEquals(1, read(element(0xec), pictures(), CLUSTER).samples().count());
        assertFlaw(Flaw.STRUCTURE, element(0x1f43b675), pictures(), CLUSTER);
    }

    @Test
    void groupOfTwoBlocksIsAFlaw() {
        byte[] group = element(0xa0, element(0xa1, BLOCK), element(0xa1, BLOCK));
        assertFlaw(Flaw.STRUCTURE, pictures(), element(0x1f43b675, group));
    }

    /// One block of two pictures that are both shown: this decoder gives both, others the last alone.
    @Test
    void blockOfTwoPicturesYieldsNoView() throws Exception {
        byte[] film = Vectors.read("vp9.webm");
        Track track = MatroskaStructure.read(new Octets(film, film.length), MAX_PIXELS);
        int from = track.samples().from(0);
        byte[] key = Arrays.copyOfRange(film, from, from + track.samples().length(0));
        byte[] sizes = {(byte) key.length, (byte) (key.length >> 8)};
        byte[] mark = {(byte) 0xc9};
        byte[] both = join(key, key, mark, sizes, sizes, mark);
        try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS)) {
            byte[] one = vp9(track, key);
            assertInstanceOf(Decoded.Views.class, pool.decode(one, one.length, 32));
            byte[] two = vp9(track, both);
            assertEquals(new Decoded.Undecodable(Flaw.STRUCTURE), pool.decode(two, two.length, 32));
        }
    }

    private static byte[] vp9(Track track, byte[] picture) {
        byte[] sides = element(0xe0, number(0xb0, track.width()), number(0xba, track.height()));
        byte[] codec = element(0x86, "V_VP9".getBytes(StandardCharsets.ISO_8859_1));
        byte[] block = join(new byte[] {(byte) 0x81, 0, 0, (byte) 0x80}, picture);
        return join(
                element(0x1a45dfa3),
                element(
                        0x18538067,
                        element(0x1654ae6b, element(0xae, number(0xd7, 1), number(0x83, 1), codec, sides)),
                        element(0x1f43b675, element(0xa3, block))));
    }
}
