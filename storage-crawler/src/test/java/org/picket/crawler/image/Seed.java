package org.picket.crawler.image;

import java.util.List;
import java.util.stream.Stream;
import org.picket.crawler.image.picture.JxlPresence;

/// A sound frozen file that damage is done to.
///
/// @param name of the file among the vectors
/// @param checksummed whether a change of any byte that matters is found by a checksum of the format
/// @param pieces whether it is a stream of pieces of which any may be the last: cut behind one, it is whole
/// @param tail whether the format knows its own end, so that bytes behind it change nothing
record Seed(String name, boolean checksummed, boolean pieces, boolean tail) {

    /// One of each format and coding that is decoded: a new one joins by a line here.
    private static final List<Seed> EVERYWHERE = List.of(
            checksummed("four-thirds.png"),
            checksummed("mode-P.png"),
            checksummed("rgba.png"),
            checksummed("rgb16.png"),
            checksummed("palette-keyed.png"),
            plain("420.jpg"),
            plain("progressive.jpg"),
            plain("restart.jpg"),
            plain("grey.jpg"),
            plain("cmyk.jpg"),
            plain("turned-6.jpg"),
            plain("lossy.webp"),
            plain("lossless.webp"),
            plain("alpha-lossless.webp"),
            plain("alpha-lossy.webp"),
            plain("still.gif"),
            plain("keyed.gif"),
            plain("animated-keep.gif"),
            checksummed("animated.png"),
            checksummed("blended.png"),
            plain("animated.webp"),
            plain("blended.webp"),
            boxed("420.avif"),
            boxed("alpha.avif"),
            boxed("grid.avif"),
            boxed("sequence.avif"),
            boxed("still.heic"),
            boxed("alpha.heic"),
            boxed("h264.mp4"),
            boxed("av1.mp4"),
            boxed("hevc-10.mp4"),
            streamed("fragmented.mp4"),
            boxed("h264.mkv"),
            boxed("vp8.webm"),
            boxed("vp9.webm"),
            streamed("live.webm"),
            boxed("scene.bmp"),
            boxed("palette.bmp"));

    private static final List<Seed> JXL = List.of(boxed("lossless.jxl"), boxed("lossy.jxl"), boxed("animated.jxl"));

    /// Those that this machine can decode.
    static List<Seed> all() {
        return JxlPresence.isThere()
                ? Stream.concat(EVERYWHERE.stream(), JXL.stream()).toList()
                : EVERYWHERE;
    }

    private static Seed checksummed(String name) {
        return new Seed(name, true, false, true);
    }

    private static Seed streamed(String name) {
        return new Seed(name, false, true, false);
    }

    private static Seed boxed(String name) {
        return new Seed(name, false, false, false);
    }

    private static Seed plain(String name) {
        return new Seed(name, false, false, true);
    }
}
