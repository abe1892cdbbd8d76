package org.picket.crawler.image.picture;

import java.util.Arrays;
import java.util.Optional;
import org.picket.crawler.image.structure.Patch;

/// What an animation's frames are laid on, one after the other, as browsers do it: it begins transparent, and a
/// cleared rectangle becomes transparent whatever background the animation announces. Buffers are kept between
/// animations.
final class Canvas {

    private static final int OPAQUE = 255;

    private int[] argb = new int[0];
    private byte[] flat = new byte[0];
    private int width;
    private int height;
    private Optional<Patch> shown = Optional.empty();
    private int[] below = new int[0];

    void begin(int newWidth, int newHeight) {
        width = newWidth;
        height = newHeight;
        int count = width * height;
        argb = argb.length < count ? new int[count] : argb;
        Arrays.fill(argb, 0, count, 0);
        shown = Optional.empty();
    }

    /// Disposes of the last frame and lays the next one.
    ///
    /// @param pixels of the patch
    void lay(Patch patch, int[] pixels) {
        shown.ifPresent(this::dispose);
        if (patch.disposal() == Patch.Disposal.RESTORE) {
            below = copy(patch);
        }
        int columns = columns(patch);
        for (int y = 0; y < rows(patch); y++) {
            int to = (patch.y() + y) * width + patch.x();
            int from = y * patch.width();
            if (patch.blend()) {
                for (int x = 0; x < columns; x++) {
                    argb[to + x] = over(pixels[from + x], argb[to + x]);
                }
            } else if (columns > 0) {
                System.arraycopy(pixels, from, argb, to, columns);
            }
        }
        shown = Optional.of(patch);
    }

    private void dispose(Patch patch) {
        int columns = columns(patch);
        for (int y = 0; y < rows(patch); y++) {
            int to = (patch.y() + y) * width + patch.x();
            switch (patch.disposal()) {
                case KEEP -> {}
                case CLEAR -> Arrays.fill(argb, to, to + columns, 0);
                case RESTORE -> System.arraycopy(below, y * columns, argb, to, columns);
            }
        }
    }

    private int[] copy(Patch patch) {
        int columns = columns(patch);
        int[] copy = new int[columns * rows(patch)];
        for (int y = 0; y < rows(patch); y++) {
            System.arraycopy(argb, (patch.y() + y) * width + patch.x(), copy, y * columns, columns);
        }
        return copy;
    }

    /// Columns of the patch that lie on the canvas.
    private int columns(Patch patch) {
        return Math.max(0, Math.min(patch.width(), width - patch.x()));
    }

    private int rows(Patch patch) {
        return columns(patch) == 0 ? 0 : Math.max(0, Math.min(patch.height(), height - patch.y()));
    }

    /// One pixel over another, neither multiplied by its alpha (PNG third edition, 13.16).
    private static int over(int top, int bottom) {
        int alpha = top >>> 24;
        if (alpha == OPAQUE || bottom >>> 24 == 0) {
            return top;
        }
        if (alpha == 0) {
            return bottom;
        }
        int ofTop = alpha * OPAQUE;
        int ofBottom = (OPAQUE - alpha) * (bottom >>> 24);
        int all = ofTop + ofBottom;
        int red = mix(top >> 16, bottom >> 16, ofTop, ofBottom);
        int green = mix(top >> 8, bottom >> 8, ofTop, ofBottom);
        int blue = mix(top, bottom, ofTop, ofBottom);
        return (all + OPAQUE / 2) / OPAQUE << 24 | red << 16 | green << 8 | blue;
    }

    private static int mix(int top, int bottom, int ofTop, int ofBottom) {
        int all = ofTop + ofBottom;
        return ((top & 255) * ofTop + (bottom & 255) * ofBottom + all / 2) / all;
    }

    /// Whether any pixel is not opaque.
    boolean isTransparent() {
        return isTransparent(new Patch(0, 0, width, height, false, Patch.Disposal.KEEP, 0));
    }

    /// Whether any pixel inside the patch is not opaque.
    boolean isTransparent(Patch patch) {
        int columns = columns(patch);
        for (int y = 0; y < rows(patch); y++) {
            int from = (patch.y() + y) * width + patch.x();
            int all = -1;
            for (int i = from; i < from + columns; i++) {
                all &= argb[i];
            }
            if (all >>> 24 != OPAQUE) {
                return true;
            }
        }
        return false;
    }

    /// The canvas over a grey of the given shade; valid until the next call.
    Bicubic.Raster over(int ground) {
        int count = width * height;
        flat = flat.length < count * 3 ? new byte[count * 3] : flat;
        for (int i = 0; i < count; i++) {
            int pixel = argb[i];
            int alpha = pixel >>> 24;
            if (alpha == OPAQUE) {
                flat[3 * i] = (byte) (pixel >> 16);
                flat[3 * i + 1] = (byte) (pixel >> 8);
                flat[3 * i + 2] = (byte) pixel;
                continue;
            }
            flat[3 * i] = Ground.blend(pixel >> 16 & 255, alpha, ground);
            flat[3 * i + 1] = Ground.blend(pixel >> 8 & 255, alpha, ground);
            flat[3 * i + 2] = Ground.blend(pixel & 255, alpha, ground);
        }
        return new Bicubic.Raster(flat, width, height);
    }

    /// What the canvas looks like from afar, given what it looked like before the last patch was laid.
    Look look(Optional<Look> before, Optional<Patch> disposed, Patch laid) {
        Look look = before.map(Look::copy).orElseGet(Look::new);
        if (before.isEmpty()) {
            look.update(argb, width, height, 0, 0, width, height);
            return look;
        }
        disposed.ifPresent(
                patch -> look.update(argb, width, height, patch.x(), patch.y(), columns(patch), rows(patch)));
        look.update(argb, width, height, laid.x(), laid.y(), columns(laid), rows(laid));
        return look;
    }

    long heldBytes() {
        return flat.length + ((long) argb.length + below.length) * Integer.BYTES;
    }
}
