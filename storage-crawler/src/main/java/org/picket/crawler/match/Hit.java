package org.picket.crawler.match;

import com.google.protobuf.ByteString;
import org.picket.proto.v1.HashType;
import org.picket.proto.v1.ListHit;

/// An object on a list.
///
/// @param list its number
/// @param value the entry's
/// @param distance PDQ: from the entry, in bits
/// @param quality PDQ: of the object's picture
public record Hit(long list, HashType type, ByteString value, int distance, int quality) {
    static Hit exact(long list, HashType type, byte[] value) {
        return new Hit(list, type, ByteString.copyFrom(value), 0, 0);
    }

    public ListHit wire() {
        return ListHit.newBuilder()
                .setListId(list)
                .setType(type)
                .setValue(value)
                .setDistance(distance)
                .setQuality(quality)
                .build();
    }

    /// Names no hash, whatever it is printed into.
    @Override
    public String toString() {
        return "Hit[list " + list + ", " + type + "]";
    }
}
