package org.picket.coordinator;

import com.google.protobuf.ByteString;
import java.util.Optional;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.InconclusiveReason;

/// An object of a storage in a test.
///
/// @param key its name
/// @param content stands for its bytes
/// @param score of its one view
/// @param trouble why it makes no view, where it makes none
record Item(String key, String content, double score, Optional<InconclusiveReason> trouble) {
    static Item clean(String key) {
        return new Item(key, "content of " + key, 0.1, Optional.empty());
    }

    static Item flagged(String key) {
        return new Item(key, "content of " + key, 0.9, Optional.empty());
    }

    Item holding(String other) {
        return new Item(key, other, score, trouble);
    }

    Item failing(InconclusiveReason reason) {
        return new Item(key, content, score, Optional.of(reason));
    }

    String version() {
        return sha256().hex().substring(0, 16);
    }

    Digest sha256() {
        return Digest.of(ByteString.copyFromUtf8(content));
    }

    ByteString view() {
        return Digest.of(ByteString.copyFromUtf8("view of " + content)).bytes();
    }
}
