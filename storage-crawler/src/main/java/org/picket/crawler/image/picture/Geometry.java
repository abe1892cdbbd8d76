package org.picket.crawler.image.picture;

import java.util.Arrays;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.FlawedObject;
import org.picket.crawler.image.structure.Format;
import org.picket.crawler.image.structure.Header;
import org.picket.crawler.image.structure.Orientation;

/// Which squares of a picture become views: a pure function of the picture's stored sides, of its orientation
/// and of the view size. This is part of version 4 of the preprocessing:
///
/// - A JPEG is decoded at the largest reduction of 1, 1/2, 1/4 and 1/8 whose short side, rounded up as libjpeg
///   does, is still at least twice the view size, times its [Header#skew()]: where colour has fewer samples in one
///   direction alone (4:2:2), libjpeg reduces it in both, and would leave half of what the full picture has.
///   Everything else is decoded whole.
/// - The picture is turned as its EXIF orientation says, then resized (see [Bicubic]) so that its short side is
///   the view size; its long side is `(int) (size * long / short)`, from the sides before any reduction.
/// - Up to a ratio of 4/3 one square is taken from the centre, at `round((long - size) / 2)`, halves to even
///   (as torchvision's centre crop); beyond it `ceil(long / short)` squares, at `round(i * (long - size) / (n -
///   1))`, which together cover the whole; beyond eight the picture is [Flaw#LONG].
///
/// @param reduction the JPEG reduction: 1, 2, 4 or 8
/// @param decodedWidth width as it comes from the decoder, before it is turned
/// @param decodedHeight height as it comes from the decoder, before it is turned
/// @param width width after turning and resizing
/// @param height height after turning and resizing
/// @param offsets where the squares begin, along the long side
/// @param size side of a view
record Geometry(int reduction, int decodedWidth, int decodedHeight, int width, int height, int[] offsets, int size) {

    static final int MAX_TILES = 8;

    private static final int[] REDUCTIONS = {8, 4, 2};

    static Geometry of(Header header, int size) {
        int shortStored = Math.min(header.width(), header.height());
        int longStored = Math.max(header.width(), header.height());
        if (longStored > (long) MAX_TILES * shortStored) {
            throw new FlawedObject(Flaw.LONG);
        }
        int reduction = header.format() == Format.JPEG ? reduction(shortStored, header.skew() * size) : 1;
        int longSide = (int) ((long) size * longStored / shortStored);
        boolean turned = Orientation.swapsSides(header.orientation());
        boolean wide = turned == (header.height() >= header.width());
        return new Geometry(
                reduction,
                reduced(header.width(), reduction),
                reduced(header.height(), reduction),
                wide ? longSide : size,
                wide ? size : longSide,
                offsets(shortStored, longStored, longSide, size),
                size);
    }

    private static int reduction(int shortSide, int needed) {
        for (int candidate : REDUCTIONS) {
            if (reduced(shortSide, candidate) >= 2 * needed) {
                return candidate;
            }
        }
        return 1;
    }

    private static int reduced(int side, int reduction) {
        return (side + reduction - 1) / reduction;
    }

    private static int[] offsets(int shortStored, int longStored, int longSide, int size) {
        if (3L * longStored <= 4L * shortStored) {
            return new int[] {(int) Math.rint((longSide - size) / 2.0)};
        }
        int count = (longStored + shortStored - 1) / shortStored;
        int[] offsets = new int[count];
        for (int i = 0; i < count; i++) {
            offsets[i] = (int) Math.rint(i * (double) (longSide - size) / (count - 1));
        }
        return offsets;
    }

    /// The part of the resized picture that the views read.
    Bicubic.Window window() {
        int from = offsets[0];
        int length = offsets[offsets.length - 1] + size - from;
        return width >= height ? new Bicubic.Window(from, 0, length, size) : new Bicubic.Window(0, from, size, length);
    }

    /// Cuts the views out of the pixels of [#window()].
    byte[][] cut(byte[] pixels) {
        Bicubic.Window window = window();
        if (offsets.length == 1) {
            return new byte[][] {pixels};
        }
        byte[][] views = new byte[offsets.length][];
        for (int i = 0; i < offsets.length; i++) {
            int from = offsets[i] - offsets[0];
            views[i] = width >= height ? square(pixels, window.width(), from, 0) : square(pixels, size, 0, from);
        }
        return views;
    }

    private byte[] square(byte[] pixels, int stride, int x, int y) {
        if (stride == size) {
            return Arrays.copyOfRange(pixels, y * size * 3, (y + size) * size * 3);
        }
        byte[] view = new byte[size * size * 3];
        for (int row = 0; row < size; row++) {
            System.arraycopy(pixels, ((y + row) * stride + x) * 3, view, row * size * 3, size * 3);
        }
        return view;
    }
}
