package org.picket.crawler.image.picture;

import org.picket.crawler.image.structure.Orientation;

/// Turns decoded pictures upright.
final class Turning {

    private static final int CHANNELS = 3;

    private Turning() {}

    /// The picture as its orientation says it is to be seen; the picture itself where that is how it lies.
    static Bicubic.Raster upright(Bicubic.Raster lying, int orientation) {
        if (orientation == Orientation.UPRIGHT) {
            return lying;
        }
        int width = lying.width();
        int height = lying.height();
        boolean swaps = Orientation.swapsSides(orientation);
        int newWidth = swaps ? height : width;
        byte[] from = lying.pixels();
        byte[] to = new byte[width * height * CHANNELS];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int in = (y * width + x) * CHANNELS;
                int newX = switch (orientation) {
                    case 2, 3 -> width - 1 - x;
                    case 5, 8 -> y;
                    case 6, 7 -> height - 1 - y;
                    default -> x;
                };
                int newY = switch (orientation) {
                    case 3, 4 -> height - 1 - y;
                    case 5, 6 -> x;
                    case 7, 8 -> width - 1 - x;
                    default -> y;
                };
                int out = (newY * newWidth + newX) * CHANNELS;
                to[out] = from[in];
                to[out + 1] = from[in + 1];
                to[out + 2] = from[in + 2];
            }
        }
        return new Bicubic.Raster(to, newWidth, swaps ? width : height);
    }
}
