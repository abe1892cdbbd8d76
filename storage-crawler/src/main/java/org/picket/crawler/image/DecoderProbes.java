package org.picket.crawler.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import org.picket.crawler.image.structure.Format;

/// One tiny object of each format that is decoded, to try a machine's decoders with.
public final class DecoderProbes {

    private DecoderProbes() {}

    /// A sound object of this format; empty for a format that is not decoded.
    public static Optional<byte[]> of(Format format) {
        if (!format.isDecoded()) {
            return Optional.empty();
        }
        String name = "probe." + format.name().toLowerCase(Locale.ROOT);
        try (InputStream stream = DecoderProbes.class.getResourceAsStream(name)) {
            return Optional.of(Optional.ofNullable(stream)
                    .orElseThrow(() -> new IllegalStateException("this build lacks " + name))
                    .readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("the program's own file " + name + " cannot be read", e);
        }
    }
}
