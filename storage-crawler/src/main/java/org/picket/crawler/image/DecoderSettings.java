package org.picket.crawler.image;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The bounds on decoding.
///
/// @param natives folder for the unpacked native libraries (about 120 MB), kept between runs; must be writable
/// by this user alone, since what lies there is executed
/// @param children decoder processes at most, each decoding one object at a time
/// @param deadline time for one object, the retry after a crash counted anew
/// @param maxObjectBytes larger objects are [Reason#TOO_LARGE]
/// @param maxPixels larger pictures are [Reason#TOO_MANY_PIXELS], by their header
/// @param childHeapBytes Java heap of a child; its whole address space may have 4 GiB more, where the system
/// can bound it
/// @param objectsPerChild a child is replaced after so many objects, so that what an object may have left
/// behind in it does not last
/// @param classes a cache that [DecoderTraining] wrote, from which children start in half the time; empty: they load
///     their classes one by one
public record DecoderSettings(
        Path natives,
        int children,
        Duration deadline,
        int maxObjectBytes,
        long maxPixels,
        long childHeapBytes,
        int objectsPerChild,
        Optional<Path> classes) {

    private static final int MIB = 1 << 20;
    private static final int MAX_CHILDREN = 256;
    /// Each child has one object in hand and the next ones beside it.
    static final int LINE = 2;

    private static final long MIN_HEAP_BYTES = 64L * MIB;
    /// For the JVM itself, and for what OpenCV decodes into: six bytes a pixel of the largest progressive JPEG,
    /// and the picture.
    static final long BESIDE_HEAP_BYTES = 4L * 1024 * MIB;
    /// Three bytes a pixel must fit into one Java array.
    private static final long MAX_MAX_PIXELS = Integer.MAX_VALUE / 3 - 16;

    public DecoderSettings {
        require(children >= 1 && children <= MAX_CHILDREN, "children must be 1 to " + MAX_CHILDREN);
        require(deadline.isPositive(), "deadline must be positive");
        require(maxObjectBytes >= 1, "maxObjectBytes must be positive");
        require(maxPixels >= 1 && maxPixels <= MAX_MAX_PIXELS, "maxPixels must be 1 to " + MAX_MAX_PIXELS);
        require(childHeapBytes >= MIN_HEAP_BYTES, "childHeapBytes must be at least 64 MiB");
        require(
                childHeapBytes / (LINE + 1) >= maxObjectBytes,
                "childHeapBytes must be at least " + (LINE + 1) + " times maxObjectBytes");
        require(objectsPerChild >= 1, "objectsPerChild must be positive");
    }

    /// One child for each core, 20 seconds, 64 MiB, 100 million pixels, 1 GiB of heap, 20,000 objects.
    public static DecoderSettings defaults(Path natives) {
        return new DecoderSettings(
                natives,
                Math.min(Runtime.getRuntime().availableProcessors(), MAX_CHILDREN),
                Duration.ofSeconds(20),
                64 * MIB,
                100_000_000,
                1024L * MIB,
                20_000,
                Optional.empty());
    }

    /// Objects under way at once: each child has one in hand and the next one beside it.
    public int inLine() {
        return children * LINE;
    }

    /// Bound on the address space of a child, heap and native memory together.
    long childAddressBytes() {
        return childHeapBytes + BESIDE_HEAP_BYTES;
    }

    public DecoderSettings withChildren(int count) {
        return new DecoderSettings(
                natives, count, deadline, maxObjectBytes, maxPixels, childHeapBytes, objectsPerChild, classes);
    }

    public DecoderSettings withDeadline(Duration limit) {
        return new DecoderSettings(
                natives, children, limit, maxObjectBytes, maxPixels, childHeapBytes, objectsPerChild, classes);
    }

    public DecoderSettings withObjectsPerChild(int count) {
        return new DecoderSettings(
                natives, children, deadline, maxObjectBytes, maxPixels, childHeapBytes, count, classes);
    }

    /// @param cache of classes
    public DecoderSettings withClasses(Optional<Path> cache) {
        return new DecoderSettings(
                natives, children, deadline, maxObjectBytes, maxPixels, childHeapBytes, objectsPerChild, cache);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("decoder settings: " + message);
        }
    }
}
