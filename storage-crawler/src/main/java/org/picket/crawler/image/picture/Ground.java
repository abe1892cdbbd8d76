package org.picket.crawler.image.picture;

/// Transparency: colour over an opaque ground is `(colour * alpha + ground * (255 - alpha)) / 255`, rounded to
/// nearest (as Pillow's paste with a mask), before resizing. A picture with any pixel that is not opaque gives
/// its views over white and again over black, since either may hide what the other shows.
final class Ground {

    static final int WHITE = 255;
    static final int BLACK = 0;

    private static final int OPAQUE = 255;

    private Ground() {}

    static byte blend(int colour, int alpha, int ground) {
        int sum = colour * alpha + ground * (OPAQUE - alpha) + 128;
        return (byte) ((sum >> 8) + sum >> 8);
    }
}
