package org.picket.bench.decode;

import org.picket.crawler.image.picture.PictureDecoder;
import org.picket.crawler.image.structure.Octets;

/// The picture decoder without its child process: only for benches, which show what the isolation costs, and
/// only for pictures that they have made themselves. Not thread-safe.
final class BareDecoder {
    private final PictureDecoder decoder;

    /// @param maxPixels as in [org.picket.crawler.image.DecoderSettings]
    BareDecoder(long maxPixels) {
        this.decoder = new PictureDecoder(maxPixels);
    }

    /// Decodes an object and drops its views.
    ///
    /// @return how many there were
    int views(byte[] object, int viewSize) {
        return decoder.decode(new Octets(object, object.length), viewSize)
                .views()
                .size();
    }
}
