package org.picket.crawler.image.picture;

import java.util.List;
import org.picket.crawler.image.structure.Header;
import org.picket.crawler.image.structure.Patch;
import org.picket.crawler.image.structure.StillFrames;

/// An animation whose frames a decoder of still pictures decodes.
record StillAnimation(StillFrames frames, OpenCv decoder) implements Animation {

    @Override
    public Header header() {
        return frames.header();
    }

    @Override
    public List<Patch> patches() {
        return frames.patches();
    }

    @Override
    public int[] pixels(int index) {
        Patch patch = frames.patches().get(index);
        return decoder.argb(frames.stills().still(index), patch.width(), patch.height());
    }
}
