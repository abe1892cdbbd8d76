package org.picket.model.samples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.Pointer;
import org.picket.model.scene.Concept;

/// Writes sets of samples: synthetic, harmless pictures in JPEG, WebP, PNG, GIF and AVIF, animations (APNG,
/// WebP) and videos (MP4, WebM), 12 in 100 of which show what the stand-in's rule flags. One seed gives one
/// set, whatever the number of cores.
public final class SampleWriter {
    /// The list of what a scan must find, in the folder itself: `file,expected` with `flagged` or `cleared`, then a
    /// column for each concept with 1 where the picture shows it, else 0.
    public static final String MANIFEST = "manifest.csv";

    /// No set may be larger.
    public static final int MAX_COUNT = 10_000_000;

    private static final int MAX_THREADS = 64;

    private SampleWriter() {}

    /// Told as pictures are written, from several threads, in no order.
    @FunctionalInterface
    public interface Progress {
        /// @param written pictures on disk so far
        /// @param count pictures in the set
        void written(int written, int count);
    }

    /// What was written.
    ///
    /// @param count pictures
    /// @param flagged those that a scan must flag
    /// @param bytes of all pictures
    public record Written(int count, int flagged, long bytes) {}

    /// Writes `count` pictures and the manifest under a folder, which is made if need be; files of the same set
    /// that are there already are written again.
    ///
    /// @throws UncheckedIOException if a file cannot be written
    public static Written write(Path folder, int count, long seed, Progress progress) {
        if (count < 0 || count > MAX_COUNT) {
            throw new IllegalArgumentException("A set of samples has 0 to " + MAX_COUNT + " pictures, not " + count);
        }
        // Its class and that of the loader wait for each other where two threads come to them from different sides.
        Pointer.totalBytes();
        int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MAX_THREADS);
        AtomicInteger next = new AtomicInteger();
        AtomicInteger written = new AtomicInteger();
        AtomicLong bytes = new AtomicLong();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> workers = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                workers.add(pool.submit(() -> {
                    for (int index = next.getAndIncrement(); index < count; index = next.getAndIncrement()) {
                        bytes.addAndGet(write(folder, Sample.of(seed, index)));
                        progress.written(written.incrementAndGet(), count);
                    }
                }));
            }
            workers.forEach(worker -> finish(worker, next));
        }
        int flagged = manifest(folder, count, seed);
        return new Written(count, flagged, bytes.get());
    }

    /// Waits for one worker; if it failed, the others stop at their next picture.
    private static void finish(Future<?> worker, AtomicInteger next) {
        try {
            worker.get();
        } catch (ExecutionException failed) {
            next.set(MAX_COUNT);
            switch (failed.getCause()) {
                case UncheckedIOException disk -> throw disk;
                case RuntimeException other -> throw other;
                case Error fatal -> throw fatal;
                default -> throw new IllegalStateException(failed.getCause());
            }
        } catch (InterruptedException stopped) {
            next.set(MAX_COUNT);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Writing samples was interrupted; run it again to complete the set.");
        }
    }

    private static long write(Path folder, Sample sample) {
        byte[] file = sample.file();
        Path path = folder.resolve(sample.name());
        try {
            Files.createDirectories(path.getParent());
            Files.write(path, file);
        } catch (IOException cause) {
            throw new UncheckedIOException("The sample " + path + " cannot be written.", cause);
        }
        return file.length;
    }

    private static int manifest(Path folder, int count, long seed) {
        int flagged = 0;
        Path path = folder.resolve(MANIFEST);
        try {
            Files.createDirectories(folder);
            try (var out = Files.newBufferedWriter(path)) {
                out.write("file,expected," + String.join(",", Concept.names()) + "\n");
                for (int index = 0; index < count; index++) {
                    Sample sample = Sample.of(seed, index);
                    flagged += sample.flagged() ? 1 : 0;
                    out.write(sample.name() + (sample.flagged() ? ",flagged" : ",cleared"));
                    for (Concept concept : Concept.values()) {
                        out.write(sample.scene().labels().shows(concept) ? ",1" : ",0");
                    }
                    out.write('\n');
                }
            }
        } catch (IOException cause) {
            throw new UncheckedIOException("The list of samples " + path + " cannot be written.", cause);
        }
        return flagged;
    }
}
