package org.picket.crawler.image.structure;

/// Tells which key frames of an H.264 track the decoder can begin at. Containers also mark pictures that are
/// coded alone in the midst of references to earlier ones (open groups); the decoder refuses to begin there, so
/// they count as pictures that need what lies before them (ITU-T H.264, 7.4.1.2.4: only an IDR picture needs
/// nothing).
public final class H264Keys {

    private static final int LENGTH_SIZE_AT = 4;
    private static final int IDR = 5;

    private H264Keys() {}

    /// @param setup the decoder configuration (ISO/IEC 14496-15, 5.3.3.1), which tells the size of lengths
    public static void keepBeginnings(Octets octets, byte[] setup, Samples samples) {
        if (setup.length <= LENGTH_SIZE_AT) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        int lengthBytes = (setup[LENGTH_SIZE_AT] & 3) + 1;
        for (int i = 1; i < samples.count(); i++) {
            if (samples.isKey(i)
                    && !hasIdr(octets, samples.from(i), samples.from(i) + samples.length(i), lengthBytes)) {
                samples.needsOthers(i);
            }
        }
    }

    private static boolean hasIdr(Octets octets, int from, int end, int lengthBytes) {
        long at = from;
        while (at + lengthBytes < end) {
            long length = 0;
            for (int i = 0; i < lengthBytes; i++) {
                length = length << 8 | octets.u8((int) at + i);
            }
            if ((octets.u8((int) at + lengthBytes) & 0x1f) == IDR) {
                return true;
            }
            at += lengthBytes + length;
        }
        return false;
    }
}
