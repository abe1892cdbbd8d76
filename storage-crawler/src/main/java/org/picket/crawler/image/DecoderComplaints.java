package org.picket.crawler.image;

import java.util.Optional;

/// What the native decoders print on the child's error stream while they decode, and what it means.
///
/// libjpeg fills damaged places with grey and only warns, and OpenCV passes that on as a success; so its
/// warnings decide. It prints the first one of each picture only, so a harmless one could hide damage. Harmless
/// are only stray bytes before the end mark: all of the picture was decoded, with no warning before.
final class DecoderComplaints {

    private static final String STRAY_BYTES_AT_END = "extraneous bytes before marker 0xd9";

    /// FFmpeg's decoders sign with their name and address, and print nothing below an error here.
    private static final String LIBAV_SPEAKER = " @ 0x";

    private DecoderComplaints() {}

    /// The flaw that `printed` reveals, if any.
    static Optional<Flaw> flaw(String printed) {
        return printed.lines()
                .map(DecoderComplaints::flawOfLine)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Flaw> flawOfLine(String line) {
        if (line.contains("Insufficient memory") || line.contains("Failed to allocate")) {
            return Optional.of(Flaw.OUT_OF_MEMORY);
        }
        boolean damaged = line.startsWith("[") && line.contains(LIBAV_SPEAKER)
                || line.contains("Corrupt JPEG data") && !line.contains(STRAY_BYTES_AT_END)
                || line.contains("Premature end of JPEG")
                || line.contains("Inconsistent progression sequence")
                || line.contains("Invalid SOS parameters")
                || line.contains("Invalid progressive parameters")
                || line.contains("unknown JFIF revision")
                || line.contains("Unknown Adobe color transform")
                || line.contains("libpng error");
        return damaged ? Optional.of(Flaw.DATA_WARNED) : Optional.empty();
    }
}
