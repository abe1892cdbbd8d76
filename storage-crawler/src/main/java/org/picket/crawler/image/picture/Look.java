package org.picket.crawler.image.picture;

/// What a frame looks like from afar: the mean colours, over middle grey, of the cells of a grid. Two frames of
/// one look may differ in what is small or fine; see [FrameChoice].
final class Look {

    private static final int GRID = 16;
    private static final int GREY = 128;
    private static final int OPAQUE = 255;

    private final byte[] cells = new byte[GRID * GRID * 3];

    Look copy() {
        Look copy = new Look();
        System.arraycopy(cells, 0, copy.cells, 0, cells.length);
        return copy;
    }

    /// Sum over cells and colours of the differences: 0 to 195,840.
    int distance(Look other) {
        int sum = 0;
        for (int i = 0; i < cells.length; i++) {
            sum += Math.abs((cells[i] & 0xff) - (other.cells[i] & 0xff));
        }
        return sum;
    }

    /// Looks anew at the cells that a rectangle touches.
    ///
    /// @param argb pixels, colour not multiplied by alpha
    void update(int[] argb, int width, int height, int x, int y, int columns, int rows) {
        if (columns < 1 || rows < 1) {
            return;
        }
        for (int down = cell(y, height); down <= cell(y + rows - 1, height); down++) {
            for (int across = cell(x, width); across <= cell(x + columns - 1, width); across++) {
                mean(argb, width, height, across, down);
            }
        }
    }

    private static int cell(int at, int side) {
        return (int) ((long) at * GRID / side);
    }

    /// The first pixel of a cell.
    private static int edge(int cell, int side) {
        return (int) (((long) cell * side + GRID - 1) / GRID);
    }

    private void mean(int[] argb, int width, int height, int across, int down) {
        long red = 0;
        long green = 0;
        long blue = 0;
        int top = edge(down, height);
        int bottom = edge(down + 1, height);
        int left = edge(across, width);
        int right = edge(across + 1, width);
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                int pixel = argb[y * width + x];
                int alpha = pixel >>> 24;
                int grey = GREY * (OPAQUE - alpha);
                red += (pixel >> 16 & 255) * alpha + grey;
                green += (pixel >> 8 & 255) * alpha + grey;
                blue += (pixel & 255) * alpha + grey;
            }
        }
        set(across, down, red, green, blue, (long) (bottom - top) * (right - left) * OPAQUE);
    }

    private void set(int across, int down, long red, long green, long blue, long weight) {
        int at = (down * GRID + across) * 3;
        long divisor = Math.max(1, weight);
        cells[at] = (byte) (red / divisor);
        cells[at + 1] = (byte) (green / divisor);
        cells[at + 2] = (byte) (blue / divisor);
    }

    /// The look of an opaque picture.
    static Look of(Bicubic.Raster raster) {
        Look look = new Look();
        byte[] pixels = raster.pixels();
        int width = raster.width();
        for (int down = 0; down < GRID; down++) {
            int top = edge(down, raster.height());
            int bottom = edge(down + 1, raster.height());
            for (int across = 0; across < GRID; across++) {
                int left = edge(across, width);
                int right = edge(across + 1, width);
                long red = 0;
                long green = 0;
                long blue = 0;
                for (int y = top; y < bottom; y++) {
                    for (int at = (y * width + left) * 3; at < (y * width + right) * 3; at += 3) {
                        red += pixels[at] & 0xff;
                        green += pixels[at + 1] & 0xff;
                        blue += pixels[at + 2] & 0xff;
                    }
                }
                look.set(across, down, red, green, blue, (long) (bottom - top) * (right - left));
            }
        }
        return look;
    }
}
