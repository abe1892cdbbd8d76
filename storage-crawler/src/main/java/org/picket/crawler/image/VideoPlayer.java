package org.picket.crawler.image;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/// Decodes the pictures of a video that a [VideoPlan] names.
final class VideoPlayer {

    private static final int CHANNELS = 3;

    private final Colours colours = new Colours();
    private final long maxPixels;

    VideoPlayer(long maxPixels) {
        this.maxPixels = maxPixels;
    }

    /// Gives each wanted picture, upright; a raster is only valid during the call that receives it. All of them
    /// have the size that the first one has. A sample that decodes to no picture, as some kinds have them, is
    /// passed over, but not a whole run of them.
    void play(Octets octets, Track track, VideoPlan plan, Consumer<Bicubic.Raster> sink) {
        try (PacketDecoder decoder = new PacketDecoder(track.compression(), track.setup(), maxPixels)) {
            Showing showing = new Showing(track, sink);
            for (VideoPlan.Run run : plan.runs()) {
                showing.begin(run);
                for (int sample = run.first(); sample <= run.last(); sample++) {
                    decoder.send(
                            octets.data(),
                            track.samples().from(sample),
                            track.samples().length(sample),
                            sample);
                    showing.receive(decoder);
                }
                decoder.drain();
                showing.receive(decoder);
                showing.end();
                decoder.restart();
            }
        }
    }

    private final class Showing {
        private final Track track;
        private final Consumer<Bicubic.Raster> sink;
        private VideoPlan.Run run = new VideoPlan.Run(0, 0, List.of());
        private byte[] pixels = new byte[0];
        private int width;
        private int height;
        private int given;

        Showing(Track track, Consumer<Bicubic.Raster> sink) {
            this.track = track;
            this.sink = sink;
        }

        void begin(VideoPlan.Run next) {
            run = next;
            given = 0;
        }

        void receive(PacketDecoder decoder) {
            for (Optional<AVFrame> frame = decoder.receive(); frame.isPresent(); frame = decoder.receive()) {
                if (run.wanted().contains((int) frame.get().pts())) {
                    show(frame.get());
                }
            }
        }

        private void show(AVFrame frame) {
            if (pixels.length == 0) {
                width = frame.width();
                height = frame.height();
                Header.checkPixels(width, height, maxPixels);
                pixels = new byte[Math.multiplyExact(Math.multiplyExact(width, height), CHANNELS)];
            }
            Colours.checkSize(frame, width, height);
            colours.rgb(frame, Optional.empty(), false, new Colours.Target(pixels, width, height, 0, 0));
            sink.accept(Turning.upright(new Bicubic.Raster(pixels, width, height), track.orientation()));
            given++;
        }

        void end() {
            if (given == 0) {
                throw new FlawedObject(Flaw.DATA);
            }
        }
    }
}
