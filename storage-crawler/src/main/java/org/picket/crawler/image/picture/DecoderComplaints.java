package org.picket.crawler.image.picture;

import java.util.Optional;
import java.util.regex.Pattern;
import org.picket.crawler.image.structure.Flaw;

/// What the native decoders print on the child's error stream while they decode, and what it means.
///
/// libjpeg fills damaged places with grey and only warns, and OpenCV passes that on as a success; so its
/// warnings decide. It prints the first one of each picture only, so a harmless one could hide damage. Harmless
/// are only a few stray bytes before the end mark: all of the picture was decoded, with no warning before. More of
/// them are data that nothing asked for: the header lies about the picture, or a restart was looked for in vain
/// and the damage behind it not printed any more.
public final class DecoderComplaints {

    private static final Pattern FEW_STRAY_BYTES_AT_END =
            Pattern.compile("Corrupt JPEG data: [1-8] extraneous bytes before marker 0xd9");

    /// FFmpeg's decoders sign with their name and address, and print nothing below an error here.
    private static final String LIBAV_SPEAKER = " @ 0x";

    private DecoderComplaints() {}

    /// The flaw that `printed` reveals, if any.
    public static Optional<Flaw> flaw(String printed) {
        if (printed.isEmpty()) {
            return Optional.empty();
        }
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
                || line.contains("Corrupt JPEG data")
                        && !FEW_STRAY_BYTES_AT_END.matcher(line).find()
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
