package org.picket.runtime.channel;

import java.util.Objects;
import java.util.Optional;
import org.picket.proto.seal.Digest;

/// The pixels of one view: rows from the top, 3 bytes a pixel, red first.
///
/// Whoever holds a view last calls [#release], after which nobody may touch the array. Until then nobody may
/// change it. In one process a view goes from decoder to model as this same object, so that its digest is
/// computed once; a view that came over a socket is another object, and its digest is computed from the bytes
/// that arrived.
///
/// Safe to hand from thread to thread; two threads that ask for the digest at once may both compute it.
public final class Pixels {
    private final byte[] array;
    private final Optional<PixelPool> pool;
    private volatile Optional<Digest> digest = Optional.empty();

    private Pixels(byte[] array, Optional<PixelPool> pool) {
        this.array = Objects.requireNonNull(array);
        this.pool = pool;
    }

    /// Wraps an array that the caller gives up.
    public static Pixels of(byte[] array) {
        return new Pixels(array, Optional.empty());
    }

    /// Wraps an array that goes to a pool when it is released.
    public static Pixels pooled(byte[] array, PixelPool pool) {
        return new Pixels(array, Optional.of(pool));
    }

    /// The pixels themselves, not a copy.
    public byte[] array() {
        return array;
    }

    /// Length in bytes.
    public int length() {
        return array.length;
    }

    /// SHA-256 of the pixels.
    public Digest digest() {
        Optional<Digest> known = digest;
        if (known.isPresent()) {
            return known.get();
        }
        Digest computed = Digest.of(array);
        digest = Optional.of(computed);
        return computed;
    }

    /// Gives the array back for another view to come.
    public void release() {
        pool.ifPresent(home -> home.give(array));
    }

    @Override
    public String toString() {
        return "Pixels[" + array.length + " bytes]";
    }
}
