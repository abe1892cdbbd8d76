package org.picket.crawler.supply;

import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.picket.crawler.match.Hit;
import org.picket.crawler.match.ListSet;
import org.picket.crawler.source.Fetched;
import org.picket.crawler.source.ObjectReference;
import org.picket.crawler.source.Source;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.InconclusiveReason;
import org.picket.proto.v1.ProbeResponse;
import org.picket.runtime.channel.BoundedThreads;
import org.picket.runtime.channel.Pixels;

/// The threads that list, read and decode, shared by all leases: a decoder that is done with one lease goes on
/// with the next. Safe for any number of threads.
final class Workshop implements AutoCloseable {
    private final Source source;
    private final ObjectDecoder decoder;
    private final Brake brake;
    private final SupplyCounts counts = new SupplyCounts();
    private final Commons.Large large;
    private final ExecutorService listers;
    private final ExecutorService fetchers;
    private final ExecutorService decoders;

    Workshop(Source source, SupplySettings settings, Commons commons, Brake.Clock clock) {
        this.source = source;
        this.brake = new Brake(settings.limits(), commons, clock);
        this.large = commons.large();
        this.decoder = commons.decoder();
        this.listers = BoundedThreads.platform("supply-read", settings.leases());
        this.fetchers = BoundedThreads.platform("fetch", settings.fetchers());
        this.decoders = BoundedThreads.platform("decode", settings.decoders());
    }

    /// What becomes of objects.
    SupplyCounts counts() {
        return counts;
    }

    /// What holds all leases together to the site's limits.
    Brake brake() {
        return brake;
    }

    /// What a lease may hold.
    LeaseBytes budget(long limit) {
        return new LeaseBytes(limit, large);
    }

    /// One lease's view of the workshop.
    ///
    /// @param over whether work on the lease has become pointless
    record Job(LeaseSupply.Task task, Probes probes, LeaseBytes budget, BooleanSupplier over) {
        Terms terms() {
            return task.terms();
        }

        ListSet lists() {
            return task.lists();
        }
    }

    /// Runs the listing of one lease, which reads directories: as many at once as leases are served.
    ///
    /// @throws io.grpc.StatusRuntimeException where the crawler is stopping
    Future<?> list(Runnable listing) {
        try {
            return listers.submit(listing);
        } catch (RejectedExecutionException e) {
            throw Status.UNAVAILABLE.withDescription("the crawler is stopping").asRuntimeException();
        }
    }

    /// Works on one object.
    ///
    /// @param taken bytes taken of the budget for it; what it comes to hold is corrected, and told with the
    /// outcome
    CompletableFuture<Supplied> work(Job job, ObjectReference reference, long taken) {
        CompletableFuture<Supplied> done = new CompletableFuture<>();
        fetchers.execute(() -> guarded(done, job, taken, () -> fetch(job, reference, taken, done)));
        return done;
    }

    private void fetch(Job job, ObjectReference reference, long taken, CompletableFuture<Supplied> done) {
        switch (source.fetch(reference, job.terms().most().bytes())) {
            case Fetched.Content content -> {
                Digest hash = Digest.of(content.bytes());
                List<Hit> hits = job.lists().exact(hash, content.bytes());
                if (!hits.isEmpty()) {
                    finish(done, job, taken, reference, Optional.of(hash), new Supplied.Fate.Listed(hits));
                    return;
                }
                job.probes().ask(hash).whenComplete((known, failure) -> {
                    if (Optional.ofNullable(failure).isPresent()) {
                        fail(done, job, taken, failure);
                    } else if (known == ProbeResponse.Known.RULED) {
                        finish(done, job, taken, reference, Optional.of(hash), new Supplied.Fate.Known());
                    } else {
                        Found found = new Found(reference, hash, known == ProbeResponse.Known.SCORED);
                        decoders.execute(() ->
                                guarded(done, job, taken, () -> decode(job, found, content.bytes(), taken, done)));
                    }
                });
            }
            case Fetched.Gone gone -> finish(done, job, taken, reference, Optional.empty(), new Supplied.Fate.Gone());
            case Fetched.Changed changed ->
                finish(
                        done,
                        job,
                        taken,
                        reference,
                        Optional.empty(),
                        SupplyClient.unclear(
                                InconclusiveReason.CHANGED_WHILE_READ,
                                "replaced after it was listed; the next scan has it"));
            case Fetched.TooLarge large ->
                finish(
                        done,
                        job,
                        taken,
                        reference,
                        Optional.empty(),
                        SupplyClient.unclear(
                                InconclusiveReason.TOO_LARGE,
                                large.sizeBytes() + " bytes, of at most "
                                        + job.terms().most().bytes()));
            case Fetched.Unreachable unreachable ->
                finish(done, job, taken, reference, Optional.empty(), unreachable(unreachable.reason()));
        }
    }

    private static Supplied.Fate unreachable(Fetched.Reason reason) {
        InconclusiveReason told =
                reason.worthRetrying() ? InconclusiveReason.UNREACHABLE : InconclusiveReason.UNREADABLE;
        return SupplyClient.unclear(told, reason.name());
    }

    /// An object that no list knows by its bytes.
    ///
    /// @param scored cleared by its scores before: decoded for the lists' sake alone
    private record Found(ObjectReference reference, Digest hash, boolean scored) {}

    private void decode(Job job, Found found, byte[] content, long taken, CompletableFuture<Supplied> done) {
        Supplied.Fate fate = switch (decoder.decode(
                content,
                job.terms().viewSize(),
                job.terms().most().pixels(),
                job.lists().pictures())) {
            case Viewed.Views viewed -> {
                List<Hit> hits = job.lists().near(viewed.fingerprints());
                if (hits.isEmpty() && !found.scored()) {
                    yield seen(viewed.views());
                }
                viewed.views().forEach(Pixels::release);
                yield hits.isEmpty() ? new Supplied.Fate.Known() : new Supplied.Fate.Listed(hits);
            }
            case Viewed.None none -> SupplyClient.unclear(none.reason(), none.detail());
        };
        finish(done, job, taken, found.reference(), Optional.of(found.hash()), fate);
    }

    private static Supplied.Fate seen(List<Pixels> views) {
        if (views.size() > Limits.OBJECT_VIEWS) {
            return SupplyClient.unclear(
                    InconclusiveReason.TOO_LONG, views.size() + " views, of at most " + Limits.OBJECT_VIEWS);
        }
        // Here, on a thread of the decoders, so that the sender only sends.
        views.forEach(Pixels::digest);
        return new Supplied.Fate.Seen(views);
    }

    private static void finish(
            CompletableFuture<Supplied> done,
            Job job,
            long taken,
            ObjectReference reference,
            Optional<Digest> hash,
            Supplied.Fate fate) {
        long held = fate instanceof Supplied.Fate.Seen seen ? bytes(seen.views()) : 0;
        job.budget().done(taken, held);
        done.complete(new Supplied(reference, hash, fate, held));
    }

    private static long bytes(List<Pixels> views) {
        long bytes = 0;
        for (Pixels view : views) {
            bytes += view.length();
        }
        return bytes;
    }

    private static void guarded(CompletableFuture<Supplied> done, Job job, long taken, Runnable step) {
        if (job.over().getAsBoolean()) {
            fail(done, job, taken, new CancellationException("the stream is over"));
            return;
        }
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            fail(done, job, taken, e);
        }
    }

    private static void fail(CompletableFuture<Supplied> done, Job job, long taken, Throwable failure) {
        job.budget().done(taken, 0);
        done.completeExceptionally(failure);
    }

    @Override
    public void close() {
        listers.shutdownNow();
        fetchers.shutdownNow();
        decoders.shutdownNow();
        large.close();
    }
}
