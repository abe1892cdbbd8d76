package org.picket.coordinator.finding;

import java.util.Objects;
import org.picket.proto.v1.InconclusiveReason;

/// A ruling that nothing can be said about an object: never guilty, never innocent.
///
/// @param object where it is
/// @param reason why
/// @param detail for people; names no key and holds no content
public record InconclusiveObject(ObjectReference object, InconclusiveReason reason, String detail) {
    /// Longest detail that is kept, in characters.
    static final int DETAIL_CHARACTERS = 500;

    public InconclusiveObject {
        Objects.requireNonNull(object);
        Objects.requireNonNull(reason);
        detail = detail.length() > DETAIL_CHARACTERS ? detail.substring(0, DETAIL_CHARACTERS) : detail;
    }
}
