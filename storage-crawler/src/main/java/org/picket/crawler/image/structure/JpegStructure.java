package org.picket.crawler.image.structure;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Walks a JPEG from its first mark to its end mark (ITU-T T.81), since libjpeg fills what is missing with grey
/// and hides that from its caller. A picture is whole when
///
/// - every segment lies inside the object, and every scan's data ends in a mark;
/// - nothing in its head makes libjpeg warn before it decodes;
/// - there is an end mark (EOI) behind the last scan; whatever follows it is ignored;
/// - the scans together carry every coefficient of every component to its last bit (a progressive picture that
///   was cut and closed with a forged end mark fails here).
///
/// Damage inside of a scan is found by the decoder ([DecoderComplaints]).
public final class JpegStructure {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;

    private static final int SOI = 0xd8;
    private static final int EOI = 0xd9;
    private static final int SOS = 0xda;
    private static final int RST0 = 0xd0;
    private static final int RST7 = 0xd7;
    private static final int TEM = 0x01;
    private static final int APP0 = 0xe0;
    private static final int APP1 = 0xe1;
    private static final int APP2 = 0xe2;
    private static final int APP14 = 0xee;
    private static final int SOF0 = 0xc0;
    private static final int SOF2 = 0xc2;
    private static final int SOF15 = 0xcf;
    private static final int DHT = 0xc4;
    private static final int JPG = 0xc8;
    private static final int DAC = 0xcc;

    /// Real progressive pictures have about ten; each scan of a large picture costs a pass over all of it.
    private static final int MAX_SCANS = 128;
    private static final int MAX_COMPONENTS = 4;
    private static final int MAX_FACTOR = 4;

    private static final String PROFILE = "ICC_PROFILE\0";
    /// Their numbers have a byte.
    private static final int MAX_PARTS = 255;

    /// As libjpeg reads them: shorter ones are not taken for what they say.
    private static final int JFIF_BYTES = 14;
    private static final int ADOBE_BYTES = 12;
    /// Any other makes libjpeg warn, and of a picture's warnings it prints the first alone: a later one, of
    /// damage, would be hidden.
    private static final int JFIF_MAJOR = 1;

    private final Octets octets;
    private final long maxPixels;
    private int at = 2;
    private int width;
    private int height;
    private boolean progressive;
    /// Whether there is an Adobe mark before the first scan, where it says how the picture is to be read.
    private boolean adobe;
    /// Whether there is one anywhere, at which libjpeg may warn.
    private boolean transformTold;
    private boolean jfif;
    private int transform;
    private int orientation = Orientation.UPRIGHT;
    private boolean turned;
    /// The parts of the colour profile: number, beginning, end.
    private final List<int[]> profile = new ArrayList<>();

    private int[] components = new int[0];
    private int skew = 1;
    private long[] complete = new long[0];
    private int scans;

    private JpegStructure(Octets octets, long maxPixels) {
        this.octets = octets;
        this.maxPixels = maxPixels;
    }

    public static Header read(Octets octets, long maxPixels) {
        return new JpegStructure(octets, maxPixels).walk();
    }

    private Header walk() {
        for (int mark = nextMark(); mark != EOI; mark = nextMark()) {
            if (mark >= RST0 && mark <= SOI || mark == TEM) {
                continue;
            }
            int length = octets.u16(at);
            int end = at + length;
            if (length < 2) {
                throw new FlawedObject(Flaw.STRUCTURE);
            }
            if (end > octets.length()) {
                throw new FlawedObject(Flaw.ENDS_EARLY);
            }
            segment(mark, at + 2, end);
            at = mark == SOS ? endOfScan(end) : end;
        }
        if (components.length == 0) {
            throw new FlawedObject(Flaw.HEADER);
        }
        for (long bits : complete) {
            if (bits != -1L) {
                throw new FlawedObject(Flaw.PARTS_MISSING);
            }
        }
        if (transformTold && !isKnownTransform()) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        if (components.length == MAX_COMPONENTS && !adobe) {
            throw new FlawedObject(Flaw.JPEG_CMYK);
        }
        checkProfile();
        return new Header(Format.JPEG, width, height, orientation, false, skew);
    }

    /// Puts the parts together by their numbers, from 1 on.
    private void checkProfile() {
        if (profile.isEmpty()) {
            return;
        }
        profile.sort(Comparator.comparingInt(part -> part[0]));
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (int i = 0; i < profile.size(); i++) {
            int[] part = profile.get(i);
            if (part[0] != i + 1) {
                throw new FlawedObject(Flaw.RECOLOURED);
            }
            whole.write(octets.data(), part[1], part[2] - part[1]);
        }
        Shades.checkProfile(whole.toByteArray());
    }

    private void segment(int mark, int from, int end) {
        if (mark >= SOF0 && mark <= SOF15 && mark != DHT && mark != JPG && mark != DAC) {
            frame(mark, from, end);
        } else if (mark == SOS) {
            scan(from, end);
        } else if (mark == APP1 && scans == 0 && octets.spells(from, "Exif\0")) {
            Orientation.told(octets, from + 6, end).ifPresent(told -> turn(told, octets.u8(from + 5) == 0));
        } else if (mark == APP2 && octets.spells(from, PROFILE) && end >= from + PROFILE.length() + 2) {
            if (profile.size() == MAX_PARTS) {
                throw new FlawedObject(Flaw.RECOLOURED);
            }
            profile.add(new int[] {octets.u8(from + PROFILE.length()), from + PROFILE.length() + 2, end});
        } else if (mark == APP0 && end - from >= JFIF_BYTES && octets.spells(from, "JFIF\0")) {
            jfif = true;
            if (octets.u8(from + 5) != JFIF_MAJOR) {
                throw new FlawedObject(Flaw.STRUCTURE);
            }
        } else if (mark == APP14 && end - from >= ADOBE_BYTES && octets.spells(from, "Adobe")) {
            adobe |= scans == 0;
            transformTold = true;
            transform = octets.u8(from + 11);
        }
    }

    /// Takes what an EXIF segment before the first scan tells, as viewers do; they ignore later ones. Some take
    /// one whose name is padded otherwise, and which of two they take is not known.
    private void turn(int told, boolean certain) {
        if ((turned || !certain) && told != orientation) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        turned = true;
        orientation = told;
    }

    /// Whether libjpeg knows the Adobe mark's colour transform: 0 none, 1 YCbCr, 2 YCCK. JFIF has its own.
    private boolean isKnownTransform() {
        return switch (components.length) {
            case MAX_COMPONENTS -> transform == 0 || transform == 2;
            case 3 -> transform <= (jfif ? 2 : 1);
            default -> transform <= 2;
        };
    }

    private void frame(int mark, int from, int end) {
        if (mark > SOF2) {
            throw new FlawedObject(Flaw.JPEG_PROCESS);
        }
        if (components.length > 0) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        if (octets.u8(from) != 8) {
            throw new FlawedObject(Flaw.JPEG_DEPTH);
        }
        height = octets.u16(from + 1);
        width = octets.u16(from + 3);
        if (height == 0) {
            throw new FlawedObject(Flaw.JPEG_HEIGHT);
        }
        Header.checkPixels(width, height, maxPixels);
        int count = octets.u8(from + 5);
        if (count != 1 && count != 3 && count != MAX_COMPONENTS) {
            throw new FlawedObject(Flaw.JPEG_COMPONENTS);
        }
        if (from + 6 + 3 * count > end) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        progressive = mark == SOF2;
        components = new int[count];
        complete = new long[count];
        for (int i = 0; i < count; i++) {
            components[i] = octets.u8(from + 6 + 3 * i);
        }
        skew = skew(from + 7, count);
    }

    /// @param from where the first component's sampling factors stand: across in the upper four bits, down in the lower
    private int skew(int from, int count) {
        int mostAcross = 0;
        int mostDown = 0;
        for (int i = 0; i < count; i++) {
            int factors = octets.u8(from + 3 * i);
            int across = factors >> 4;
            int down = factors & 15;
            if (across < 1 || across > MAX_FACTOR || down < 1 || down > MAX_FACTOR) {
                throw new FlawedObject(Flaw.STRUCTURE);
            }
            mostAcross = Math.max(mostAcross, across);
            mostDown = Math.max(mostDown, down);
        }
        int most = 1;
        for (int i = 0; i < count; i++) {
            int factors = octets.u8(from + 3 * i);
            int across = mostAcross * (factors & 15);
            int down = mostDown * (factors >> 4);
            most = Math.max(most, (Math.max(across, down) - 1) / Math.min(across, down) + 1);
        }
        return most;
    }

    /// Notes which of the 64 coefficients the scan brings to their last bit, for which components.
    private void scan(int from, int end) {
        int count = octets.u8(from);
        int tail = from + 1 + 2 * count;
        if (components.length == 0 || count < 1 || count > MAX_COMPONENTS || tail + 3 > end || ++scans > MAX_SCANS) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        int first = octets.u8(tail);
        int last = octets.u8(tail + 1);
        int bitsToCome = octets.u8(tail + 2) & 15;
        if (progressive && (first > last || last > 63)) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        long bits = progressive ? -1L >>> 63 - last & -1L << first : -1L;
        for (int i = 0; i < count; i++) {
            int id = octets.u8(from + 1 + 2 * i);
            boolean known = false;
            for (int c = 0; c < components.length; c++) {
                if (components[c] == id) {
                    known = true;
                    complete[c] |= !progressive || bitsToCome == 0 ? bits : 0;
                }
            }
            if (!known) {
                throw new FlawedObject(Flaw.STRUCTURE);
            }
        }
    }

    /// The next mark's code; stray bytes before it are skipped, as libjpeg does (and complains).
    private int nextMark() {
        at = nextFf(at);
        while (at < octets.length() && octets.u8(at) == 0xff) {
            at++;
        }
        if (at >= octets.length()) {
            throw new FlawedObject(scans > 0 ? Flaw.NO_END_MARK : Flaw.ENDS_EARLY);
        }
        return octets.u8(at++);
    }

    /// Where the mark behind the entropy-coded data from `from` on begins.
    private int endOfScan(int from) {
        int i = nextFf(from);
        while (i + 1 < octets.length()) {
            int code = octets.u8(i + 1);
            if (code == 0xff) {
                i++;
            } else if (code == 0 || code >= RST0 && code <= RST7) {
                i = nextFf(i + 2);
            } else {
                return i;
            }
        }
        throw new FlawedObject(Flaw.ENDS_EARLY);
    }

    /// The first 0xff at or behind `from`, or the end. Eight bytes at a time: this walks every byte of every
    /// JPEG.
    private int nextFf(int from) {
        byte[] data = octets.data();
        int i = from;
        for (int end = octets.length() - Long.BYTES; i <= end; i += Long.BYTES) {
            long inverse = ~(long) LONG.get(data, i);
            long zeros = (inverse - ONES) & ~inverse & TOPS;
            if (zeros != 0) {
                return i + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
            }
        }
        while (i < octets.length() && data[i] != -1) {
            i++;
        }
        return i;
    }
}
