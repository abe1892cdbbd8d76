package org.picket.crawler.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// The frames of a GIF, decoded by the platform's reader: Java code, so that damage throws instead of
/// overwriting memory.
final class GifAnimation implements Animation {

    private final Octets octets;
    private final GifStructure.Outline outline;
    private final ImageReader reader;

    /// @param reader of [#reader()]; used by one animation at a time
    GifAnimation(Octets octets, GifStructure.Outline outline, ImageReader reader) {
        this.octets = octets;
        this.outline = outline;
        this.reader = reader;
    }

    static ImageReader reader() {
        ImageIO.setUseCache(false);
        return ImageIO.getImageReadersByFormatName("gif").next();
    }

    @Override
    public Header header() {
        return outline.header();
    }

    @Override
    public List<Patch> patches() {
        return outline.patches();
    }

    @Override
    public int[] pixels(int index) {
        if (index == 0) {
            reader.reset();
            reader.setInput(
                    new MemoryCacheImageInputStream(new ByteArrayInputStream(octets.data(), 0, octets.length())),
                    true,
                    true);
        }
        BufferedImage image = read(index);
        Patch patch = outline.patches().get(index);
        if (image.getWidth() != patch.width()
                || image.getHeight() != patch.height()
                || !(image.getColorModel() instanceof IndexColorModel colours)) {
            throw new FlawedObject(Flaw.SIZE_DIFFERS);
        }
        int[] palette = new int[256];
        for (int i = 0; i < Math.min(palette.length, colours.getMapSize()); i++) {
            int colour = colours.getRGB(i);
            palette[i] = colour >>> 24 == 255 ? colour : 0;
        }
        Raster raster = image.getRaster();
        int[] pixels = raster.getSamples(0, 0, patch.width(), patch.height(), 0, (int[]) null);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = palette[pixels[i]];
        }
        return pixels;
    }

    private BufferedImage read(int frame) {
        try {
            return reader.read(frame);
        } catch (IOException | RuntimeException damaged) {
            // The platform's reader answers damage with whatever exception it runs into.
            throw new FlawedObject(Flaw.DATA);
        }
    }
}
