package org.picket.crawler.image.structure;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// The EXIF orientation (TIFF tag 0x0112): how a stored picture must be turned to be seen upright.
public final class Orientation {

    public static final int UPRIGHT = 1;

    /// A quarter turn against the clock.
    static final int QUARTER_LEFT = 8;
    static final int MIRRORED_LEFT_RIGHT = 2;
    static final int MIRRORED_TOP_BOTTOM = 4;

    /// For each orientation the linear map `x' = a x + b y, y' = c x + d y` that makes it upright; y points
    /// down.
    private static final int[][] MAPS = {
        {1, 0, 0, 1},
        {-1, 0, 0, 1},
        {-1, 0, 0, -1},
        {1, 0, 0, -1},
        {0, 1, 1, 0},
        {0, -1, 1, 0},
        {0, -1, -1, 0},
        {0, 1, -1, 0}
    };

    private static final int TAG = 0x0112;
    private static final int TYPE_SHORT = 3;

    private Orientation() {}

    /// The one orientation that does what `first` and then `second` do.
    static int then(int first, int second) {
        int[] f = MAPS[first - 1];
        int[] s = MAPS[second - 1];
        return ofMap(
                s[0] * f[0] + s[1] * f[2],
                s[0] * f[1] + s[1] * f[3],
                s[2] * f[0] + s[3] * f[2],
                s[2] * f[1] + s[3] * f[3]);
    }

    /// The orientation whose map is `x' = a x + b y, y' = c x + d y`, each of them -1, 0 or 1; [#UPRIGHT] if
    /// there is none.
    static int ofMap(int a, int b, int c, int d) {
        int[] map = {a, b, c, d};
        for (int i = 0; i < MAPS.length; i++) {
            if (Arrays.equals(MAPS[i], map)) {
                return i + 1;
            }
        }
        return UPRIGHT;
    }

    /// Whether width and height change places.
    public static boolean swapsSides(int orientation) {
        return orientation >= 5;
    }

    /// The orientation in the TIFF structure at `from` to `end`; empty where it is absent, unreadable, out of range or
    /// more than one number, since metadata alone never makes a picture unreadable.
    ///
    /// @throws FlawedObject [Flaw#STRUCTURE] if two are told: viewers differ in which of them they take
    static OptionalInt told(Octets octets, int from, int end) {
        int[] found = {};
        try {
            found = entries(new Octets(octets.data(), Math.min(end, octets.length())), from);
        } catch (FlawedObject unreadable) {
            return OptionalInt.empty();
        }
        if (found.length > 1) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        return Arrays.stream(found).findFirst();
    }

    /// All that the first directory tells, each once. The directory may break off behind them, as it does in files that
    /// viewers turn all the same.
    private static int[] entries(Octets tiff, int from) {
        boolean little = tiff.spells(from, "II*\0");
        if (!little && !tiff.spells(from, "MM\0*")) {
            return new int[0];
        }
        long directory = from + u32(tiff, from + 4, little);
        if (directory > tiff.length()) {
            return new int[0];
        }
        int first = (int) directory + 2;
        int entries = u16(tiff, first - 2, little);
        return IntStream.range(0, entries)
                .map(i -> first + 12 * i)
                .takeWhile(entry -> entry + 12 <= tiff.length())
                .filter(entry -> u16(tiff, entry, little) == TAG
                        && u16(tiff, entry + 2, little) == TYPE_SHORT
                        && u32(tiff, entry + 4, little) == 1)
                .map(entry -> u16(tiff, entry + 8, little))
                .filter(value -> value >= 1 && value <= 8)
                .distinct()
                .toArray();
    }

    private static int u16(Octets octets, int at, boolean little) {
        return little ? octets.u16le(at) : octets.u16(at);
    }

    private static long u32(Octets octets, int at, boolean little) {
        return little ? octets.u32le(at) : octets.u32(at);
    }
}
