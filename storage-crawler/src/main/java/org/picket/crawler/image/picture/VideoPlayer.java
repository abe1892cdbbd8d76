package org.picket.crawler.image.picture;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.FlawedObject;
import org.picket.crawler.image.structure.Header;
import org.picket.crawler.image.structure.Octets;
import org.picket.crawler.image.structure.Track;

/// Decodes the pictures of a video that a [VideoPlan] names.
final class VideoPlayer {

    private static final int CHANNELS = 3;
    /// Samples that are decoded beyond a run's last to find a picture in place of one that is not shown.
    private static final int MAX_BEYOND = 16;

    private final Colours colours = new Colours();
    private final long maxPixels;

    VideoPlayer(long maxPixels) {
        this.maxPixels = maxPixels;
    }

    /// What came of the pictures that a plan wants, over all calls that it is given to.
    ///
    /// @param pictures samples whose pictures were given
    /// @param missing wanted samples that gave none, and in whose place none was given
    record Shown(Set<Integer> pictures, Set<Integer> missing) {
        Shown() {
            this(new HashSet<>(), new HashSet<>());
        }
    }

    /// Gives each wanted picture, upright; a raster is only valid during the call that receives it. All of them
    /// have the size that the first one has. A sample that decodes to no picture, as some kinds have them, is
    /// served by the next one that does, where pictures are shown in the order in which they are coded; a run
    /// that gives none at all is a flaw, and so is a sample that gives two.
    void play(Octets octets, Track track, VideoPlan plan, Shown shown, Consumer<Bicubic.Raster> sink) {
        try (PacketDecoder decoder = new PacketDecoder(track.compression(), track.setup(), maxPixels)) {
            Showing showing = new Showing(track, shown, sink);
            for (VideoPlan.Run run : plan.runs()) {
                showing.begin(run);
                int beyond = track.compression().isShownInOrder() ? MAX_BEYOND : 0;
                int end = Math.min(track.samples().count() - 1, run.last() + beyond);
                for (int sample = run.first();
                        sample <= end && (sample <= run.last() || showing.isWaiting());
                        sample++) {
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
        private final Shown shown;
        private final Consumer<Bicubic.Raster> sink;
        private TreeSet<Integer> waiting = new TreeSet<>();
        /// Samples of this run that have given a picture.
        private final Set<Integer> came = new HashSet<>();
        private byte[] pixels = new byte[0];
        private int width;
        private int height;
        private int given;

        Showing(Track track, Shown shown, Consumer<Bicubic.Raster> sink) {
            this.track = track;
            this.shown = shown;
            this.sink = sink;
        }

        void begin(VideoPlan.Run next) {
            waiting = new TreeSet<>(next.wanted());
            came.clear();
            given = 0;
        }

        boolean isWaiting() {
            return !waiting.isEmpty();
        }

        void receive(PacketDecoder decoder) {
            for (Optional<AVFrame> frame = decoder.receive(); frame.isPresent(); frame = decoder.receive()) {
                int sample = (int) frame.get().pts();
                if (!came.add(sample)) {
                    // Some decoders would show the one, and some the other.
                    throw new FlawedObject(Flaw.STRUCTURE);
                }
                if (serves(sample)) {
                    show(frame.get());
                    shown.pictures().add(sample);
                }
            }
        }

        private boolean serves(int sample) {
            if (!track.compression().isShownInOrder()) {
                return waiting.remove(sample);
            }
            Set<Integer> served = waiting.headSet(sample, true);
            boolean any = !served.isEmpty();
            served.clear();
            return any;
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
            shown.missing().addAll(waiting);
        }
    }
}
