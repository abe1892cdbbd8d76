package org.picket.crawler.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.picket.crawler.image.confinement.DecoderFiles;

/// Makes the cache of classes that children start from (JEP 483, JEP 515): what a JVM loads, links and counts while it
/// decodes some pictures. A JVM that finds another program, or another JVM, than the cache was made for goes without.
public final class DecoderTraining {

    private static final long LIMIT_SECONDS = 120;

    private DecoderTraining() {}

    /// Takes some seconds. The cache is there whole or not at all.
    ///
    /// @param pictures a folder of pictures of one's own making, of all formats; other files in it do no harm
    /// @throws IOException with the reason, where it cannot be made: children start without it
    public static void write(DecoderSettings settings, Path pictures, Path cache)
            throws IOException, InterruptedException {
        DecoderFiles files = DecoderFiles.find(settings.natives(), java.util.Optional.empty());
        Path folder = Files.createTempDirectory("picket-classes-");
        Path log = folder.resolve("log");
        Path unfinished = folder.resolve("classes.aot");
        try {
            Process process = DecoderCommand.training(settings, files, pictures.toAbsolutePath(), unfinished)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            if (process.exitValue() != 0 || !Files.exists(unfinished)) {
                throw new IOException("the decoders' classes could not be written down: " + Files.readString(log));
            }
            // Beside its place first: a move between file systems is none at once.
            Path beside = cache.resolveSibling(cache.getFileName() + ".new");
            Files.copy(unfinished, beside, StandardCopyOption.REPLACE_EXISTING);
            Files.move(beside, cache, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
            Files.deleteIfExists(log);
            Files.deleteIfExists(folder);
        }
    }
}
