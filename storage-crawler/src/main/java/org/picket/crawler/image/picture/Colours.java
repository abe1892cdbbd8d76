package org.picket.crawler.image.picture;

import java.util.Optional;
import org.bytedeco.ffmpeg.avutil.AVComponentDescriptor;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.FlawedObject;
import org.picket.crawler.image.structure.Shades;
import org.picket.crawler.image.structure.ToldColours;

/// Brings decoded pictures of any layout (luma and chroma in any subsampling, grey, RGB; 8 to 16 bits) to RGB
/// of 8 bits, by ITU-T H.273:
///
/// - Matrix and range are what the container tells, else the stream. Where neither does: limited range, and the
///   matrix of BT.601 for stills and for videos of fewer than 720 lines, that of BT.709 for the others, as
///   viewers do.
/// - Chroma is repeated, not interpolated: views are made smaller than the picture in most cases.
/// - Primaries and transfer (wide gamut, HDR) are not converted: samples are taken for those of sRGB, as by a
///   viewer without colour management. A wide gamut looks somewhat pale, HDR (PQ) flat.
///
/// Not thread-safe.
final class Colours {

    private static final int UNSPECIFIED = 2;
    private static final int FRACTION = 18;
    private static final int HALF = 1 << FRACTION - 1;
    private static final int UNREADABLE = avutil.AV_PIX_FMT_FLAG_BE
            | avutil.AV_PIX_FMT_FLAG_PAL
            | avutil.AV_PIX_FMT_FLAG_BITSTREAM
            | avutil.AV_PIX_FMT_FLAG_HWACCEL
            | avutil.AV_PIX_FMT_FLAG_BAYER
            | avutil.AV_PIX_FMT_FLAG_FLOAT;

    private byte[] bytes = new byte[0];
    private final int[][] lines = new int[3][0];

    /// One channel of a picture.
    ///
    /// @param across how many columns, as a power of two, share one sample
    /// @param down how many rows
    private record Channel(BytePointer plane, long stride, AVComponentDescriptor sample, int across, int down) {}

    /// Factors of the chroma differences, each of them -0.5 to 0.5, and of what lies around them.
    private record Matrix(double redU, double redV, double greenU, double greenV, double blueU, double blueV) {

        static Matrix of(double red, double blue) {
            double green = 1 - red - blue;
            return new Matrix(
                    0, 2 * (1 - red), -2 * blue * (1 - blue) / green, -2 * red * (1 - red) / green, 2 * (1 - blue), 0);
        }
    }

    /// Where a frame is written to: a picture of RGB, and the place of the frame's upper left corner in it.
    /// What would lie outside of the picture is cut off.
    record Target(byte[] pixels, int width, int height, int x, int y) {}

    /// Whether the frame's size is the one that was announced.
    static void checkSize(AVFrame frame, int width, int height) {
        if (frame.width() != width || frame.height() != height) {
            throw new FlawedObject(Flaw.SIZE_DIFFERS);
        }
    }

    /// Writes the frame.
    ///
    /// @param told what the container says of its colours
    void rgb(AVFrame frame, Optional<ToldColours> told, boolean still, Target to) {
        Shades.checkTransfer(frame.color_trc());
        AVPixFmtDescriptor layout = layout(frame);
        int width = Math.min(frame.width(), to.width() - to.x());
        int height = Math.min(frame.height(), to.height() - to.y());
        boolean rgb = (layout.flags() & avutil.AV_PIX_FMT_FLAG_RGB) != 0;
        boolean grey = layout.nb_components() < 3;
        Channel[] channels = new Channel[grey ? 1 : 3];
        for (int i = 0; i < channels.length; i++) {
            channels[i] = channel(frame, layout, i, rgb);
            lines[i] = lines[i].length < frame.width() ? new int[frame.width()] : lines[i];
        }
        int matrix = told.map(ToldColours::matrix).filter(m -> m != UNSPECIFIED).orElse(frame.colorspace());
        boolean identity = rgb || matrix == avutil.AVCOL_SPC_RGB && !grey;
        boolean full = told.map(ToldColours::fullRange).orElse(isFull(frame, layout)) || rgb;
        Factors factors = Factors.of(
                matrix(matrix, still || frame.height() < 720),
                channels[0].sample().depth(),
                full);
        for (int row = 0; row < height; row++) {
            for (int i = 0; i < channels.length; i++) {
                read(channels[i], row, width, lines[i]);
            }
            int out = ((to.y() + row) * to.width() + to.x()) * 3;
            if (identity) {
                // Coded as luma and chroma, the order is green, blue, red.
                int[] red = rgb ? lines[0] : lines[2];
                int[] green = rgb ? lines[1] : lines[0];
                int[] blue = rgb ? lines[2] : lines[1];
                factors.plain(red, green, blue, width, to.pixels(), out);
            } else if (grey) {
                factors.plain(lines[0], lines[0], lines[0], width, to.pixels(), out);
            } else {
                factors.mixed(lines, channels[1].across(), width, to.pixels(), out);
            }
        }
    }

    /// Writes the frame as the grey that its luma is, over the whole range, whatever it says of its colours: so viewers
    /// take alpha.
    void alpha(AVFrame frame, Target to) {
        AVPixFmtDescriptor layout = layout(frame);
        if ((layout.flags() & avutil.AV_PIX_FMT_FLAG_RGB) != 0) {
            throw new FlawedObject(Flaw.PIXEL_LAYOUT);
        }
        int width = Math.min(frame.width(), to.width() - to.x());
        int height = Math.min(frame.height(), to.height() - to.y());
        Channel luma = channel(frame, layout, 0, false);
        lines[0] = lines[0].length < frame.width() ? new int[frame.width()] : lines[0];
        Factors factors = Factors.of(matrix(UNSPECIFIED, true), luma.sample().depth(), true);
        for (int row = 0; row < height; row++) {
            read(luma, row, width, lines[0]);
            factors.plain(lines[0], lines[0], lines[0], width, to.pixels(), ((to.y() + row) * to.width() + to.x()) * 3);
        }
    }

    private static AVPixFmtDescriptor layout(AVFrame frame) {
        AVPixFmtDescriptor layout = avutil.av_pix_fmt_desc_get(frame.format());
        boolean readable = layout != null
                && !layout.isNull()
                && (layout.flags() & UNREADABLE) == 0
                && layout.comp(0).depth() >= 8
                && layout.comp(0).depth() <= 16;
        if (!readable) {
            throw new FlawedObject(Flaw.PIXEL_LAYOUT);
        }
        return layout;
    }

    private static Channel channel(AVFrame frame, AVPixFmtDescriptor layout, int index, boolean rgb) {
        AVComponentDescriptor component = layout.comp(index);
        boolean chroma = !rgb && index > 0;
        int across = chroma ? layout.log2_chroma_w() : 0;
        int down = chroma ? layout.log2_chroma_h() : 0;
        int columns = frame.width() + (1 << across) - 1 >> across;
        int stride = frame.linesize(component.plane());
        if (stride < (columns - 1) * component.step() + component.offset() + (component.depth() > 8 ? 2 : 1)) {
            throw new FlawedObject(Flaw.PIXEL_LAYOUT);
        }
        return new Channel(frame.data(component.plane()), stride, component, across, down);
    }

    private static boolean isFull(AVFrame frame, AVPixFmtDescriptor layout) {
        // Grey without more words comes from formats that use all of the range.
        String name = layout.name().getString();
        return frame.color_range() == avutil.AVCOL_RANGE_JPEG || name.startsWith("yuvj");
    }

    private static Matrix matrix(int told, boolean small) {
        return switch (told) {
            case avutil.AVCOL_SPC_BT709 -> Matrix.of(0.2126, 0.0722);
            case avutil.AVCOL_SPC_FCC -> Matrix.of(0.30, 0.11);
            case avutil.AVCOL_SPC_BT470BG, avutil.AVCOL_SPC_SMPTE170M -> Matrix.of(0.299, 0.114);
            case avutil.AVCOL_SPC_SMPTE240M -> Matrix.of(0.212, 0.087);
            case avutil.AVCOL_SPC_BT2020_NCL, avutil.AVCOL_SPC_BT2020_CL -> Matrix.of(0.2627, 0.0593);
            case avutil.AVCOL_SPC_YCGCO -> new Matrix(-1, 1, 1, 0, -1, -1);
            default -> small ? Matrix.of(0.299, 0.114) : Matrix.of(0.2126, 0.0722);
        };
    }

    private void read(Channel channel, int row, int width, int[] line) {
        AVComponentDescriptor sample = channel.sample();
        int columns = width + (1 << channel.across()) - 1 >> channel.across();
        int step = sample.step();
        int shift = sample.shift();
        int mask = (1 << sample.depth()) - 1;
        boolean wide = sample.depth() > 8;
        int length = (columns - 1) * step + sample.offset() + (wide ? 2 : 1);
        bytes = bytes.length < length ? new byte[length] : bytes;
        channel.plane().position((row >> channel.down()) * channel.stride()).get(bytes, 0, length);
        int at = sample.offset();
        for (int x = 0; x < columns; x++) {
            int value = wide ? (bytes[at + 1] & 0xff) << 8 | bytes[at] & 0xff : bytes[at] & 0xff;
            line[x] = value >> shift & mask;
            at += step;
        }
    }

    /// The same in whole numbers, for one depth and range.
    private record Factors(int black, int middle, int scale, int[] chroma) {

        static Factors of(Matrix matrix, int depth, boolean full) {
            double most = (1 << depth) - 1;
            double lumaRange = full ? most : 219 << depth - 8;
            double chromaRange = full ? most : 224 << depth - 8;
            return new Factors(full ? 0 : 16 << depth - 8, 1 << depth - 1, fixed(255 / lumaRange), new int[] {
                fixed(matrix.redU() * 255 / chromaRange),
                fixed(matrix.redV() * 255 / chromaRange),
                fixed(matrix.greenU() * 255 / chromaRange),
                fixed(matrix.greenV() * 255 / chromaRange),
                fixed(matrix.blueU() * 255 / chromaRange),
                fixed(matrix.blueV() * 255 / chromaRange)
            });
        }

        private static int fixed(double value) {
            return (int) Math.rint(value * (1 << FRACTION));
        }

        private static byte clip(int sum) {
            return (byte) Math.clamp(sum >> FRACTION, 0, 255);
        }

        void plain(int[] red, int[] green, int[] blue, int width, byte[] to, int from) {
            int out = from;
            for (int x = 0; x < width; x++) {
                to[out] = clip((red[x] - black) * scale + HALF);
                to[out + 1] = clip((green[x] - black) * scale + HALF);
                to[out + 2] = clip((blue[x] - black) * scale + HALF);
                out += 3;
            }
        }

        void mixed(int[][] lines, int across, int width, byte[] to, int from) {
            int[] luma = lines[0];
            int[] first = lines[1];
            int[] second = lines[2];
            int out = from;
            for (int x = 0; x < width; x++) {
                int y = (luma[x] - black) * scale + HALF;
                int u = first[x >> across] - middle;
                int v = second[x >> across] - middle;
                to[out] = clip(y + chroma[0] * u + chroma[1] * v);
                to[out + 1] = clip(y + chroma[2] * u + chroma[3] * v);
                to[out + 2] = clip(y + chroma[4] * u + chroma[5] * v);
                out += 3;
            }
        }
    }
}
