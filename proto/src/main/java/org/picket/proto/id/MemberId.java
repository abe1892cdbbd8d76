package org.picket.proto.id;

/// An enrolled agent, crawler or administrator.
///
/// @param value positive
public record MemberId(long value) {
    public MemberId {
        if (value <= 0) {
            throw new IllegalArgumentException("MemberId must be positive, not " + value);
        }
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
