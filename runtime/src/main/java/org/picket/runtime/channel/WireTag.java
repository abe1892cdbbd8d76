package org.picket.runtime.channel;

import org.picket.proto.v1.SegmentEnd;
import org.picket.proto.v1.SupplyEnd;
import org.picket.proto.v1.ViewChunk;
import org.picket.proto.v1.ViewMessage;

/// Numbers of the wire format (protobuf encoding, "Message Structure"): a tag is field number times 8 plus wire
/// type.
final class WireTag {
    static final int TYPE_BITS = 3;
    static final int TYPE_MASK = 7;
    static final int VARINT = 0;
    static final int FIXED_64 = 1;
    static final int BYTES = 2;
    static final int FIXED_32 = 5;

    static final int CHUNK = ViewMessage.CHUNK_FIELD_NUMBER << TYPE_BITS | BYTES;
    static final int SEGMENT = ViewMessage.SEGMENT_FIELD_NUMBER << TYPE_BITS | BYTES;
    static final int END = ViewMessage.END_FIELD_NUMBER << TYPE_BITS | BYTES;
    static final int CHUNK_ORDINAL = ViewChunk.ORDINAL_FIELD_NUMBER << TYPE_BITS | VARINT;
    static final int CHUNK_VIEW = ViewChunk.VIEW_FIELD_NUMBER << TYPE_BITS | VARINT;
    static final int CHUNK_ENCODING = ViewChunk.ENCODING_FIELD_NUMBER << TYPE_BITS | VARINT;
    static final int CHUNK_PIXELS = ViewChunk.PIXELS_FIELD_NUMBER << TYPE_BITS | BYTES;
    static final int SEGMENT_FROM = SegmentEnd.FROM_FIELD_NUMBER << TYPE_BITS | VARINT;
    static final int SEGMENT_TO = SegmentEnd.TO_FIELD_NUMBER << TYPE_BITS | VARINT;
    static final int END_OBJECTS = SupplyEnd.OBJECTS_FIELD_NUMBER << TYPE_BITS | VARINT;

    private WireTag() {}
}
