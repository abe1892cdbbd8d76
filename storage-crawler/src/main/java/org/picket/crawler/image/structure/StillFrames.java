package org.picket.crawler.image.structure;

import java.util.List;

/// An animation each of whose frames can be wrapped up as a still picture of the same format.
///
/// @param header of the canvas
/// @param patches the frames in their order; at least one
/// @param stills the frames as pictures of their own, made when asked for
public record StillFrames(Header header, List<Patch> patches, Stills stills) {

    /// Wraps up frames.
    @FunctionalInterface
    public interface Stills {
        byte[] still(int index);
    }
}
