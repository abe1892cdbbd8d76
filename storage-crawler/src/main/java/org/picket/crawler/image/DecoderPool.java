package org.picket.crawler.image;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.picket.crawler.image.confinement.Confinement;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.Format;
import org.picket.runtime.channel.PixelPool;
import org.picket.runtime.telemetry.Meters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decodes objects into views in child processes. The one way into this package.
///
/// One child starts at once. Another follows, up to [DecoderSettings#children()], where objects wait for room and those
/// children that are there have had their share, or where one waits for long: a start costs as much as decoding a
/// hundred pictures, which few objects, or objects that are slow to read, are not worth.
///
/// Thread-safe; [#decode] blocks while each child that is ready decodes one object and has the next one at hand. An
/// object that kills its child is tried once more in a fresh one; one that holds it up beyond the deadline is not.
/// Either costs the other objects nothing but the time of a start, also the one that was next: its time had not
/// begun, and another child takes it. Children end with this process, however it ends: their input ends then.
public final class DecoderPool implements AutoCloseable {

    /// More than are on their way to agents at any time would be kept for nothing.
    private static final int KEPT_ARRAYS = 256;

    /// Objects that each child was asked about before another one is worth its start.
    private static final int SHARE = 64;

    /// Whoever waits for so long is held up by what is in hand, and not by how much there is.
    private static final long LONG_WAIT_MILLIS = 3_000;

    private static final Logger LOG = LoggerFactory.getLogger(DecoderPool.class);

    private final DecoderSettings settings;
    private final PixelPool arrays = new PixelPool(KEPT_ARRAYS);
    private final Supplier<Optional<Confinement>> confinement;
    private final ScheduledThreadPoolExecutor watchdog;
    private final DecodeCounts counts = new DecodeCounts();
    private final Supplier<ProcessBuilder> command;
    private final Semaphore room = new Semaphore(DecoderSettings.LINE, true);
    /// Its own lock, for all below.
    private final List<Place> places = new ArrayList<>();

    private Optional<DecoderSlot> joining = Optional.empty();
    private long asked;
    private long askedForAnother = SHARE;
    private volatile boolean closed;

    /// A slot and how many objects are under way in it.
    private static final class Place {
        private final DecoderSlot slot;
        private int underWay;

        Place(DecoderSlot slot) {
            this.slot = slot;
        }
    }

    /// Begins to start the first child and returns; the first objects wait for it.
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
        this.command = command;
        places.add(new Place(begin()));
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
        awaitRoom();
        Place place = enter();
        try {
            if (closed) {
                throw new IllegalStateException("the decoder pool is closed");
            }
            return place.slot.decode(
                    object,
                    length,
                    viewSize,
                    new DecoderWish(Math.min(maxPixels, settings.maxPixels()), fingerprinted));
        } finally {
            leave(place);
            room.release();
        }
    }

    private DecoderSlot begin() {
        return new DecoderSlot(settings, command, watchdog, arrays, counts);
    }

    private void awaitRoom() throws InterruptedException {
        // In turn, also where there is room.
        if (room.tryAcquire(0, TimeUnit.MILLISECONDS)) {
            return;
        }
        grow(false);
        if (!room.tryAcquire(LONG_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
            grow(true);
            room.acquire();
        }
    }

    /// Begins to start another child where that is worth it.
    private void grow(boolean urgent) {
        synchronized (places) {
            boolean worthIt = urgent || asked >= askedForAnother;
            if (!worthIt || closed || joining.isPresent() || places.size() == settings.children()) {
                return;
            }
            askedForAnother = asked + SHARE * (places.size() + 1);
            DecoderSlot slot = begin();
            joining = Optional.of(slot);
            slot.whenBegun(started -> join(slot, started));
        }
    }

    /// Takes in a child that is ready, so that nothing waits for it before. One that did not start is tried anew when
    /// the others have had their share once more: they do the work meanwhile.
    private void join(DecoderSlot slot, boolean started) {
        synchronized (places) {
            joining = Optional.empty();
            if (closed) {
                return;
            }
            if (!started) {
                LOG.warn("a further decoder process did not start; going on with {}", places.size());
                slot.close();
                return;
            }
            places.add(new Place(slot));
        }
        room.release(DecoderSettings.LINE);
    }

    /// Takes a place where the fewest are.
    private Place enter() {
        synchronized (places) {
            asked++;
            Place least = Collections.min(places, Comparator.comparingInt(place -> place.underWay));
            least.underWay++;
            return least;
        }
    }

    private void leave(Place place) {
        synchronized (places) {
            place.underWay--;
        }
    }

    private DecoderSlot first() {
        synchronized (places) {
            return places.getFirst().slot;
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
        return first().isListed()
                ? around + "; of the kernel's calls a short list: no network, no writing of files, no other programs"
                : around;
    }

    /// What would keep the children from more, if there is such a thing for this system.
    public Optional<String> confinementAdvice() {
        boolean hidden = confinement.get().map(Confinement::hidesFiles).orElse(false);
        if (hidden && first().isListed()) {
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
        synchronized (places) {
            closed = true;
            places.forEach(place -> place.slot.close());
            joining.ifPresent(DecoderSlot::close);
        }
        for (Runnable waiting : watchdog.shutdownNow()) {
            // Nobody may wait for ever for what will not be done any more.
            if (waiting instanceof Future<?> future) {
                future.cancel(false);
            }
        }
    }
}
