package org.picket.crawler.image.structure;

/// Why an object has no views. None of them says anything about what the picture shows.
public enum Reason {
    /// The first bytes are those of no format known here.
    UNKNOWN_FORMAT,
    /// The object has no bytes.
    EMPTY,
    /// The object ends before its picture does.
    TRUNCATED,
    /// The object contradicts its format.
    CORRUPT,
    /// The picture has more pixels than [DecoderSettings#maxPixels()], by its header or over its frames.
    TOO_MANY_PIXELS,
    /// The object has more bytes than [DecoderSettings#maxObjectBytes()].
    TOO_LARGE,
    /// One side of the picture is more than eight times the other, or a video has more or rarer pictures than
    /// can be looked at.
    TOO_LONG,
    /// A format, or a variant of one, that is recognised and not decoded yet; the detail names it.
    UNSUPPORTED,
    /// The decoder died of the object twice, the second time in a fresh process.
    DECODER_CRASHED,
    /// The decoder did not answer within [DecoderSettings#deadline()].
    DECODER_TIMED_OUT,
    /// The decoder needed more memory than it may have.
    DECODER_OUT_OF_MEMORY
}
