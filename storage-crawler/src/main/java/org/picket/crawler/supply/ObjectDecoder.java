package org.picket.crawler.supply;

/// Makes views of an object's bytes. May be called by as many threads as [SupplySettings#decoders] at once, and
/// blocks them.
@FunctionalInterface
public interface ObjectDecoder {
    /// @param bytes the whole object
    /// @param viewSize side of a view in pixels
    /// @param maxPixels the largest picture to decode
    /// @param fingerprinted whether fingerprints are asked for, which cost a little time
    Viewed decode(byte[] bytes, int viewSize, long maxPixels, boolean fingerprinted);
}
