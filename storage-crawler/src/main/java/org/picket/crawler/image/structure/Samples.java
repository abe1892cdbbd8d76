package org.picket.crawler.image.structure;

import java.util.Arrays;

/// A growing table of the encoded pictures of a track.
public final class Samples {

    /// More pictures than any upload has: four hours at 30 a second.
    private static final int MAX_SAMPLES = 1 << 19;

    private int[] from = new int[256];
    private int[] length = new int[256];
    private long[] time = new long[256];
    private boolean[] key = new boolean[256];
    private int count;

    /// @param at where it begins in the object
    /// @param bytes its length, which has been checked against the object's
    /// @param millis when it is shown
    /// @param isKey whether it can be decoded without any other
    public void add(int at, int bytes, long millis, boolean isKey) {
        if (count >= MAX_SAMPLES) {
            throw new FlawedObject(Flaw.FRAMES);
        }
        if (count == from.length) {
            from = Arrays.copyOf(from, 2 * count);
            length = Arrays.copyOf(length, 2 * count);
            time = Arrays.copyOf(time, 2 * count);
            key = Arrays.copyOf(key, 2 * count);
        }
        from[count] = at;
        length[count] = bytes;
        time[count] = millis;
        key[count] = isKey;
        count++;
    }

    /// Adds one that still has to be checked against the object's length.
    void addChecked(Octets octets, long at, long bytes, long millis, boolean isKey) {
        if (bytes < 0 || at < 0 || at > octets.length() - bytes) {
            throw new FlawedObject(Flaw.ENDS_EARLY);
        }
        // A picture of no bytes repeats the one before it.
        if (bytes > 0) {
            add((int) at, (int) bytes, millis, isKey);
        }
    }

    /// Says that a sample that was added as a key frame cannot be decoded without others.
    void needsOthers(int index) {
        key[index] = false;
    }

    public int count() {
        return count;
    }

    public int from(int index) {
        return from[index];
    }

    public int length(int index) {
        return length[index];
    }

    public long millis(int index) {
        return time[index];
    }

    /// When the last of them is shown, in milliseconds.
    long lastMillis() {
        return Arrays.stream(time, 0, count).max().orElse(0);
    }

    public boolean isKey(int index) {
        return key[index];
    }

    static void checkCount(long announced) {
        if (announced > MAX_SAMPLES) {
            throw new FlawedObject(Flaw.FRAMES);
        }
    }
}
