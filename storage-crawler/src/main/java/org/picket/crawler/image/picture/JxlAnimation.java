package org.picket.crawler.image.picture;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.FlawedObject;
import org.picket.crawler.image.structure.Format;
import org.picket.crawler.image.structure.FrameBudget;
import org.picket.crawler.image.structure.Header;
import org.picket.crawler.image.structure.Octets;
import org.picket.crawler.image.structure.Orientation;
import org.picket.crawler.image.structure.Patch;

/// A JPEG XL, still or animated, decoded by [JxlLibrary] from a copy of the object in native memory. The
/// library lays frames over one another, turns them upright, and gives no frame that it has not decoded to its
/// end. The first run through finds the frames; there is no way to count them without.
final class JxlAnimation implements Animation, AutoCloseable {

    private static final int SUCCESS = 0;
    private static final int ERROR = 1;
    private static final int NEED_MORE_INPUT = 2;
    private static final int NEED_OUTPUT = 5;
    private static final int BASIC_INFO = 0x40;
    private static final int FRAME = 0x400;
    private static final int FULL_IMAGE = 0x1000;

    private static final int STRUCT_BYTES = 1024;
    private static final int INFO_WIDTH = 4;
    private static final int INFO_HEIGHT = 8;
    private static final int INFO_ANIMATED = 44;
    private static final int INFO_TICKS = 80;
    private static final int CHANNELS = 4;
    private static final int UINT8 = 2;
    private static final long MILLIS = 1000;

    private final JxlLibrary library;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment object;
    private final MemorySegment struct;
    private final MemorySegment format;
    private final long maxPixels;
    private final List<Patch> patches = new ArrayList<>();
    private MemorySegment decoder = MemorySegment.NULL;
    private MemorySegment pixels = MemorySegment.NULL;
    private int width;
    private int height;
    private double millisPerTick;
    private int next;

    JxlAnimation(JxlLibrary library, Octets octets, long maxPixels) {
        this.library = library;
        this.maxPixels = maxPixels;
        this.object = arena.allocate(octets.length());
        MemorySegment.copy(octets.data(), 0, object, ValueLayout.JAVA_BYTE, 0, octets.length());
        this.struct = arena.allocate(STRUCT_BYTES, Long.BYTES);
        this.format = arena.allocate(24, Long.BYTES);
        format.set(ValueLayout.JAVA_INT, 0, CHANNELS);
        format.set(ValueLayout.JAVA_INT, 4, UINT8);
        try {
            FrameBudget budget = new FrameBudget(maxPixels);
            begin();
            while (advance()) {
                budget.take(width, height);
            }
            if (patches.isEmpty()) {
                throw new FlawedObject(Flaw.PARTS_MISSING);
            }
        } catch (RuntimeException flawed) {
            close();
            throw flawed;
        }
    }

    private void begin() {
        end();
        next = 0;
        decoder = library.create();
        check(library.subscribe(decoder, BASIC_INFO | FRAME | FULL_IMAGE));
        check(library.setInput(decoder, object, object.byteSize()));
    }

    /// Decodes the next frame; false behind the last.
    private boolean advance() {
        while (true) {
            switch (library.process(decoder)) {
                case SUCCESS -> {
                    return false;
                }
                case BASIC_INFO -> readInfo();
                case FRAME -> readFrame();
                case NEED_OUTPUT -> check(library.setOutput(decoder, format, pixels));
                case FULL_IMAGE -> {
                    next++;
                    return true;
                }
                case NEED_MORE_INPUT -> throw new FlawedObject(Flaw.ENDS_EARLY);
                case ERROR -> throw new FlawedObject(Flaw.DATA);
                default -> throw new FlawedObject(Flaw.STRUCTURE);
            }
        }
    }

    private void readInfo() {
        check(library.basicInfo(decoder, struct));
        long wide = Integer.toUnsignedLong(struct.get(ValueLayout.JAVA_INT, INFO_WIDTH));
        long high = Integer.toUnsignedLong(struct.get(ValueLayout.JAVA_INT, INFO_HEIGHT));
        Header.checkPixels(wide, high, maxPixels);
        if (pixels.equals(MemorySegment.NULL)) {
            width = (int) wide;
            height = (int) high;
            pixels = arena.allocate((long) width * height * CHANNELS, Long.BYTES);
            long ticks = Integer.toUnsignedLong(struct.get(ValueLayout.JAVA_INT, INFO_TICKS));
            long per = Integer.toUnsignedLong(struct.get(ValueLayout.JAVA_INT, INFO_TICKS + 4));
            boolean animated = struct.get(ValueLayout.JAVA_INT, INFO_ANIMATED) != 0;
            millisPerTick = animated && ticks > 0 ? (double) MILLIS * per / ticks : 0;
        }
    }

    private void readFrame() {
        check(library.frameHeader(decoder, struct));
        if (patches.size() > next) {
            return;
        }
        long duration = Integer.toUnsignedLong(struct.get(ValueLayout.JAVA_INT, 0));
        int millis = Patch.shown((long) (duration * millisPerTick));
        patches.add(new Patch(0, 0, width, height, false, Patch.Disposal.KEEP, millis));
    }

    private static void check(int status) {
        if (status != SUCCESS) {
            throw new FlawedObject(Flaw.DATA);
        }
    }

    @Override
    public Header header() {
        return new Header(Format.JXL, width, height, Orientation.UPRIGHT, true);
    }

    @Override
    public List<Patch> patches() {
        return patches;
    }

    @Override
    public int[] pixels(int index) {
        if (index == 0) {
            begin();
        }
        if (!advance()) {
            throw new FlawedObject(Flaw.DATA);
        }
        int[] argb = new int[width * height];
        for (int i = 0; i < argb.length; i++) {
            // Red, green, blue, alpha, read as one little-endian number.
            int rgba = pixels.getAtIndex(ValueLayout.JAVA_INT, i);
            argb[i] = rgba & 0xff00ff00 | (rgba & 0xff) << 16 | rgba >> 16 & 0xff;
        }
        return argb;
    }

    private void end() {
        if (!decoder.equals(MemorySegment.NULL)) {
            library.destroy(decoder);
            decoder = MemorySegment.NULL;
        }
    }

    @Override
    public void close() {
        end();
        arena.close();
    }
}
