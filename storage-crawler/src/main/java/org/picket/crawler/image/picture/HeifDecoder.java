package org.picket.crawler.image.picture;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.FlawedObject;
import org.picket.crawler.image.structure.HeifStructure;

/// Decodes the still picture of an AVIF or HEIC tile by tile.
final class HeifDecoder {

    private static final int CHANNELS = 3;

    private final Colours colours = new Colours();
    private final long maxPixels;

    HeifDecoder(long maxPixels) {
        this.maxPixels = maxPixels;
    }

    /// The picture over each ground that it has to be seen over: as it is where it is opaque, else over white
    /// and over black.
    List<Bicubic.Raster> rasters(HeifStructure.Still still) {
        Bicubic.Raster colour =
                decode(still.colour(), (frame, target) -> colours.rgb(frame, still.colours(), true, target));
        Optional<byte[]> alpha = still.alpha()
                .map(plane -> decode(plane, colours::alpha).pixels())
                .filter(HeifDecoder::isTransparent);
        return alpha.map(mask -> List.of(over(colour, mask, Ground.WHITE), over(colour, mask, Ground.BLACK)))
                .orElse(List.of(colour));
    }

    private static boolean isTransparent(byte[] mask) {
        for (int i = 0; i < mask.length; i += CHANNELS) {
            if (mask[i] != -1) {
                return true;
            }
        }
        return false;
    }

    private static Bicubic.Raster over(Bicubic.Raster colour, byte[] mask, int ground) {
        byte[] pixels = new byte[mask.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = Ground.blend(colour.pixels()[i] & 0xff, mask[i] & 0xff, ground);
        }
        return new Bicubic.Raster(pixels, colour.width(), colour.height());
    }

    private Bicubic.Raster decode(HeifStructure.Plane plane, BiConsumer<AVFrame, Colours.Target> writer) {
        int rows = plane.tiles().size() / plane.columns();
        byte[] pixels = new byte[Math.multiplyExact(Math.multiplyExact(plane.width(), plane.height()), CHANNELS)];
        int tileWidth = plane.width();
        int tileHeight = plane.height();
        for (int i = 0; i < plane.tiles().size(); i++) {
            HeifStructure.Tile tile = plane.tiles().get(i);
            try (PacketDecoder decoder = new PacketDecoder(tile.compression(), tile.setup(), maxPixels)) {
                decoder.send(tile.data(), 0, tile.data().length, 0);
                AVFrame frame = decoder.receive().orElseGet(() -> last(decoder));
                if (i == 0 && plane.grid()) {
                    tileWidth = frame.width();
                    tileHeight = frame.height();
                    boolean covers = (long) tileWidth * plane.columns() >= plane.width()
                            && (long) tileHeight * rows >= plane.height()
                            && (long) tileWidth * (plane.columns() - 1) < plane.width()
                            && (long) tileHeight * (rows - 1) < plane.height();
                    if (!covers) {
                        throw new FlawedObject(Flaw.SIZE_DIFFERS);
                    }
                }
                Colours.checkSize(frame, tileWidth, tileHeight);
                int x = i % plane.columns() * tileWidth;
                int y = i / plane.columns() * tileHeight;
                writer.accept(frame, new Colours.Target(pixels, plane.width(), plane.height(), x, y));
            }
        }
        return new Bicubic.Raster(pixels, plane.width(), plane.height());
    }

    private static AVFrame last(PacketDecoder decoder) {
        decoder.drain();
        return decoder.receive().orElseThrow(() -> new FlawedObject(Flaw.DATA));
    }
}
