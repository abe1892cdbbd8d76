package org.picket.crawler.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// AVIFs, HEICs, films, WebMs and bitmaps that somebody made to do harm, from sound ones.
final class ContainerTricks {

    private static final int MANY = 60_000;
    private static final int CROWD = 100_000;
    private static final int DEPTH = 20_000;
    private static final int MOST = 0xffff_ffff;
    private static final int LARGEST = 0x7fff_ffff;
    /// Where the size of its segment stands in the frozen WebMs, in eight bytes, and the segment begins behind it.
    private static final int SEGMENT_SIZE = 40;

    private final List<HostileFile> files = new ArrayList<>();

    private ContainerTricks() {}

    static List<HostileFile> all() throws IOException {
        ContainerTricks tricks = new ContainerTricks();
        tricks.stills();
        tricks.films();
        tricks.recordings();
        tricks.bitmaps();
        return tricks.files;
    }

    private void stills() throws IOException {
        for (String name : List.of("420.avif", "still.heic")) {
            none(name, "sides of 60,000", behind(name, "ispe", 8, MANY, MANY));
            none(name, "sides of 0", behind(name, "ispe", 8, 0, 0));
            none(name, "sides of 2^32-1", behind(name, "ispe", 8, MOST, MOST));
            none(name, "more pixels than it has", behind(name, "ispe", 8, 9_000, 9_000));
        }
        any("grid.avif", "sides of 60,000", behind("grid.avif", "ispe", 8, MANY, MANY));
        for (String name : List.of("420.avif", "still.heic", "grid.avif")) {
            same(name, "65,535 items", behind(name, "iinf", 6, MOST));
            none(name, "65,535 places", behind(name, "iloc", 10, MOST));
            none(name, "2^32-1 properties", behind(name, "ipma", 8, MOST));
            boxes(name, "meta");
            boxes(name, "mdat");
            crowded(name);
        }
    }

    private void films() throws IOException {
        for (String table : List.of("stts", "stsc", "stco")) {
            same("h264.mp4", "2^32-1 entries of " + table, behind("h264.mp4", table, 8, MOST));
            same("h264.mp4", "2^31-1 entries of " + table, behind("h264.mp4", table, 8, LARGEST));
        }
        none("h264.mp4", "2^32-1 samples", behind("h264.mp4", "stsz", 12, MOST));
        none("h264.mp4", "2^31-1 samples", behind("h264.mp4", "stsz", 12, LARGEST));
        none("h264.mp4", "samples of 2^31-1 bytes", behind("h264.mp4", "stsz", 8, LARGEST));
        none("h264.mp4", "samples behind the end", behind("h264.mp4", "stco", 12, LARGEST));
        any("h264.mp4", "a track of 60,000 by 60,000", behind("h264.mp4", "tkhd", 80, MANY << 16, MANY << 16));
        any("fragmented.mp4", "2^32-1 samples", behind("fragmented.mp4", "trun", 8, MOST));
        any("sequence.avif", "2^32-1 samples", behind("sequence.avif", "stsz", 12, MOST));
        for (String box : List.of("moov", "trak", "stsz")) {
            boxes("h264.mp4", box);
        }
        crowded("h264.mp4");
        none("h264.mp4", "boxes in boxes", nested(Vectors.read("h264.mp4")));
    }

    private void recordings() throws IOException {
        for (String name : List.of("vp8.webm", "live.webm", "h264.mkv")) {
            byte[] sound = Vectors.read(name);
            int size = name.endsWith(".mkv") ? SEGMENT_SIZE + 4 : SEGMENT_SIZE;
            none(name, "a segment of nothing", put(sound, size, 0x0100_0000, 0));
            any(name, "a segment of 2^55", put(sound, size, 0x017f_ffff, MOST));
            byte[] deep = Arrays.copyOf(sound, size + 8 + 12 * DEPTH);
            for (int at = size + 8; at < deep.length; at += 12) {
                ByteBuffer.wrap(deep).putInt(at, 0x1654_ae6b).putLong(at + 4, 0x01ff_ffff_ffff_ffffL);
            }
            none(name, "tracks in tracks", deep);
        }
    }

    private void bitmaps() throws IOException {
        for (String name : List.of("scene.bmp", "palette.bmp")) {
            byte[] sound = Vectors.read(name);
            none(name, "sides of 60,000", put(sound, 18, Integer.reverseBytes(MANY), Integer.reverseBytes(MANY)));
            none(name, "sides of 0", put(sound, 18, 0, 0));
            none(name, "sides of 2^31-1", put(sound, 18, 0xffff_ff7f, 0xffff_ff7f));
            none(name, "a height of -2^31", put(sound, 22, 0x80));
            none(name, "pixels behind the end", put(sound, 10, MOST));
            any(name, "2^32-1 colours", put(sound, 46, MOST));
            none(name, "7 bits a pixel", put(sound, 28, 0x0700_0000));
        }
    }

    /// Lengths of a box that lie.
    private void boxes(String name, String type) throws IOException {
        none(name, type + " to beyond the end", behind(name, type, -4, LARGEST));
        none(name, type + " of 2^32-1", behind(name, type, -4, MOST));
        none(name, type + " of 4 bytes", behind(name, type, -4, 4));
    }

    private void crowded(String name) throws IOException {
        byte[] sound = Vectors.read(name);
        byte[] object = Arrays.copyOf(sound, sound.length + 8 * CROWD);
        for (int at = sound.length; at < object.length; at += 8) {
            ByteBuffer.wrap(object).putInt(at, 8).putInt(at + 4, type("free"));
        }
        same(name, "100,000 empty boxes", object);
    }

    private static byte[] nested(byte[] sound) {
        int head = ByteBuffer.wrap(sound).getInt();
        byte[] object = Arrays.copyOf(sound, head + 8 * DEPTH);
        for (int at = head; at < object.length; at += 8) {
            ByteBuffer.wrap(object).putInt(at, object.length - at).putInt(at + 4, type("moov"));
        }
        return object;
    }

    private void none(String name, String what, byte[] object) {
        files.add(HostileFile.made(name + ": " + what, object, Promise.NONE));
    }

    /// A count that is too large may go unnoticed where a box ends by its own length: nothing more is read.
    private void same(String name, String what, byte[] object) {
        files.add(new HostileFile(name + ": " + what, name, object, Promise.NONE_OR_SAME));
    }

    private void any(String name, String what, byte[] object) {
        files.add(HostileFile.made(name + ": " + what, object, Promise.NONE_OR_ANOTHER));
    }

    private static int type(String box) {
        return ByteBuffer.wrap(box.getBytes(StandardCharsets.US_ASCII)).getInt();
    }

    /// Numbers put where a box of that type has them, counted from where its type stands.
    private static byte[] behind(String name, String box, int offset, int... numbers) throws IOException {
        byte[] sound = Vectors.read(name);
        int at = 4;
        while (ByteBuffer.wrap(sound).getInt(at) != type(box)) {
            at++;
        }
        return put(sound, at + offset, numbers);
    }

    private static byte[] put(byte[] sound, int at, int... numbers) {
        byte[] object = sound.clone();
        for (int i = 0; i < numbers.length; i++) {
            ByteBuffer.wrap(object).putInt(at + 4 * i, numbers[i]);
        }
        return object;
    }
}
