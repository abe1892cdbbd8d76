package org.picket.crawler.image.picture;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.FlawedObject;

/// Decodes still pictures by OpenCV, whose native decoders see nothing that its structure does not vouch for.
/// Not thread-safe: the buffer for encoded bytes is kept.
final class OpenCv {

    private static final int OPAQUE = 0xff000000;

    private BytePointer encoded = new BytePointer(1L);

    OpenCv() {
        opencv_core.setNumThreads(0);
        opencv_core.setUseOptimized(true);
    }

    void release() {
        encoded.close();
        encoded = new BytePointer(1L);
    }

    /// The decoded picture of exactly this size, to be closed by the caller.
    ///
    /// @param flags of `imdecode`
    Mat decode(byte[] object, int length, int flags, int width, int height) {
        if (encoded.capacity() < length) {
            encoded.close();
            encoded = new BytePointer((long) length);
        }
        encoded.position(0).put(object, 0, length);
        Mat mat;
        try (Mat bytes = new Mat(1, length, opencv_core.CV_8UC1, encoded)) {
            mat = opencv_imgcodecs.imdecode(bytes, flags);
        } catch (RuntimeException refused) {
            // OpenCV's own exceptions, by message only.
            throw new FlawedObject(DecoderComplaints.flaw(refused.toString()).orElse(Flaw.DATA));
        }
        boolean empty = mat.empty();
        if (empty || mat.cols() != width || mat.rows() != height) {
            mat.close();
            throw new FlawedObject(empty ? Flaw.DATA : Flaw.SIZE_DIFFERS);
        }
        return mat;
    }

    /// A grey picture of 8 or 16 bits as ARGB, with one shade transparent.
    int[] keyed(byte[] still, int width, int height, int shade) {
        try (Mat mat = decode(still, still.length, opencv_imgcodecs.IMREAD_UNCHANGED, width, height)) {
            int bytes = mat.depth() == opencv_core.CV_16U ? 2 : 1;
            if (mat.channels() != 1 || mat.depth() != opencv_core.CV_8U && mat.depth() != opencv_core.CV_16U) {
                throw new FlawedObject(Flaw.DATA);
            }
            byte[] row = new byte[width * bytes];
            int[] pixels = new int[width * height];
            for (int y = 0; y < height; y++) {
                try (BytePointer data = mat.ptr(y)) {
                    data.get(row, 0, row.length);
                }
                for (int x = 0; x < width; x++) {
                    int high = row[x * bytes + bytes - 1] & 0xff;
                    int value = bytes == 1 ? high : high << 8 | row[x * bytes] & 0xff;
                    pixels[y * width + x] = value == shade ? 0 : OPAQUE | high * 0x010101;
                }
            }
            return pixels;
        }
    }

    /// A whole picture, of any number of channels and of 8 or 16 bits, as ARGB not multiplied by alpha. Of 16
    /// bits the upper eight are kept.
    int[] argb(byte[] still, int width, int height) {
        try (Mat mat = decode(still, still.length, opencv_imgcodecs.IMREAD_UNCHANGED, width, height)) {
            int bytes = mat.depth() == opencv_core.CV_16U ? 2 : 1;
            int channels = mat.channels();
            boolean known = channels == 1 || channels == 3 || channels == 4;
            if (!known || mat.depth() != opencv_core.CV_8U && mat.depth() != opencv_core.CV_16U) {
                throw new FlawedObject(Flaw.DATA);
            }
            int high = bytes - 1;
            int blue = high;
            int green = channels == 1 ? high : bytes + high;
            int red = channels == 1 ? high : 2 * bytes + high;
            byte[] row = new byte[width * channels * bytes];
            int[] pixels = new int[width * height];
            for (int y = 0; y < height; y++) {
                try (BytePointer data = mat.ptr(y)) {
                    data.get(row, 0, row.length);
                }
                for (int x = 0; x < width; x++) {
                    int in = x * channels * bytes;
                    int alpha = channels == 4 ? row[in + 3 * bytes + high] << 24 : OPAQUE;
                    pixels[y * width + x] = alpha
                            | (row[in + red] & 0xff) << 16
                            | (row[in + green] & 0xff) << 8
                            | row[in + blue] & 0xff;
                }
            }
            return pixels;
        }
    }
}
