package org.picket.crawler.image.picture;

import java.util.List;
import org.picket.crawler.image.structure.Header;
import org.picket.crawler.image.structure.Patch;

/// An animation whose structure is sound to its end.
interface Animation {

    /// The canvas.
    Header header();

    /// The frames in their order; at least one.
    List<Patch> patches();

    /// The pixels of one frame's rectangle, row by row, ARGB with colour not multiplied by alpha. Asked for in
    /// ascending order, from 0 on, and once more from 0 on; the array is the caller's until the next call.
    ///
    /// @throws FlawedObject if it cannot be decoded to its end
    int[] pixels(int index);
}
