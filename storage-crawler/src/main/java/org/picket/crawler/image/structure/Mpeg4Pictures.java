package org.picket.crawler.image.structure;

/// Counts the pictures in a sample of MPEG-4 part 2 (ISO/IEC 14496-2, 6.2.5), of which the decoder gives the
/// first alone, and others show all.
public final class Mpeg4Pictures {

    private static final int PICTURE = 0x1b6;

    private Mpeg4Pictures() {}

    /// Fails if there is more than one.
    public static void checkOne(byte[] data, int from, int length) {
        int found = 0;
        // Four bytes at a time; no other than a mark begins with two zeros and a one.
        int last = -1;
        for (int at = from; at < from + length; at++) {
            last = last << 8 | data[at] & 0xff;
            found += last == PICTURE ? 1 : 0;
        }
        if (found > 1) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
    }
}
