package org.picket.crawler.supply;

import com.google.protobuf.ByteString;
import org.picket.crawler.match.ListSet;
import org.picket.proto.v1.HashType;
import org.picket.proto.v1.ListInForce;
import org.picket.proto.v1.ListKind;
import org.picket.proto.v1.ListTerms;
import org.picket.proto.v1.ListsInForce;

/// Sets of one list each.
final class ShortLists {
    private ShortLists() {}

    static ListSet of(long list, HashType type, byte[]... values) {
        return of(list, ListKind.DENY, type, values);
    }

    static ListSet of(long list, ListKind kind, HashType type, byte[]... values) {
        ListInForce terms = ListInForce.newBuilder()
                .setId(list)
                .setTerms(
                        ListTerms.newBuilder().setKind(kind).setMaxDistance(31).setMinQuality(50))
                .build();
        ListsInForce.Builder head = ListsInForce.newBuilder().addLists(terms);
        switch (type) {
            case SHA256 -> head.setSha256(values.length);
            case PDQ -> head.setPdq(values.length);
            default -> throw new IllegalArgumentException(type.name());
        }
        ListSet.Builder builder = new ListSet.Builder(head.build());
        for (byte[] value : values) {
            builder.add(list, type, ByteString.copyFrom(value));
        }
        return builder.build();
    }
}
