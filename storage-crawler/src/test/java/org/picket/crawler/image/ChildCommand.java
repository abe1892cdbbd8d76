package org.picket.crawler.image;

import org.picket.crawler.image.confinement.Confinement;
import org.picket.crawler.image.confinement.DecoderFiles;

/// Starts other programs as children are started.
public final class ChildCommand {

    private ChildCommand() {}

    /// Not started yet.
    public static ProcessBuilder of(DecoderFiles files, Confinement way, Class<?> program) {
        return DecoderCommand.of(Vectors.SETTINGS, files, way, program.getName());
    }
}
