package org.picket.model.samples;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/// Pictures as files of JPEG, PNG or WebP, written by OpenCV. Thread-safe.
public final class OpenCvFile {
    private OpenCvFile() {}

    /// @param quality 0 to 100
    public static byte[] jpeg(BufferedImage image, int quality) {
        return encode(image, ".jpg", opencv_imgcodecs.IMWRITE_JPEG_QUALITY, quality);
    }

    /// @param quality 1 to 100
    public static byte[] webp(BufferedImage image, int quality) {
        return encode(image, ".webp", opencv_imgcodecs.IMWRITE_WEBP_QUALITY, quality);
    }

    /// @param level of compression, 0 to 9
    public static byte[] png(BufferedImage image, int level) {
        return encode(image, ".png", opencv_imgcodecs.IMWRITE_PNG_COMPRESSION, level);
    }

    private static byte[] encode(BufferedImage image, String extension, int setting, int value) {
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        byte[] blueGreenRed = new byte[pixels.length * 3];
        for (int at = 0; at < pixels.length; at++) {
            blueGreenRed[at * 3] = (byte) pixels[at];
            blueGreenRed[at * 3 + 1] = (byte) (pixels[at] >> 8);
            blueGreenRed[at * 3 + 2] = (byte) (pixels[at] >> 16);
        }
        try (PointerScope scope = new PointerScope()) {
            BytePointer raw = new BytePointer(blueGreenRed);
            scope.attach(raw);
            Mat mat = new Mat(image.getHeight(), image.getWidth(), opencv_core.CV_8UC3, raw);
            BytePointer encoded = new BytePointer();
            if (!opencv_imgcodecs.imencode(extension, mat, encoded, new IntPointer(setting, value))) {
                throw new IllegalStateException("OpenCV cannot write " + extension + " pictures on this machine");
            }
            byte[] file = new byte[(int) encoded.limit()];
            encoded.get(file);
            return file;
        }
    }
}
