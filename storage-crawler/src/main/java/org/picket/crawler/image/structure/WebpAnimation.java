package org.picket.crawler.image.structure;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Walks an animated WebP (RFC 9649, section 2.7.1.1) and wraps its frames up as still ones. It is whole when
/// all of the RIFF container and of each frame lies inside the object and each frame has one picture of the
/// size it announces. Viewers ignore the background that it announces, and so does this.
public final class WebpAnimation {

    private static final int RIFF = 8;
    private static final int FIRST_CHUNK = 12;
    private static final int FRAME_HEAD = 16;
    private static final int DO_NOT_BLEND = 2;
    private static final int DISPOSE = 1;
    private static final int ANIMATION = 0x02;
    private static final int ALPHA = 0x10;

    private final Octets octets;
    private final FrameBudget budget;
    private final List<Patch> patches = new ArrayList<>();
    private final List<Frame> frames = new ArrayList<>();

    private WebpAnimation(Octets octets, long maxPixels) {
        this.octets = octets;
        this.budget = new FrameBudget(maxPixels);
    }

    /// Where the chunks of a frame lie; an absent one is empty.
    private record Frame(int alphaFrom, int alphaEnd, int from, int end) {}

    /// Whether the container says that it is one.
    public static boolean isOne(Octets octets) {
        return octets.spells(FIRST_CHUNK, "VP8X") && (octets.u8(FIRST_CHUNK + 8) & ANIMATION) != 0;
    }

    public static StillFrames read(Octets octets, long maxPixels) {
        return new WebpAnimation(octets, maxPixels).walk(maxPixels);
    }

    private StillFrames walk(long maxPixels) {
        long end = RIFF + octets.u32le(4);
        if (end > octets.length()) {
            throw new FlawedObject(Flaw.ENDS_EARLY);
        }
        WebpHead head = WebpHead.of(octets, FIRST_CHUNK, maxPixels);
        for (long next = FIRST_CHUNK; next + 8 <= end; ) {
            int at = (int) next;
            long length = octets.u32le(at + 4);
            if (at + 8 + length > end) {
                throw new FlawedObject(Flaw.ENDS_EARLY);
            }
            if (octets.spells(at, "ANMF")) {
                frame(at + 8, (int) (at + 8 + length), head);
            } else if (octets.spells(at, "VP8 ") || octets.spells(at, "VP8L")) {
                // A picture beside the frames, which some viewers would show.
                throw new FlawedObject(Flaw.STRUCTURE);
            } else {
                head.chunk(at, (int) (at + 8 + length));
            }
            next = at + 8 + length + (length & 1);
        }
        if (frames.isEmpty()) {
            throw new FlawedObject(Flaw.PARTS_MISSING);
        }
        Header header = new Header(Format.WEBP, head.width(), head.height(), head.orientation(), true);
        return new StillFrames(header, List.copyOf(patches), this::still);
    }

    private void frame(int from, int end, WebpHead head) {
        if (end - from < FRAME_HEAD) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        int x = 2 * octets.u24le(from);
        int y = 2 * octets.u24le(from + 3);
        int width = octets.u24le(from + 6) + 1;
        int height = octets.u24le(from + 9) + 1;
        int flags = octets.u8(from + 15);
        budget.take(width, height);
        if ((long) x + width > head.width() || (long) y + height > head.height()) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        frames.add(chunks(from + FRAME_HEAD, end, width, height, head));
        patches.add(new Patch(
                x,
                y,
                width,
                height,
                (flags & DO_NOT_BLEND) == 0,
                (flags & DISPOSE) == 0 ? Patch.Disposal.KEEP : Patch.Disposal.CLEAR,
                Patch.shown(octets.u24le(from + 12))));
    }

    private Frame chunks(int from, int end, int width, int height, WebpHead head) {
        int alphaFrom = from;
        int alphaEnd = from;
        for (long next = from; next + 8 <= end; ) {
            int at = (int) next;
            long length = octets.u32le(at + 4);
            if (at + 8 + length > end) {
                throw new FlawedObject(Flaw.ENDS_EARLY);
            }
            boolean lossy = octets.spells(at, "VP8 ");
            if (lossy || octets.spells(at, "VP8L")) {
                int[] sides = lossy ? WebpStructure.lossy(octets, at + 8) : WebpStructure.lossless(octets, at + 8);
                if (sides[0] != width || sides[1] != height) {
                    throw new FlawedObject(Flaw.HEADER);
                }
                head.checkAlpha(alphaEnd > alphaFrom || !lossy && WebpStructure.hasAlpha(octets, at + 8));
                return new Frame(alphaFrom, alphaEnd, at, (int) (at + 8 + length));
            }
            if (octets.spells(at, "ALPH")) {
                alphaFrom = at;
                alphaEnd = (int) (at + 8 + length);
            }
            next = at + 8 + length + (length & 1);
        }
        throw new FlawedObject(Flaw.PARTS_MISSING);
    }

    private byte[] still(int index) {
        Frame frame = frames.get(index);
        Patch patch = patches.get(index);
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        chunks.writeBytes("WEBP".getBytes(StandardCharsets.ISO_8859_1));
        if (frame.alphaEnd() > frame.alphaFrom()) {
            ByteBuffer head = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN);
            head.put("VP8X".getBytes(StandardCharsets.ISO_8859_1)).putInt(10).putInt(ALPHA);
            u24(head, patch.width() - 1);
            u24(head, patch.height() - 1);
            chunks.writeBytes(head.array());
            copy(frame.alphaFrom(), frame.alphaEnd(), chunks);
        }
        copy(frame.from(), frame.end(), chunks);
        ByteBuffer riff = ByteBuffer.allocate(8 + chunks.size()).order(ByteOrder.LITTLE_ENDIAN);
        riff.put("RIFF".getBytes(StandardCharsets.ISO_8859_1)).putInt(chunks.size());
        riff.put(chunks.toByteArray());
        return riff.array();
    }

    private void copy(int from, int end, ByteArrayOutputStream to) {
        to.write(octets.data(), from, end - from);
        if ((end - from) % 2 != 0) {
            to.write(0);
        }
    }

    private static void u24(ByteBuffer to, int value) {
        to.put((byte) value).put((byte) (value >> 8)).put((byte) (value >> 16));
    }
}
