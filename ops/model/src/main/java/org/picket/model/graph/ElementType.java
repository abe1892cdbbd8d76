package org.picket.model.graph;

import java.util.Arrays;
import java.util.Optional;

/// Element types of tensors that a bundle's graph may meet at its joints, with their numbers in the format.
public enum ElementType {
    FLOAT(1, 4),
    UINT8(2, 1),
    INT32(6, 4),
    INT64(7, 8),
    FLOAT16(10, 2);

    private final int number;
    private final int bytes;

    ElementType(int number, int bytes) {
        this.number = number;
        this.bytes = bytes;
    }

    /// The number in the model format.
    public int number() {
        return number;
    }

    /// Bytes of one element.
    public int bytes() {
        return bytes;
    }

    /// The type of a number of the format; empty where it is none of these.
    public static Optional<ElementType> of(int number) {
        return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
    }
}
