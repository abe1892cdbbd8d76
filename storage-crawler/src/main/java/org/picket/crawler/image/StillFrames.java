package org.picket.crawler.image;

import java.util.List;

/// An animation each of whose frames can be wrapped up as a still picture of the same format, which a decoder
/// of still pictures then decodes.
///
/// @param stills the frames as pictures of their own, made when asked for
record StillFrames(Header header, List<Patch> patches, Stills stills, OpenCv decoder) implements Animation {

    /// Wraps up frames.
    @FunctionalInterface
    interface Stills {
        byte[] still(int index);
    }

    @Override
    public int[] pixels(int index) {
        Patch patch = patches.get(index);
        return decoder.argb(stills.still(index), patch.width(), patch.height());
    }
}
