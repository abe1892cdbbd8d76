package org.picket.crawler.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.picket.crawler.image.confinement.Lockdown;
import org.picket.crawler.image.picture.Natives;
import org.picket.crawler.image.picture.PictureDecoder;
import org.picket.crawler.image.structure.FlawedObject;
import org.picket.crawler.image.structure.Octets;

/// What a child does, on pictures of this program's own making, so that the JVM sees which classes and methods that
/// takes.
final class DecoderLesson {

    private static final int SIZE = 224;
    private static final long MOST_PIXELS = 100_000_000;
    /// Enough for the JVM to see which methods are worth compiling.
    private static final int DECODED = 400;

    private DecoderLesson() {}

    /// @param arguments a folder
    public static void main(String[] arguments) throws IOException {
        Natives.load();
        Lockdown.widenPipes();
        List<Path> files;
        try (Stream<Path> tree = Files.walk(Path.of(arguments[0]))) {
            files = tree.filter(Files::isRegularFile).sorted().limit(DECODED).toList();
        }
        PictureDecoder decoder = new PictureDecoder(MOST_PIXELS);
        for (int i = 0; i < DECODED && !files.isEmpty(); i++) {
            byte[] object = Files.readAllBytes(files.get(i % files.size()));
            try {
                decoder.decode(new Octets(object, object.length), SIZE, MOST_PIXELS, true);
            } catch (FlawedObject noPicture) {
                // Not all that lies beside pictures is one; telling so is part of what a child does.
            }
        }
    }
}
