package org.picket.crawler.image;

import java.nio.file.Path;
import java.time.Duration;

/// The bounds on decoding.
///
/// @param natives folder for the unpacked native libraries (about 120 MB), kept between runs; must be writable by this
///     user alone, since what lies there is executed
/// @param children decoder processes, each decoding one object at a time
/// @param deadline time for one object, the retry after a crash counted anew
/// @param maxObjectBytes larger objects are [Reason#TOO_LARGE]
/// @param maxPixels larger pictures are [Reason#TOO_MANY_PIXELS], by their header
/// @param childHeapBytes Java heap of a child
/// @param childAddressBytes address space of a child, heap and native memory together, where the system can bound it
/// @param objectsPerChild a child is replaced after so many objects, so that what an object may have left behind in it
///     does not last
public record DecoderSettings(
        Path natives,
        int children,
        Duration deadline,
        int maxObjectBytes,
        long maxPixels,
        long childHeapBytes,
        long childAddressBytes,
        int objectsPerChild) {

    private static final int MIB = 1 << 20;
    private static final int MAX_CHILDREN = 256;
    private static final long MIN_HEAP_BYTES = 64L * MIB;
    /// What a child's JVM reserves beside its heap, with nothing decoded yet.
    private static final long MIN_BESIDE_HEAP_BYTES = 1024L * MIB;
    /// Three bytes a pixel must fit into one Java array.
    private static final long MAX_MAX_PIXELS = Integer.MAX_VALUE / 3 - 16;

    public DecoderSettings {
        require(children >= 1 && children <= MAX_CHILDREN, "children must be 1 to " + MAX_CHILDREN);
        require(deadline.isPositive(), "deadline must be positive");
        require(maxObjectBytes >= 1, "maxObjectBytes must be positive");
        require(maxPixels >= 1 && maxPixels <= MAX_MAX_PIXELS, "maxPixels must be 1 to " + MAX_MAX_PIXELS);
        require(childHeapBytes >= MIN_HEAP_BYTES, "childHeapBytes must be at least 64 MiB");
        require(
                childAddressBytes >= childHeapBytes + MIN_BESIDE_HEAP_BYTES,
                "childAddressBytes must be at least 1 GiB above childHeapBytes");
        require(objectsPerChild >= 1, "objectsPerChild must be positive");
    }

    /// One child for each core, 20 seconds, 64 MiB, 100 million pixels, 1 GiB of heap, 5 GiB in all, 20,000 objects.
    public static DecoderSettings defaults(Path natives) {
        return new DecoderSettings(
                natives,
                Math.min(Runtime.getRuntime().availableProcessors(), MAX_CHILDREN),
                Duration.ofSeconds(20),
                64 * MIB,
                100_000_000,
                1024L * MIB,
                5L * 1024 * MIB,
                20_000);
    }

    public DecoderSettings withChildren(int count) {
        return new DecoderSettings(
                natives,
                count,
                deadline,
                maxObjectBytes,
                maxPixels,
                childHeapBytes,
                childAddressBytes,
                objectsPerChild);
    }

    public DecoderSettings withDeadline(Duration limit) {
        return new DecoderSettings(
                natives,
                children,
                limit,
                maxObjectBytes,
                maxPixels,
                childHeapBytes,
                childAddressBytes,
                objectsPerChild);
    }

    public DecoderSettings withObjectsPerChild(int count) {
        return new DecoderSettings(
                natives, children, deadline, maxObjectBytes, maxPixels, childHeapBytes, childAddressBytes, count);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("decoder settings: " + message);
        }
    }
}
