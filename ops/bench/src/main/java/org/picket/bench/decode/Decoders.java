package org.picket.bench.decode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.picket.crawler.image.Decoded;
import org.picket.crawler.image.DecoderPool;
import org.picket.crawler.image.DecoderSettings;

/// Decoders on all cores, with and without child processes.
public final class Decoders implements AutoCloseable {
    private static final int VIEW_SIZE = 224;
    private static final long MAX_PIXELS = 100_000_000;

    private final int cores;
    private final int inLine;
    private final ExecutorService threads;
    private final DecoderPool pool;
    private final ThreadLocal<BareDecoder> bare = ThreadLocal.withInitial(() -> new BareDecoder(MAX_PIXELS));

    /// @param natives folder of the unpacked native libraries
    public Decoders(Path natives, int cores) {
        this.cores = cores;
        DecoderSettings settings = DecoderSettings.defaults(natives).withChildren(cores);
        inLine = settings.inLine();
        threads = Executors.newFixedThreadPool(Math.max(cores, inLine));
        pool = new DecoderPool(settings);
    }

    /// Pictures per second in this process.
    public double inProcess(Pictures pictures, double seconds) throws InterruptedException {
        return rate(seconds, cores, turn -> {
            if (bare.get().views(pictures.file(turn), VIEW_SIZE) < 1) {
                throw new IllegalStateException("a picture of the bench has no view");
            }
            return true;
        });
    }

    /// Pictures per second through children, one a core, each of which finds its next picture waiting.
    public double isolated(Pictures pictures, double seconds) throws InterruptedException {
        return rate(seconds, inLine, turn -> {
            byte[] file = pictures.file(turn);
            return switch (pool.decode(file, file.length, VIEW_SIZE)) {
                case Decoded.Views _ -> true;
                case Decoded.Undecodable(var reason, String detail) ->
                    throw new IllegalStateException("a picture of the bench is " + reason + ": " + detail);
            };
        });
    }

    /// What keeps the children from doing harm, for people.
    public String confinement() {
        return pool.confinement();
    }

    private interface Decoding {
        boolean decode(int turn) throws InterruptedException;
    }

    private double rate(double seconds, int workers, Decoding decoding) throws InterruptedException {
        long nanos = (long) (seconds * 1e9);
        long begin = System.nanoTime();
        IntFunction<Callable<Integer>> worker = first -> () -> {
            int done = 0;
            while (System.nanoTime() - begin < nanos) {
                decoding.decode(first + done);
                done++;
            }
            return done;
        };
        List<Future<Integer>> running = new ArrayList<>();
        for (int first = 0; first < workers; first++) {
            running.add(threads.submit(worker.apply(first)));
        }
        long done = 0;
        for (Future<Integer> each : running) {
            try {
                done += each.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("decoding failed", e.getCause());
            }
        }
        return done / ((System.nanoTime() - begin) / 1e9);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        pool.close();
    }
}
