package org.picket.crawler.image.structure;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/// Walks an animated PNG (W3C PNG, third edition, section 12) and wraps its frames up as still ones. It is
/// whole when [PngStructure] finds the picture whole, the chunks of the animation have right checksums and are
/// in sequence, and there are as many frames as announced, each with data. A default picture that is no frame
/// of the animation is shown by older viewers, and looked at as a frame before the first.
public final class PngAnimation {

    private static final int SIGNATURE = 8;
    private static final int ENVELOPE = 12;
    private static final int CONTROL_BYTES = 26;
    private static final int DEFAULT_DENOMINATOR = 100;
    private static final int MILLIS = 1000;
    private static final int OVER = 1;

    private final Octets octets;
    private final FrameBudget budget;
    private final List<Patch> patches = new ArrayList<>();
    /// For each frame where its pieces of data begin and end, one after the other.
    private final List<List<int[]>> pieces = new ArrayList<>();
    /// What all frames share: palette and transparency.
    private final List<int[]> shared = new ArrayList<>();
    private final CRC32 crc = new CRC32();
    private long sequence;

    private PngAnimation(Octets octets, long maxPixels) {
        this.octets = octets;
        this.budget = new FrameBudget(maxPixels);
    }

    /// Whether an animation is announced before the picture's data.
    public static boolean isOne(Octets octets) {
        int at = SIGNATURE;
        while (at + ENVELOPE <= octets.length() && !octets.spells(at + 4, "IDAT")) {
            if (octets.spells(at + 4, "acTL")) {
                return true;
            }
            long next = at + ENVELOPE + octets.u32(at);
            if (next > octets.length()) {
                return false;
            }
            at = (int) next;
        }
        return false;
    }

    public static StillFrames read(Octets octets, long maxPixels) {
        Header header = PngStructure.read(octets, maxPixels);
        if (KeyedGrey.of(octets, header).isPresent()) {
            throw new FlawedObject(Flaw.KEYED_GREY_PNG);
        }
        return new PngAnimation(octets, maxPixels).walk(header);
    }

    private StillFrames walk(Header header) {
        long announced = 0;
        boolean data = false;
        int end;
        for (int at = SIGNATURE; !octets.spells(at + 4, "IEND"); at = end) {
            int length = (int) octets.u32(at);
            int body = at + 8;
            end = at + ENVELOPE + length;
            if (octets.spells(at + 4, "acTL")) {
                check(at, end);
                announced = octets.u32(body);
            } else if (octets.spells(at + 4, "fcTL")) {
                check(at, end);
                control(body, length, header);
            } else if (octets.spells(at + 4, "IDAT")) {
                if (!data && patches.isEmpty()) {
                    budget.take(header.width(), header.height());
                    patches.add(new Patch(
                            0, 0, header.width(), header.height(), false, Patch.Disposal.CLEAR, Patch.shown(0)));
                    pieces.add(new ArrayList<>());
                    announced++;
                }
                Patch whole = patches.getLast();
                if (whole.width() != header.width() || whole.height() != header.height()) {
                    throw new FlawedObject(Flaw.STRUCTURE);
                }
                data = true;
                pieces.getLast().add(new int[] {body, body + length});
            } else if (octets.spells(at + 4, "fdAT")) {
                check(at, end);
                if (length < 4 || patches.isEmpty() || !data) {
                    throw new FlawedObject(Flaw.STRUCTURE);
                }
                inSequence(body);
                pieces.getLast().add(new int[] {body + 4, body + length});
            } else if (octets.spells(at + 4, "PLTE") || octets.spells(at + 4, "tRNS")) {
                shared.add(new int[] {at, end});
            }
        }
        if (patches.size() != announced || pieces.stream().anyMatch(List::isEmpty)) {
            throw new FlawedObject(Flaw.PARTS_MISSING);
        }
        Header transparent = new Header(Format.PNG, header.width(), header.height(), header.orientation(), true);
        return new StillFrames(transparent, List.copyOf(patches), this::still);
    }

    private void check(int at, int end) {
        crc.reset();
        crc.update(octets.data(), at + 4, end - at - 8);
        if (crc.getValue() != octets.u32(end - 4)) {
            throw new FlawedObject(Flaw.CHECKSUM);
        }
    }

    private void inSequence(int at) {
        if (octets.u32(at) != sequence++) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
    }

    private void control(int body, int length, Header header) {
        if (length != CONTROL_BYTES) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        inSequence(body);
        long width = octets.u32(body + 4);
        long height = octets.u32(body + 8);
        long x = octets.u32(body + 12);
        long y = octets.u32(body + 16);
        budget.take(width, height);
        if (x + width > header.width() || y + height > header.height()) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        int denominator = octets.u16(body + 22);
        long millis = (long) MILLIS * octets.u16(body + 20) / (denominator == 0 ? DEFAULT_DENOMINATOR : denominator);
        Patch.Disposal disposal = switch (octets.u8(body + 24)) {
            case 0 -> Patch.Disposal.KEEP;
            case 1 -> Patch.Disposal.CLEAR;
            case 2 -> Patch.Disposal.RESTORE;
            default -> throw new FlawedObject(Flaw.STRUCTURE);
        };
        patches.add(new Patch(
                (int) x,
                (int) y,
                (int) width,
                (int) height,
                octets.u8(body + 25) == OVER,
                disposal,
                Patch.shown(millis)));
        pieces.add(new ArrayList<>());
    }

    private byte[] still(int index) {
        Patch patch = patches.get(index);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.write(octets.data(), 0, SIGNATURE);
        byte[] head = Arrays.copyOfRange(octets.data(), SIGNATURE + 8, SIGNATURE + 8 + 13);
        ByteBuffer.wrap(head).putInt(patch.width()).putInt(patch.height());
        chunk("IHDR", head, png);
        shared.forEach(range -> png.write(octets.data(), range[0], range[1] - range[0]));
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        pieces.get(index).forEach(range -> data.write(octets.data(), range[0], range[1] - range[0]));
        chunk("IDAT", data.toByteArray(), png);
        chunk("IEND", new byte[0], png);
        return png.toByteArray();
    }

    private void chunk(String type, byte[] body, ByteArrayOutputStream to) {
        byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
        crc.reset();
        crc.update(name);
        crc.update(body);
        to.writeBytes(ByteBuffer.allocate(4).putInt(body.length).array());
        to.writeBytes(name);
        to.writeBytes(body);
        to.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
