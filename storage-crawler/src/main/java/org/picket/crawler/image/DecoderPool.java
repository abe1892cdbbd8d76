package org.picket.crawler.image;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.picket.crawler.image.confinement.Confinement;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.Format;
import org.picket.runtime.channel.PixelPool;
import org.picket.runtime.telemetry.Meters;

/// Decodes objects into views in child processes. The one way into this package.
///
/// Thread-safe; [#decode] blocks while [DecoderSettings#inLine()] objects are under way: each child decodes one
/// and has the next one at hand. An object that kills its child is tried once more in a fresh one; one that
/// holds it up beyond the deadline is not. Either costs the other objects nothing but the time of a start, also
/// the one that was next: its time had not begun, and another child takes it. Children end with this process,
/// however it ends: their input ends then.
public final class DecoderPool implements AutoCloseable {

    /// More than are on their way to agents at any time would be kept for nothing.
    private static final int KEPT_ARRAYS = 256;

    private final DecoderSettings settings;
    private final PixelPool arrays = new PixelPool(KEPT_ARRAYS);
    private final Supplier<Optional<Confinement>> confinement;
    private final ScheduledThreadPoolExecutor watchdog;
    private final DecodeCounts counts = new DecodeCounts();
    private final List<DecoderSlot> slots = new ArrayList<>();
    private final Semaphore room;
    /// Objects under way by slot; its own lock.
    private final int[] underWay;

    private volatile boolean closed;

    /// Begins to start the children and returns; the first objects wait for them.
    public DecoderPool(DecoderSettings settings) {
        this(settings, new DecoderLaunch(settings));
    }

    private DecoderPool(DecoderSettings settings, DecoderLaunch launch) {
        this(settings, launch, () -> Optional.of(launch.confinement()));
    }

    DecoderPool(DecoderSettings settings, Supplier<ProcessBuilder> command) {
        this(settings, command, Optional::empty);
    }

    private DecoderPool(
            DecoderSettings settings, Supplier<ProcessBuilder> command, Supplier<Optional<Confinement>> confinement) {
        this.settings = settings;
        this.confinement = confinement;
        try {
            Files.createDirectories(settings.natives());
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the folder for the decoder's native libraries, " + settings.natives()
                            + ", cannot be made; check its parent's permissions",
                    e);
        }
        watchdog = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("decoder-watchdog").factory());
        watchdog.setRemoveOnCancelPolicy(true);
        room = new Semaphore(settings.inLine(), true);
        underWay = new int[settings.children()];
        for (int i = 0; i < settings.children(); i++) {
            slots.add(new DecoderSlot(settings, command, watchdog, arrays, counts));
        }
    }

    /// The views of an object, or why it has none, with the settings' bound on pixels.
    ///
    /// @throws InterruptedException as the other one
    public Decoded decode(byte[] object, int length, int viewSize) throws InterruptedException {
        return decode(object, length, viewSize, settings.maxPixels(), false);
    }

    /// The views of an object, or why it has none, with a bound on pixels of the caller's own.
    ///
    /// @throws InterruptedException as the other one
    public Decoded decode(byte[] object, int length, int viewSize, long maxPixels) throws InterruptedException {
        return decode(object, length, viewSize, maxPixels, false);
    }

    /// The views of an object, or why it has none.
    ///
    /// @param object holds the object in its first `length` bytes; not kept, not changed
    /// @param viewSize side of a view in pixels, 1 to 1024
    /// @param maxPixels larger pictures are [Reason#TOO_MANY_PIXELS]; no more than the settings' bound counts
    /// @param fingerprinted whether fingerprints come with the views
    /// @throws InterruptedException if interrupted while all children are busy or none can be started
    /// @throws IllegalStateException if the pool is closed, or children cannot be started at all: no object's
    /// fault
    public Decoded decode(byte[] object, int length, int viewSize, long maxPixels, boolean fingerprinted)
            throws InterruptedException {
        Decoded decoded = decoded(object, length, viewSize, maxPixels, fingerprinted);
        counts.add(object, length, decoded);
        return decoded;
    }

    private Decoded decoded(byte[] object, int length, int viewSize, long maxPixels, boolean fingerprinted)
            throws InterruptedException {
        if (viewSize < 1 || viewSize > DecoderWire.MAX_VIEW_SIZE) {
            throw new IllegalArgumentException(
                    "a view's side is 1 to " + DecoderWire.MAX_VIEW_SIZE + ", not " + viewSize);
        }
        Optional<Flaw> flaw = flawBeforeDecoding(object, length);
        if (flaw.isPresent()) {
            return new Decoded.Undecodable(flaw.get());
        }
        room.acquire();
        int slot = enter();
        try {
            if (closed) {
                throw new IllegalStateException("the decoder pool is closed");
            }
            return slots.get(slot)
                    .decode(
                            object,
                            length,
                            viewSize,
                            new DecoderWish(Math.min(maxPixels, settings.maxPixels()), fingerprinted));
        } finally {
            leave(slot);
            room.release();
        }
    }

    /// Takes a place where the fewest are.
    private int enter() {
        synchronized (underWay) {
            int least = 0;
            for (int slot = 1; slot < underWay.length; slot++) {
                least = underWay[slot] < underWay[least] ? slot : least;
            }
            underWay[least]++;
            return least;
        }
    }

    private void leave(int slot) {
        synchronized (underWay) {
            underWay[slot]--;
        }
    }

    private Optional<Flaw> flawBeforeDecoding(byte[] object, int length) {
        if (length == 0) {
            return Optional.of(Flaw.EMPTY);
        }
        if (length > settings.maxObjectBytes()) {
            return Optional.of(Flaw.BYTES);
        }
        return Format.sniff(object, length).map(Format::unsupported).orElse(Optional.of(Flaw.UNKNOWN));
    }

    /// Where the arrays of views come from: whoever is done with a view may give its array back.
    public PixelPool arrays() {
        return arrays;
    }

    /// What this system keeps the children from, beside the bounds of the settings: for people. Waits until the
    /// first child is ready.
    public String confinement() {
        String around = confinement.get().map(Confinement::text).orElse("not known");
        return slots.getFirst().isListed()
                ? around + "; of the kernel's calls a short list: no network, no writing of files, no other programs"
                : around;
    }

    /// What would keep the children from more, if there is such a thing for this system.
    public Optional<String> confinementAdvice() {
        boolean hidden = confinement.get().map(Confinement::hidesFiles).orElse(false);
        if (hidden && slots.getFirst().isListed()) {
            return Optional.empty();
        }
        return Optional.of(
                hidden
                        ? "this kernel does not let a process give up calls (seccomp); run Picket on Linux for x86-64 or "
                                + "arm64, or in a virtual machine"
                        : "decoders can read what you can read; install bubblewrap, or use a Linux kernel with "
                                + "Landlock (5.13 or later), or run Picket in a container that holds nothing else");
    }

    /// Says what the decoders have to tell.
    public void meters(Meters meters) {
        counts.meters(meters);
    }

    /// Ends all children; calls under way fail with [IllegalStateException].
    @Override
    public void close() {
        closed = true;
        slots.forEach(DecoderSlot::close);
        for (Runnable waiting : watchdog.shutdownNow()) {
            // Nobody may wait for ever for what will not be done any more.
            if (waiting instanceof Future<?> future) {
                future.cancel(false);
            }
        }
    }
}
