package org.picket.bench.decode;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/// The system's libvips in this process: `vips_thumbnail_buffer` with a centred crop, on one thread, without its
/// cache, the pixels written to memory.
@SuppressWarnings("restricted")
final class Vips implements Peer {
    static final String ADVICE =
            "libvips is not installed, its figures are left out; on Debian: apt-get install libvips42";

    private static final String LIBRARY = "libvips.so.42";
    private static final int VIEW_SIZE = 224;
    private static final int CENTRE = 1;

    private final Arena arena = Arena.ofShared();
    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup library;
    private final MethodHandle thumbnail;
    private final MethodHandle write;
    private final MethodHandle unref;
    private final MethodHandle free;
    private final MemorySegment height = arena.allocateFrom("height");
    private final MemorySegment crop = arena.allocateFrom("crop");
    private final MemorySegment image = arena.allocate(ADDRESS);
    private final MemorySegment size = arena.allocate(JAVA_LONG);
    private final Map<byte[], MemorySegment> files = new IdentityHashMap<>();

    private Vips() {
        library = SymbolLookup.libraryLookup(LIBRARY, arena);
        thumbnail = linker.downcallHandle(
                library.findOrThrow("vips_thumbnail_buffer"),
                FunctionDescriptor.of(
                        JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS),
                Linker.Option.firstVariadicArg(4));
        write = function("vips_image_write_to_memory", ADDRESS, ADDRESS, ADDRESS);
        unref = linker.downcallHandle(library.findOrThrow("g_object_unref"), FunctionDescriptor.ofVoid(ADDRESS));
        free = linker.downcallHandle(library.findOrThrow("g_free"), FunctionDescriptor.ofVoid(ADDRESS));
    }

    private MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return linker.downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }

    /// Nothing where libvips is not installed.
    static Optional<Peer> find() {
        Vips vips;
        try {
            vips = new Vips();
        } catch (IllegalArgumentException absent) {
            return Optional.empty();
        }
        vips.start();
        return Optional.of(vips);
    }

    private void start() {
        try {
            if ((int) function("vips_init", JAVA_INT, ADDRESS).invokeExact(arena.allocateFrom("bench")) != 0) {
                throw new IllegalStateException("libvips does not start");
            }
            setting("vips_concurrency_set", 1);
            setting("vips_cache_set_max", 0);
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("libvips does not start", e);
        }
    }

    private void setting(String name, int value) throws Throwable {
        linker.downcallHandle(library.findOrThrow(name), FunctionDescriptor.ofVoid(JAVA_INT))
                .invokeExact(value);
    }

    @Override
    public String name() {
        return "libvips";
    }

    @Override
    public double rate(Pictures pictures, double seconds) {
        long nanos = (long) (seconds * 1e9);
        long begin = System.nanoTime();
        int done = 0;
        while (System.nanoTime() - begin < nanos) {
            view(files.computeIfAbsent(
                    pictures.file(done), file -> arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_BYTE, file)));
            done++;
        }
        return done / ((System.nanoTime() - begin) / 1e9);
    }

    private void view(MemorySegment file) {
        try {
            int failed = (int) thumbnail.invokeExact(
                    file, file.byteSize(), image, VIEW_SIZE, height, VIEW_SIZE, crop, CENTRE, MemorySegment.NULL);
            if (failed != 0) {
                throw new IllegalStateException("libvips cannot decode a picture of the bench");
            }
            MemorySegment made = image.get(ADDRESS, 0);
            MemorySegment pixels = (MemorySegment) write.invokeExact(made, size);
            if (size.get(JAVA_LONG, 0) < (long) VIEW_SIZE * VIEW_SIZE) {
                throw new IllegalStateException("libvips made too few pixels");
            }
            free.invokeExact(pixels);
            unref.invokeExact(made);
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("libvips failed", e);
        }
    }

    @Override
    public void close() {
        // The library stays: it cannot be shut down and started again in one process.
    }
}
