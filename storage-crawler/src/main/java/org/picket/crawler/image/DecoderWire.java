package org.picket.crawler.image;

/// The frames between [DecoderChild] and [DecoderProcess], big-endian. Each side checks every field against its
/// bounds before it acts on it; the parent treats any breach as the death of the child.
///
/// | frame | fields |
/// |---|---|
/// | request | magic, sequence, length, view size (4 x int), most pixels (long), then `length` bytes |
/// | reply | magic, sequence (2 x int), kind, code (2 x byte), count (short), bytes per view (int), then the views |
///
/// Kind [#READY]: sent once after the start, sequence 0; code is [#UNLISTED] or [#LISTED]. Kind [#VIEWS]: code is the
/// number of the [Format].
/// Kind [#FLAWED]: code is the number of the [Flaw].
final class DecoderWire {

    static final int REQUEST_MAGIC = 0x504b_5451;
    static final int REPLY_MAGIC = 0x504b_5452;
    static final int REQUEST_BYTES = 24;
    static final int REPLY_BYTES = 16;

    static final int READY = 0;
    /// The child can make any call of the kernel.
    static final int UNLISTED = 0;
    /// The child has given up all calls of the kernel but those of a short list.
    static final int LISTED = 1;
    static final int VIEWS = 1;
    static final int FLAWED = 2;

    /// The largest side of a view that any model here wants.
    static final int MAX_VIEW_SIZE = 1024;

    private DecoderWire() {}

    static int viewBytes(int size) {
        return size * size * 3;
    }
}
