package org.picket.crawler.image;

/// The picture decoder without its child process: only for benches, which show what the isolation costs, and
/// only for pictures that they have made themselves. Not thread-safe.
public final class BareDecoder {
    private final PictureDecoder decoder;

    /// @param maxPixels as in [DecoderSettings]
    public BareDecoder(long maxPixels) {
        this.decoder = new PictureDecoder(maxPixels);
    }

    /// Decodes an object and drops its views.
    ///
    /// @return how many there were
    public int views(byte[] object, int viewSize) {
        return decoder.decode(new Octets(object, object.length), viewSize)
                .views()
                .size();
    }
}
