package org.picket.crawler.image;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.picket.crawler.match.Fingerprint;
import org.picket.crawler.match.PdqHash;

/// The frames between [DecoderChild] and [DecoderProcess], big-endian. Each side checks every field against its
/// bounds before it acts on it; the parent treats any breach as the death of the child.
///
/// | frame | fields |
/// |---|---|
/// | request | magic, sequence, length, view size (4 x int), most pixels (long), fingerprints or not (int, 1 or 0) |
/// | after it | `length` bytes |
/// | reply | magic, sequence (2 x int), kind, code (2 x byte), count (short), bytes per view, prints (2 x int) |
/// | after it | so many fingerprints, then so many views |
///
/// A fingerprint: its quality (byte), then 8 hashes of 32 bytes.
///
/// Kind [#READY]: sent once after the start, sequence 0; code is [#UNLISTED] or [#LISTED]. Kind [#VIEWS]: code
/// is the number of the [Format]. Kind [#FLAWED]: code is the number of the [Flaw].
///
/// On the error stream, what decoders print for an object is followed, before the reply, by
/// [#END_OF_COMPLAINTS] and the sequence (int). No decoder prints that byte: it ends their texts.
final class DecoderWire {

    static final int REQUEST_MAGIC = 0x504b_5451;
    static final int REPLY_MAGIC = 0x504b_5452;
    static final int REQUEST_BYTES = 28;
    static final int REPLY_BYTES = 20;

    static final int END_OF_COMPLAINTS = 0;

    static final int READY = 0;
    /// The child can make any call of the kernel.
    static final int UNLISTED = 0;
    /// The child has given up all calls of the kernel but those of a short list.
    static final int LISTED = 1;
    static final int VIEWS = 1;
    static final int FLAWED = 2;

    static final int FINGERPRINT_BYTES = 1 + Fingerprint.VARIANTS * PdqHash.BYTES;

    /// The largest side of a view that any model here wants.
    static final int MAX_VIEW_SIZE = 1024;

    private DecoderWire() {}

    static int viewBytes(int size) {
        return size * size * 3;
    }

    static void write(Fingerprint fingerprint, ByteBuffer into) {
        into.put((byte) fingerprint.quality());
        fingerprint.variants().forEach(hash -> hash.write(into));
    }

    /// Takes the next fingerprint; where its quality is none, an [IllegalArgumentException] says so.
    static Fingerprint fingerprint(ByteBuffer from) {
        int quality = from.get();
        List<PdqHash> variants = new ArrayList<>(Fingerprint.VARIANTS);
        for (int i = 0; i < Fingerprint.VARIANTS; i++) {
            variants.add(PdqHash.read(from));
        }
        return new Fingerprint(variants, quality);
    }
}
