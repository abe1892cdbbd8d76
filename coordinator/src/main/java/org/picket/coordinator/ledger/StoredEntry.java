package org.picket.coordinator.ledger;

import com.google.protobuf.ByteString;
import java.util.Optional;
import org.picket.proto.seal.Digest;

/// One entry of a ledger, as it was written.
///
/// @param seq its number, from 0
/// @param body a serialised `LedgerBody`: the leaf's bytes
/// @param leaf the leaf hash that was stored beside it; none in an exported copy. It proves nothing, but shows
///     where a body was changed
public record StoredEntry(long seq, ByteString body, Optional<Digest> leaf) {
    /// An entry of an exported copy.
    public StoredEntry(long seq, ByteString body) {
        this(seq, body, Optional.empty());
    }
}
