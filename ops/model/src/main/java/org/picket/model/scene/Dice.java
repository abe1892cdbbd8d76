package org.picket.model.scene;

/// A small seeded source of numbers (the SplitMix64 sequence: a counter through a 64-bit finaliser). Its
/// sequence is fixed here and not left to a JDK, because pictures and training must be the same in ten years.
/// Not thread-safe.
public final class Dice {
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private long state;

    public Dice(long seed) {
        this.state = mix(seed + STEP);
    }

    /// The next 64 bits.
    public long bits() {
        state += STEP;
        return mix(state);
    }

    /// A number from 0 (inclusive) to 1 (exclusive).
    public double unit() {
        return (bits() >>> 11) * 0x1.0p-53;
    }

    /// A number from `low` (inclusive) to `high` (exclusive).
    public double between(double low, double high) {
        return low + (high - low) * unit();
    }

    /// A whole number from `low` to `high`, both inclusive.
    public int whole(int low, int high) {
        return low + (int) (unit() * (high - low + 1));
    }

    /// True with the given probability.
    public boolean chance(double probability) {
        return unit() < probability;
    }

    /// One of several.
    @SafeVarargs
    public final <T> T one(T... of) {
        return of[whole(0, of.length - 1)];
    }

    /// A seed for a part of what this seed makes, independent of how many numbers the other parts take.
    public static long seed(long seed, long part) {
        return mix(mix(seed) + part * STEP);
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
