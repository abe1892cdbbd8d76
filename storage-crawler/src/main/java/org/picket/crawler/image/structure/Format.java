package org.picket.crawler.image.structure;

import java.util.Optional;

/// The format of an object, told by its first bytes and never by its name or its declared type.
public enum Format {
    JPEG,
    PNG,
    GIF,
    WEBP,
    AVIF,
    HEIC,
    JXL,
    JPEG_2000(Flaw.JPEG_2000),
    BMP,
    TIFF(Flaw.TIFF),
    ICO(Flaw.ICO),
    PSD(Flaw.PSD),
    SVG(Flaw.SVG),
    PDF(Flaw.PDF),
    MP4,
    MATROSKA,
    AVI(Flaw.AVI),
    OGG(Flaw.OGG),
    /// MP3, FLAC and WAVE.
    SOUND(Flaw.SOUND);

    /// How far into a text an `<svg` is looked for.
    private static final int TEXT_LIMIT = 512;

    private final Optional<Flaw> unsupported;

    Format() {
        this.unsupported = Optional.empty();
    }

    Format(Flaw unsupported) {
        this.unsupported = Optional.of(unsupported);
    }

    /// Whether objects of this format become views; the others are [Reason#UNSUPPORTED].
    public boolean isDecoded() {
        return unsupported.isEmpty();
    }

    /// The flaw of every object of a format that is not decoded.
    public Optional<Flaw> unsupported() {
        return unsupported;
    }

    /// The format of the object in the first `length` bytes of `object`, or empty if it is none of these.
    public static Optional<Format> sniff(byte[] object, int length) {
        return sniff(new Octets(object, length));
    }

    private static Optional<Format> sniff(Octets o) {
        if (o.spells(0, "\u00ff\u00d8\u00ff")) {
            return Optional.of(JPEG);
        } else if (o.spells(0, "\u0089PNG\r\n\u001a\n")) {
            return Optional.of(PNG);
        } else if (o.spells(0, "GIF87a") || o.spells(0, "GIF89a")) {
            return Optional.of(GIF);
        } else if (o.spells(0, "RIFF") && o.spells(8, "WEBP")) {
            return Optional.of(WEBP);
        } else if (o.spells(0, "ID3") || o.spells(0, "fLaC") || o.spells(0, "RIFF") && o.spells(8, "WAVE")) {
            return Optional.of(SOUND);
        } else if (o.spells(0, "RIFF") && o.spells(8, "AVI ")) {
            return Optional.of(AVI);
        } else if (o.spells(4, "ftyp")) {
            return Optional.of(isoMedia(o));
        } else if (o.spells(4, "moov") || o.spells(4, "wide") || o.spells(4, "mdat")) {
            // QuickTime files older than brands.
            return Optional.of(MP4);
        } else if (o.spells(0, "\u00ff\n") || o.spells(0, "\u0000\u0000\u0000\u000cJXL \r\n\u0087\n")) {
            return Optional.of(JXL);
        } else if (o.spells(0, "\u0000\u0000\u0000\u000cjP  ") || o.spells(0, "\u00ff\u004f\u00ff\u0051")) {
            return Optional.of(JPEG_2000);
        } else if (o.spells(0, "\u001aE\u00df\u00a3")) {
            return Optional.of(MATROSKA);
        } else if (o.spells(0, "OggS")) {
            return Optional.of(OGG);
        } else if (o.spells(0, "II*\0") || o.spells(0, "MM\0*")) {
            return Optional.of(TIFF);
        } else if (o.spells(0, "8BPS")) {
            return Optional.of(PSD);
        } else if (o.spells(0, "%PDF-")) {
            return Optional.of(PDF);
        } else if (o.spells(0, "BM") && o.spells(6, "\0\0\0\0")) {
            return Optional.of(BMP);
        } else if (o.spells(0, "\0\0\1\0")) {
            return Optional.of(ICO);
        }
        return isSvg(o) ? Optional.of(SVG) : Optional.empty();
    }

    /// Tells the members of the ISO media family by their major and compatible brands.
    private static Format isoMedia(Octets o) {
        int end = Math.min(o.length(), 8 + TEXT_LIMIT);
        for (int at = 8; at + 4 <= end; at += 4) {
            if (o.spells(at, "avif") || o.spells(at, "avis")) {
                return AVIF;
            }
        }
        // One that also calls itself a film is looked at both ways, which HEIC is too.
        int brands = (int) Math.min(o.u32(0), end);
        for (int at = 8; at + 4 <= brands; at += 4) {
            for (String brand : new String[] {"heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"}) {
                if (o.spells(at, brand)) {
                    return HEIC;
                }
            }
        }
        return MP4;
    }

    private static boolean isSvg(Octets o) {
        int at = o.spells(0, "\u00ef\u00bb\u00bf") ? 3 : 0;
        while (at < Math.min(o.length(), TEXT_LIMIT) && o.u8(at) <= ' ') {
            at++;
        }
        if (!o.spells(at, "<")) {
            return false;
        }
        for (int end = Math.min(o.length(), at + TEXT_LIMIT); at < end; at++) {
            if (o.spells(at, "<svg")) {
                return true;
            }
        }
        return false;
    }
}
