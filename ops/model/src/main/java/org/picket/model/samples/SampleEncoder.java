package org.picket.model.samples;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.picket.model.scene.Dice;

/// Encodes pictures as files: JPEG, PNG and WebP by OpenCV, GIF by the JDK with a fixed palette, AVIF and
/// videos by FFmpeg. In what moves a bird flies across the scene. Thread-safe.
final class SampleEncoder {
    private static final int PNG_LEVEL = 3;
    private static final int FRAMES = 4;
    private static final int FRAME_MILLIS = 250;
    private static final int VIDEO_FRAMES = 20;
    private static final int VIDEO_RATE = 5;
    private static final int BIRD_PART = 90;
    private static final Color BIRD = new Color(70, 60, 60);

    private SampleEncoder() {}

    static byte[] encode(BufferedImage image, SampleFormat format, Dice dice) {
        return switch (format) {
            case JPEG -> OpenCvFile.jpeg(image, dice.whole(86, 95));
            case WEBP -> OpenCvFile.webp(image, dice.whole(72, 90));
            case PNG -> OpenCvFile.png(image, PNG_LEVEL);
            case GIF -> gif(image);
            case AVIF -> FilmEncoder.encode(FilmEncoder.AVIF, film(image, 1), 1);
            case MP4 -> FilmEncoder.encode(FilmEncoder.MP4, film(image, VIDEO_FRAMES), VIDEO_RATE);
            case WEBM -> FilmEncoder.encode(FilmEncoder.WEBM, film(image, VIDEO_FRAMES), VIDEO_RATE);
            case APNG ->
                Stitching.apng(
                        film(image, FRAMES).stream()
                                .map(frame -> encode(frame, SampleFormat.PNG, dice))
                                .toList(),
                        FRAME_MILLIS);
            case ANIMATED_WEBP -> {
                List<byte[]> frames = film(image, FRAMES).stream()
                        .map(frame -> encode(frame, SampleFormat.WEBP, dice))
                        .toList();
                yield Stitching.webp(frames, image.getWidth() & ~1, image.getHeight() & ~1, FRAME_MILLIS);
            }
        };
    }

    /// The picture, cut to even sides, with a bird in another place each time.
    private static List<BufferedImage> film(BufferedImage image, int count) {
        int width = image.getWidth() & ~1;
        int height = image.getHeight() & ~1;
        int size = Math.max(2, Math.min(width, height) / BIRD_PART);
        List<BufferedImage> frames = new ArrayList<>();
        for (int frame = 0; frame < count; frame++) {
            BufferedImage copy = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = copy.createGraphics();
            graphics.drawImage(image, 0, 0, null);
            graphics.setColor(BIRD);
            graphics.fillOval(width * (frame + 1) / (count + 1), height / 8 + frame % 3 * size, 2 * size, size);
            graphics.dispose();
            frames.add(copy);
        }
        return frames;
    }

    private static byte[] gif(BufferedImage image) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(Palette.dither(image), "gif", file)) {
                throw new IllegalStateException("This JDK cannot write GIF pictures.");
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException("A picture in memory cannot fail.", impossible);
        }
        return file.toByteArray();
    }
}
