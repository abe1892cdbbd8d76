package org.picket.crawler.image;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/// Makes the views of one object: structure, geometry, decode, orientation, transparency, resize, tiles.
///
/// Transparency: colour over an opaque ground is `(colour * alpha + ground * (255 - alpha)) / 255`, rounded to
/// nearest (as Pillow's paste with a mask), before resizing. A picture with any pixel that is not opaque gives
/// its views over white and again over black, since either may hide what the other shows.
///
/// Runs in the child only. Not thread-safe: buffers are kept between objects.
final class PictureDecoder {

    private static final int WHITE = 255;
    private static final int BLACK = 0;
    private static final int OPAQUE = 255;

    private final long maxPixels;
    private Bicubic bicubic = new Bicubic();
    private GifFrames gifFrames = new GifFrames();
    private byte[] pixels = new byte[0];
    private BytePointer encoded = new BytePointer(1L);

    PictureDecoder(long maxPixels) {
        this.maxPixels = maxPixels;
        opencv_core.setNumThreads(0);
        opencv_core.setUseOptimized(true);
    }

    /// The views of an object and the format they came from.
    record Picture(Format format, List<byte[]> views) {}

    /// Decodes the first `length` bytes of `object`; throws [FlawedObject] if they are no whole picture.
    Picture decode(Octets octets, int size) {
        return decode(octets, size, maxPixels);
    }

    /// As the other one, with a bound on pixels for this object.
    Picture decode(Octets octets, int size, long most) {
        Format format = Format.sniff(octets.data(), octets.length()).orElseThrow(() -> new FlawedObject(Flaw.UNKNOWN));
        format.unsupported().ifPresent(flaw -> {
            throw new FlawedObject(flaw);
        });
        List<byte[]> views = new ArrayList<>();
        if (format == Format.GIF) {
            GifStructure.Animation animation = GifStructure.read(octets, most);
            Geometry geometry = Geometry.of(animation.header(), size);
            gifFrames.render(octets, animation, raster -> addViews(raster, geometry, views));
            return new Picture(format, views);
        }
        Header header = header(format, octets, most);
        Geometry geometry = Geometry.of(header, size);
        try (Mat mat = mat(octets, header, geometry)) {
            rasters(mat, header, geometry, views);
        }
        return new Picture(format, views);
    }

    /// Bytes of the buffers that are kept for the next object and grow with the largest one so far.
    long heldBytes() {
        return pixels.length + gifFrames.heldBytes();
    }

    /// Lets go of all buffers, for the rare time that a huge picture has blown them up.
    void release() {
        pixels = new byte[0];
        encoded.close();
        encoded = new BytePointer(1L);
        bicubic = new Bicubic();
        gifFrames = new GifFrames();
        // The one way to have the collector hand memory back to the system; the live set is small.
        System.gc();
    }

    private static Header header(Format format, Octets octets, long maxPixels) {
        return switch (format) {
            case JPEG -> JpegStructure.read(octets, maxPixels);
            case PNG -> PngStructure.read(octets, maxPixels);
            case WEBP -> WebpStructure.read(octets, maxPixels);
            case GIF, AVIF, HEIC, JXL, JPEG_2000, BMP, TIFF, ICO, PSD, SVG, PDF, MP4, MATROSKA, AVI, OGG ->
                throw new IllegalStateException(format + " has no still header");
        };
    }

    /// The decoded, upright picture: RGB, or BGR(A) of 8 or 16 bits where the header says that it may be
    /// transparent.
    private Mat mat(Octets octets, Header header, Geometry geometry) {
        int length = octets.length();
        if (encoded.capacity() < length) {
            encoded.close();
            encoded = new BytePointer((long) length);
        }
        encoded.position(0).put(octets.data(), 0, length);
        Mat mat;
        try (Mat bytes = new Mat(1, length, opencv_core.CV_8UC1, encoded)) {
            mat = opencv_imgcodecs.imdecode(bytes, flags(header, geometry));
        } catch (RuntimeException refused) {
            // OpenCV's own exceptions, by message only.
            throw new FlawedObject(DecoderComplaints.flaw(refused.toString()).orElse(Flaw.DATA));
        }
        boolean empty = mat.empty();
        if (empty || mat.cols() != geometry.decodedWidth() || mat.rows() != geometry.decodedHeight()) {
            mat.close();
            throw new FlawedObject(empty ? Flaw.DATA : Flaw.SIZE_DIFFERS);
        }
        return upright(mat, header.orientation());
    }

    private static int flags(Header header, Geometry geometry) {
        if (header.alpha()) {
            // Implies that neither colour nor orientation is touched.
            return opencv_imgcodecs.IMREAD_UNCHANGED;
        }
        // RGB instead of OpenCV's BGR, which excludes the bit for colour that the named reductions carry.
        int reduction = switch (geometry.reduction()) {
            case 8 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_8;
            case 4 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_4;
            case 2 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_2;
            default -> 0;
        };
        return reduction | opencv_imgcodecs.IMREAD_COLOR_RGB | opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
    }

    private static Mat upright(Mat mat, int orientation) {
        if (orientation == Orientation.UPRIGHT) {
            return mat;
        }
        try (mat) {
            Mat turned = new Mat();
            if (Orientation.swapsSides(orientation)) {
                opencv_core.transpose(mat, turned);
            } else {
                mat.copyTo(turned);
            }
            switch (orientation) {
                case 2, 6 -> opencv_core.flip(turned, turned, 1);
                case 4, 8 -> opencv_core.flip(turned, turned, 0);
                case 3, 7 -> opencv_core.flip(turned, turned, -1);
                default -> {}
            }
            return turned;
        }
    }

    private void rasters(Mat mat, Header header, Geometry geometry, List<byte[]> views) {
        int width = mat.cols();
        int height = mat.rows();
        int bytes = Math.multiplyExact(Math.multiplyExact(width, height), 3);
        if (pixels.length < bytes) {
            pixels = new byte[bytes];
        }
        if (!header.alpha()) {
            if (mat.type() != opencv_core.CV_8UC3 || !mat.isContinuous()) {
                throw new FlawedObject(Flaw.DATA);
            }
            try (BytePointer data = mat.data()) {
                data.get(pixels, 0, bytes);
            }
            addViews(new Bicubic.Raster(pixels, width, height), geometry, views);
            return;
        }
        boolean transparent = flatten(mat, WHITE);
        addViews(new Bicubic.Raster(pixels, width, height), geometry, views);
        if (transparent) {
            flatten(mat, BLACK);
            addViews(new Bicubic.Raster(pixels, width, height), geometry, views);
        }
    }

    /// Lays the picture over `ground` into [#pixels]; whether any pixel let the ground through.
    private boolean flatten(Mat mat, int ground) {
        int depth = mat.depth() == opencv_core.CV_16U ? 2 : 1;
        int channels = mat.channels();
        if (channels < 3 || mat.depth() != opencv_core.CV_8U && mat.depth() != opencv_core.CV_16U) {
            throw new FlawedObject(Flaw.DATA);
        }
        // Of 16 bits, stored in little-endian order here, the upper eight are kept, as libpng does.
        int high = depth - 1;
        byte[] row = new byte[mat.cols() * channels * depth];
        boolean transparent = false;
        int out = 0;
        for (int y = 0; y < mat.rows(); y++) {
            try (BytePointer data = mat.ptr(y)) {
                data.get(row, 0, row.length);
            }
            for (int in = high; in < row.length; in += channels * depth) {
                int alpha = channels == 4 ? row[in + 3 * depth] & 0xff : OPAQUE;
                transparent |= alpha != OPAQUE;
                pixels[out] = over(row[in + 2 * depth] & 0xff, alpha, ground);
                pixels[out + 1] = over(row[in + depth] & 0xff, alpha, ground);
                pixels[out + 2] = over(row[in] & 0xff, alpha, ground);
                out += 3;
            }
        }
        return transparent;
    }

    private static byte over(int colour, int alpha, int ground) {
        int sum = colour * alpha + ground * (OPAQUE - alpha) + 128;
        return (byte) ((sum >> 8) + sum >> 8);
    }

    private void addViews(Bicubic.Raster raster, Geometry geometry, List<byte[]> views) {
        byte[] resized = bicubic.resize(raster, geometry.width(), geometry.height(), geometry.window());
        views.addAll(List.of(geometry.cut(resized)));
    }
}
