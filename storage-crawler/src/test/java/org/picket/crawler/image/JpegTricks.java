package org.picket.crawler.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// JPEGs that somebody made to do harm, from sound ones.
final class JpegTricks {

    private static final int FRAME = 0xc0;
    private static final int PROGRESSIVE_FRAME = 0xc2;
    private static final int HUFFMAN = 0xc4;
    private static final int SCAN = 0xda;
    private static final int QUANTISERS = 0xdb;
    private static final int RESTART = 0xdd;
    private static final int COMMENT = 0xfe;
    private static final int MANY_SCANS = 5_000;

    private final String name;
    private final byte[] whole;
    private final List<HostileFile> files = new ArrayList<>();

    private JpegTricks(String name) throws IOException {
        this.name = name;
        this.whole = Vectors.read(name);
    }

    static List<HostileFile> all() throws IOException {
        JpegTricks plain = new JpegTricks("420.jpg");
        plain.sides();
        plain.tables();
        plain.company();
        JpegTricks progressive = new JpegTricks("progressive.jpg");
        progressive.scans();
        plain.files.addAll(progressive.files);
        return plain.files;
    }

    private void add(String how, byte[] object, Promise promise) {
        files.add(new HostileFile("JPEG: " + how, promise == Promise.NONE ? "" : name, object, promise));
    }

    private void sides() {
        int frame = segment(FRAME);
        int[][] sides = {{65_500, 65_500}, {65_535, 1}, {0, 100}, {100, 0}, {9_999, 9_999}, {322, 243}, {321, 1_000}};
        for (int[] side : sides) {
            byte[] object = whole.clone();
            u16(object, frame + 5, side[1]);
            u16(object, frame + 7, side[0]);
            add("sides " + side[0] + " by " + side[1], object, side[0] == 322 ? Promise.NONE_OR_ANOTHER : Promise.NONE);
        }
        for (int depth : new int[] {0, 1, 12, 16, 255}) {
            add("of " + depth + " bits", with(frame + 4, depth), Promise.NONE);
        }
        for (int components : new int[] {0, 2, 4, 255}) {
            add(components + " components", with(frame + 9, components), Promise.NONE);
        }
        for (int sampling : new int[] {0, 0x55, 0xff, 0x14}) {
            add("sampling " + sampling, with(frame + 11, sampling), Promise.NONE);
        }
        for (int process : new int[] {0xc1, PROGRESSIVE_FRAME, 0xc3, 0xc5, 0xc9, 0xca, 0xcf}) {
            // A baseline picture is an extended one too.
            Promise promise = process == 0xc1 ? Promise.SAME : Promise.NONE;
            add("process " + Integer.toHexString(process), with(frame + 1, process), promise);
        }
        add("two frame heads", inserted(segment(SCAN), copied(frame)), Promise.NONE);
    }

    private void tables() {
        byte[] full = new byte[2 + 1 + 16 + 255];
        Arrays.fill(full, 3, 19, (byte) 15);
        add("Huffman codes that overflow", inserted(segment(SCAN), marked(HUFFMAN, full)), Promise.NONE);
        byte[] short17 = new byte[2 + 17];
        Arrays.fill(short17, 3, 19, (byte) 255);
        add("Huffman table shorter than it says", inserted(segment(SCAN), marked(HUFFMAN, short17)), Promise.NONE);
        add("Huffman table number 200", with(segment(HUFFMAN) + 4, 200), Promise.NONE);
        add("quantiser table number 9", with(segment(QUANTISERS) + 4, 9), Promise.NONE);
        add("no Huffman tables", without(HUFFMAN), Promise.NONE_OR_ANOTHER);
        add("no quantiser tables", without(QUANTISERS), Promise.NONE);
        add("no frame head", without(FRAME), Promise.NONE);
        add("no scan", without(SCAN), Promise.NONE);
        add("scan of an unknown component", with(segment(SCAN) + 5, 77), Promise.NONE);
        add("scan of five components", with(segment(SCAN) + 4, 5), Promise.NONE);
        add(
                "restarts that are not there",
                inserted(segment(SCAN), marked(RESTART, new byte[] {0, 0, 0, 1})),
                Promise.NONE);
        add("segment of no length", inserted(segment(SCAN), new byte[] {-1, (byte) 0xe5, 0, 0}), Promise.NONE);
        add("segment to beyond the end", inserted(segment(SCAN), new byte[] {-1, (byte) 0xe5, -1, -1}), Promise.NONE);
        add("height told at the end", with(segment(FRAME) + 5, 0, 0), Promise.NONE);
    }

    private void company() throws IOException {
        byte[] text = "<?php system('id'); ?><script>alert(1)</script>".getBytes(StandardCharsets.US_ASCII);
        add("a script in a comment", inserted(2, marked(COMMENT, Damage.join(new byte[2], text))), Promise.SAME);
        byte[] picture = Vectors.read("grey.jpg");
        byte[] inner = Arrays.copyOf(picture, Math.min(picture.length, 60_000));
        add(
                "another picture in a comment",
                inserted(2, marked(COMMENT, Damage.join(new byte[2], inner))),
                Promise.SAME);
        ByteArrayOutputStream crowd = new ByteArrayOutputStream();
        for (int i = 0; i < 20_000; i++) {
            crowd.writeBytes(marked(COMMENT, new byte[2]));
        }
        add("20,000 comments", inserted(2, crowd.toByteArray()), Promise.SAME);
        byte[] fill = new byte[1 << 20];
        Arrays.fill(fill, (byte) 0xff);
        add("a mebibyte of fill bytes", inserted(2, fill), Promise.SAME);
        byte[] loop = {0, 0, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, -1, -1, 0, 0, 0, 8};
        add("EXIF that points at itself", inserted(2, marked(0xe1, loop)), Promise.SAME);
        byte[] turn = {
            0, 0, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, 99, 0, 0, 0,
            0, 0, 0
        };
        add("EXIF of an unknown orientation", inserted(2, marked(0xe1, turn)), Promise.SAME);
        add("end mark at half the data", half(), Promise.NONE);
    }

    private byte[] half() {
        byte[] object = Arrays.copyOf(whole, whole.length / 2);
        object[object.length - 2] = -1;
        object[object.length - 1] = (byte) 0xd9;
        return object;
    }

    private void scans() {
        int first = segment(SCAN);
        int second = next(first);
        byte[] scan = Arrays.copyOfRange(whole, first, second);
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        for (int i = 0; i < MANY_SCANS; i++) {
            many.writeBytes(scan);
        }
        add("the first scan " + MANY_SCANS + " times", inserted(first, many.toByteArray()), Promise.NONE);
        add("the first scan twice", inserted(first, scan), Promise.NONE_OR_ANOTHER);
        add("without its first scan", Damage.join(Arrays.copyOf(whole, first), rest(second)), Promise.NONE);
        int last = lastScan();
        add(
                "without its last scan",
                Damage.join(Arrays.copyOf(whole, last), new byte[] {-1, (byte) 0xd9}),
                Promise.NONE);
        byte[] sides = whole.clone();
        int frame = segment(PROGRESSIVE_FRAME);
        u16(sides, frame + 5, 9_000);
        u16(sides, frame + 7, 9_000);
        add("progressive, 81 megapixels of no data", sides, Promise.NONE);
    }

    /// Where the first segment of that kind begins.
    private int segment(int kind) {
        for (int at = 2; at < whole.length - 3; at += 2 + length(at)) {
            if (kind(at) == kind) {
                return at;
            }
        }
        throw new IllegalStateException("no segment " + kind + " in " + name);
    }

    private int kind(int at) {
        return whole[at + 1] & 0xff;
    }

    private int length(int at) {
        return (whole[at + 2] & 0xff) << 8 | whole[at + 3] & 0xff;
    }

    /// The first mark behind the data of the scan at `at`.
    private int next(int at) {
        int i = at + 2 + length(at);
        while ((whole[i] & 0xff) != 0xff || whole[i + 1] == 0 || (whole[i + 1] & 0xf8) == 0xd0) {
            i++;
        }
        return i;
    }

    private int lastScan() {
        int found = segment(SCAN);
        for (int at = next(found); kind(at) != 0xd9; at = kind(at) == SCAN ? next(at) : at + 2 + length(at)) {
            found = kind(at) == SCAN ? at : found;
        }
        return found;
    }

    private byte[] rest(int from) {
        return Arrays.copyOfRange(whole, from, whole.length);
    }

    private byte[] with(int at, int... values) {
        byte[] object = whole.clone();
        for (int i = 0; i < values.length; i++) {
            object[at + i] = (byte) values[i];
        }
        return object;
    }

    private byte[] without(int kind) {
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        object.write(whole, 0, 2);
        int at = 2;
        while (kind(at) != SCAN) {
            if (kind(at) != kind) {
                object.write(whole, at, 2 + length(at));
            }
            at += 2 + length(at);
        }
        int from = kind == SCAN ? whole.length - 2 : at;
        object.write(whole, from, whole.length - from);
        return object.toByteArray();
    }

    private byte[] inserted(int at, byte[] more) {
        return Damage.join(Arrays.copyOf(whole, at), more, rest(at));
    }

    private byte[] copied(int at) {
        return Arrays.copyOfRange(whole, at, at + 2 + length(at));
    }

    /// A segment whose body begins with two bytes for its length, or tells it already.
    private static byte[] marked(int kind, byte[] body) {
        byte[] segment = Damage.join(new byte[] {-1, (byte) kind}, body);
        u16(segment, 2, kind == RESTART ? 4 : body.length);
        if (kind == RESTART) {
            u16(segment, 4, 1);
            return Arrays.copyOf(segment, 6);
        }
        return segment;
    }

    private static void u16(byte[] object, int at, int value) {
        object[at] = (byte) (value >> 8);
        object[at + 1] = (byte) value;
    }
}
