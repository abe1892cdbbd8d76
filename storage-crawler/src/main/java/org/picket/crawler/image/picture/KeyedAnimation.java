package org.picket.crawler.image.picture;

import java.util.List;
import org.picket.crawler.image.structure.Header;
import org.picket.crawler.image.structure.KeyedGrey;
import org.picket.crawler.image.structure.Patch;

/// A [KeyedGrey] as an animation of one frame.
record KeyedAnimation(KeyedGrey picture, OpenCv decoder) implements Animation {

    @Override
    public Header header() {
        return picture.header();
    }

    @Override
    public List<Patch> patches() {
        Header header = picture.header();
        return List.of(new Patch(0, 0, header.width(), header.height(), false, Patch.Disposal.KEEP, Patch.shown(0)));
    }

    @Override
    public int[] pixels(int index) {
        Header header = picture.header();
        return decoder.keyed(picture.opaque(), header.width(), header.height(), picture.shade());
    }
}
