package org.picket.crawler.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// Renders up to eight frames of a GIF: the first, the last (where an animation that does not repeat stays),
/// and those between that are shown longest. Where the others are shown for long enough to be seen, nothing is
/// rendered: what nobody looked at is not cleared. Frames are decoded by the platform's reader (Java code, so
/// that damage throws instead of overwriting memory) and laid on the canvas here by the rules of GIF89a as
/// browsers apply them: the canvas begins transparent, and a cleared rectangle becomes transparent.
final class GifFrames {

    static final int MAX_FRAMES = 8;

    /// A frame that is shown so long must be looked at.
    private static final int NOTABLE_MILLIS = 1_000;
    /// All frames that are not looked at may make up one such part of the time.
    private static final int UNSEEN_PART = 10;

    private static final int CLEAR = 2;
    private static final int RESTORE = 3;
    private static final int OPAQUE = 0xff000000;

    private final ImageReader reader;
    private int[] canvas = new int[0];
    private byte[] flat = new byte[0];

    GifFrames() {
        ImageIO.setUseCache(false);
        reader = ImageIO.getImageReadersByFormatName("gif").next();
    }

    /// Which of the frames that are shown for so many milliseconds each are rendered, in their order; of frames
    /// shown equally long an evenly spread choice.
    static int[] chosen(int[] millis) {
        int count = millis.length;
        if (count <= MAX_FRAMES) {
            return IntStream.range(0, count).toArray();
        }
        int room = MAX_FRAMES - 2;
        int[] descending = IntStream.range(1, count - 1)
                .map(i -> -millis[i])
                .sorted()
                .map(negative -> -negative)
                .toArray();
        int threshold = descending[room - 1];
        int[] longer =
                IntStream.range(1, count - 1).filter(i -> millis[i] > threshold).toArray();
        int[] tied = IntStream.range(1, count - 1)
                .filter(i -> millis[i] == threshold)
                .toArray();
        int left = room - longer.length;
        IntStream spread = IntStream.rangeClosed(1, left)
                .map(i -> tied[(int) Math.rint(i * (double) (tied.length + 1) / (left + 1)) - 1]);
        return IntStream.concat(IntStream.of(0, count - 1), IntStream.concat(Arrays.stream(longer), spread))
                .sorted()
                .toArray();
    }

    /// Whether the frames that are not chosen are shown for long enough to be seen.
    static boolean hidesSome(int[] millis, int[] chosen) {
        long whole = Arrays.stream(millis).asLongStream().sum();
        long seen = Arrays.stream(chosen).mapToLong(i -> millis[i]).sum();
        boolean notable = IntStream.range(0, millis.length)
                .anyMatch(i -> millis[i] >= NOTABLE_MILLIS && Arrays.binarySearch(chosen, i) < 0);
        return notable || (whole - seen) * UNSEEN_PART > whole;
    }

    /// Gives each chosen frame over white and, if a pixel of it is transparent, over black. A raster is only
    /// valid during the call that receives it.
    void render(Octets octets, GifStructure.Animation animation, Consumer<Bicubic.Raster> sink) {
        int[] millis =
                animation.frames().stream().mapToInt(GifStructure.Frame::millis).toArray();
        int[] chosen = chosen(millis);
        if (hidesSome(millis, chosen)) {
            throw new FlawedObject(Flaw.FRAMES_UNSEEN);
        }
        try (ImageInputStream stream =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(octets.data(), 0, octets.length()))) {
            reader.setInput(stream, true, true);
            frames(animation, chosen, sink);
        } catch (IOException impossible) {
            throw new UncheckedIOException("closing a stream in memory failed", impossible);
        } finally {
            reader.reset();
        }
    }

    long heldBytes() {
        return flat.length + (long) canvas.length * Integer.BYTES;
    }

    private BufferedImage read(int frame) {
        try {
            return reader.read(frame);
        } catch (IOException | RuntimeException damaged) {
            // The platform's reader answers damage with whatever exception it runs into.
            throw new FlawedObject(Flaw.DATA);
        }
    }

    private void frames(GifStructure.Animation animation, int[] chosen, Consumer<Bicubic.Raster> sink) {
        int width = animation.header().width();
        int height = animation.header().height();
        int count = width * height;
        canvas = canvas.length < count ? new int[count] : canvas;
        Arrays.fill(canvas, 0, count, 0);
        flat = flat.length < count * 3 ? new byte[count * 3] : flat;
        int next = 0;
        for (int i = 0; next < chosen.length; i++) {
            GifStructure.Frame frame = animation.frames().get(i);
            int[] before = frame.disposal() == RESTORE ? Arrays.copyOf(canvas, count) : new int[0];
            draw(read(i), frame, width, height);
            if (chosen[next] == i) {
                next++;
                if (flatten(count, 0xff)) {
                    sink.accept(new Bicubic.Raster(flat, width, height));
                    flatten(count, 0);
                }
                sink.accept(new Bicubic.Raster(flat, width, height));
            }
            if (frame.disposal() == RESTORE) {
                System.arraycopy(before, 0, canvas, 0, count);
            } else if (frame.disposal() == CLEAR) {
                clear(frame, width, height);
            }
        }
    }

    private void draw(BufferedImage image, GifStructure.Frame frame, int width, int height) {
        if (image.getWidth() != frame.width()
                || image.getHeight() != frame.height()
                || !(image.getColorModel() instanceof IndexColorModel colours)) {
            throw new FlawedObject(Flaw.SIZE_DIFFERS);
        }
        int[] palette = new int[256];
        for (int i = 0; i < Math.min(palette.length, colours.getMapSize()); i++) {
            palette[i] = colours.getRGB(i);
        }
        int columns = Math.min(frame.width(), width - frame.x());
        int rows = Math.min(frame.height(), height - frame.y());
        if (columns < 1) {
            return;
        }
        Raster raster = image.getRaster();
        int[] samples = new int[columns];
        for (int y = 0; y < rows; y++) {
            raster.getSamples(0, y, columns, 1, 0, samples);
            int to = (frame.y() + y) * width + frame.x();
            for (int x = 0; x < columns; x++) {
                int argb = palette[samples[x]];
                canvas[to + x] = (argb & OPAQUE) == OPAQUE ? argb : canvas[to + x];
            }
        }
    }

    private void clear(GifStructure.Frame frame, int width, int height) {
        for (int y = frame.y(); y < Math.min(frame.y() + frame.height(), height); y++) {
            int from = y * width + Math.min(frame.x(), width);
            int to = y * width + Math.min(frame.x() + frame.width(), width);
            Arrays.fill(canvas, from, to, 0);
        }
    }

    /// Lays the canvas over a grey of the given shade; whether any pixel let it through.
    private boolean flatten(int count, int ground) {
        boolean transparent = false;
        for (int i = 0; i < count; i++) {
            int argb = canvas[i];
            boolean opaque = (argb & OPAQUE) == OPAQUE;
            transparent |= !opaque;
            flat[3 * i] = (byte) (opaque ? argb >> 16 : ground);
            flat[3 * i + 1] = (byte) (opaque ? argb >> 8 : ground);
            flat[3 * i + 2] = (byte) (opaque ? argb : ground);
        }
        return transparent;
    }
}
