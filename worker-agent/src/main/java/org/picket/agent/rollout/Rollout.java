package org.picket.agent.rollout;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.picket.agent.bundle.Bundle;
import org.picket.agent.bundle.BundleOpening;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.ArtifactStatement;
import org.picket.proto.v1.ArtifactsGrpc;
import org.picket.proto.v1.WantRequest;
import org.picket.proto.v1.WantResponse;
import org.picket.proto.v1.WantedBundle;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.Connection;
import org.picket.runtime.terminal.Amounts;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has an agent run the bundles that its coordinator wants: again and again it asks which ones, and sees to
/// those that do not run yet, in the coordinator's order. What is wanted no more goes on running until its room
/// is needed.
///
/// A thread of its own; closing it ends a download under way, which goes on at the next start.
public final class Rollout implements AutoCloseable {
    /// Bundles that run at once: a first one and those that may score after it, and as many of another epoch.
    public static final int MOST_RUNNING = 2 * (1 + Limits.FURTHER_BUNDLES);

    private static final Logger LOG = LoggerFactory.getLogger(Rollout.class);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
    /// A bundle that must not run, or a file that is none, is not tried again before.
    private static final Duration REFUSED_FOR = Duration.ofMinutes(10);
    /// Between two questions where leases are refused for want of a bundle.
    private static final Duration LACKING = Duration.ofSeconds(2);

    private static final long LOOK_MILLIS = 100;

    /// Of one transfer; the next round goes on with it.
    private static final Attempts ATTEMPTS = new Attempts(6, Duration.ofMillis(300), Duration.ofSeconds(10));

    /// Where bundles are asked for, and kept.
    ///
    /// @param coordinators channels to each
    /// @param offers tells whether they are to be believed
    /// @param store for what is fetched
    /// @param builtIn need not be fetched; while nothing is wanted the first of them runs, to be ready for it
    /// @param tell what happens, for people
    public record Means(
            List<Channel> coordinators, Offers offers, BundleStore store, List<Bundle> builtIn, Consumer<String> tell) {
        public Means {
            coordinators = List.copyOf(coordinators);
            builtIn = List.copyOf(builtIn);
        }
    }

    private record Refusal(String inWords, Instant until) {}

    private final Means means;
    private final Runner runner;
    private final TimeSource time;
    private final Transfers transfers;
    private final BadContents bad = new BadContents();
    private final Map<ByteString, Refusal> refusals = new HashMap<>();
    private final Map<ByteString, Instant> wantedAt = new HashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile List<String> refused = List.of();
    private volatile Optional<String> standing = Optional.of("asking the coordinator which bundle is wanted");

    public Rollout(Means means, Runner runner, TimeSource time) {
        this.means = means;
        this.runner = runner;
        this.time = time;
        Ending ending = longest -> closing.await(longest.toNanos(), TimeUnit.NANOSECONDS);
        this.transfers = new Transfers(means.coordinators(), runner, time, ending, ATTEMPTS);
        // Loading a large model would hold up the virtual threads of leases.
        this.thread = Thread.ofPlatform().name("rollout").daemon(true).start(this::repeat);
    }

    /// What it is doing, or what is in its way.
    public Optional<String> standing() {
        return standing;
    }

    /// Why bundles that are wanted do not run here, though others may.
    public List<String> refused() {
        return refused;
    }

    private void repeat() {
        try {
            while (closing.getCount() > 0) {
                Optional<String> held = runner.held(time.now());
                if (held.isPresent()) {
                    // Not a question either: whoever asks counts as there.
                    standing = held;
                    closing.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                    continue;
                }
                Duration pause;
                try {
                    pause = round();
                } catch (StatusRuntimeException e) {
                    pause = unanswered(e.getStatus());
                } catch (RuntimeException | Error e) {
                    // Whatever it is: a thread that ends would leave the agent without any bundle for ever.
                    standing = Optional.of(fault("bundles cannot be seen to", e));
                    pause = AFTER_FAILURE;
                }
                await(pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits, but not long where leases are refused for want of a bundle.
    private void await(Duration pause) throws InterruptedException {
        long begun = System.nanoTime();
        long jittered = pause.toNanos() / 2 + ThreadLocalRandom.current().nextLong(pause.toNanos() / 2 + 1);
        while (System.nanoTime() - begun < jittered
                && !(runner.lacking() && System.nanoTime() - begun > LACKING.toNanos())) {
            if (closing.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    private Duration unanswered(Status status) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (status.getCode() == Status.Code.UNIMPLEMENTED) {
            ready();
            standing = Optional.of(
                    "the coordinator is of an earlier version and hands out no bundles; give one by --bundle");
            return LONGEST;
        }
        standing = Optional.of("the coordinator does not say which bundle is wanted: " + status.getCode() + " "
                + Optional.ofNullable(status.getDescription()).orElse(""));
        return AFTER_FAILURE;
    }

    /// Asks one coordinator after the other until one answers; those that are known to be away come last.
    private WantResponse ask() {
        StatusRuntimeException last = Status.UNAVAILABLE.asRuntimeException();
        for (Channel coordinator : Connection.bestFirst(means.coordinators())) {
            try {
                return ArtifactsGrpc.newBlockingStub(coordinator).want(WantRequest.getDefaultInstance());
            } catch (StatusRuntimeException e) {
                last = e;
            }
        }
        throw last;
    }

    /// @return how long until the next one
    private Duration round() throws InterruptedException {
        WantResponse wants = ask();
        List<WantedBundle> wanted =
                wants.getBundlesList().stream().limit(Limits.WANTED_ARTIFACTS).toList();
        Instant now = time.now();
        Set<ByteString> digests = new HashSet<>();
        wanted.forEach(bundle -> digests.add(bundle.getBundleDigest()));
        wantedAt.keySet().retainAll(union(digests, runner.running()));
        digests.forEach(digest -> wantedAt.put(digest, now));
        refusals.values().removeIf(refusal -> !refusal.until().isAfter(now));
        if (wanted.isEmpty()) {
            ready();
        }
        List<String> lacks = new ArrayList<>();
        for (WantedBundle bundle : wanted) {
            seeAlone(bundle, digests).ifPresent(lacks::add);
        }
        refused = wanted.stream()
                .flatMap(bundle -> Optional.ofNullable(refusals.get(bundle.getBundleDigest())).stream())
                .map(Refusal::inWords)
                .toList();
        standing = lacks.isEmpty()
                ? Optional.of("no storage that this agent may work for is being scanned")
                        .filter(_ -> wanted.isEmpty())
                : Optional.of(String.join("; ", lacks));
        Duration pause = Duration.ofMillis(wants.getComeBack().getMilliseconds());
        return pause.compareTo(SHORTEST) < 0 ? SHORTEST : pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }

    /// Before anything is known to be wanted.
    private void ready() {
        if (runner.running().isEmpty()) {
            means.builtIn().stream()
                    .filter(bundle -> !refusals.containsKey(ByteString.copyFrom(bundle.digest())))
                    .findFirst()
                    .ifPresent(this::run);
        }
    }

    private static Set<ByteString> union(Set<ByteString> one, Set<ByteString> other) {
        Set<ByteString> both = new HashSet<>(one);
        both.addAll(other);
        return both;
    }

    /// Has a wanted bundle run; what goes wrong with it is in no other one's way.
    ///
    /// @return what is in the way
    private Optional<String> seeAlone(WantedBundle wanted, Set<ByteString> all) throws InterruptedException {
        ByteString digest = wanted.getBundleDigest();
        if (digest.size() != Digest.LENGTH) {
            return Optional.of("the coordinator names a bundle by " + digest.size()
                    + " bytes, which are no SHA-256; tell its operator");
        }
        try {
            return see(wanted, all);
        } catch (RuntimeException | Error e) {
            String why = fault("the bundle " + name(digest) + " cannot be seen to", e);
            refusals.put(digest, new Refusal(why, time.now().plus(AFTER_FAILURE)));
            return Optional.of(why);
        }
    }

    private static String fault(String what, Throwable e) {
        LOG.error("{} ({}); it is tried again", what, e.toString());
        return switch (e) {
            case LinkageError _ ->
                "the native libraries of ONNX Runtime cannot be loaded here (" + e.getMessage()
                        + "): see what 'picket agent doctor' says, give others by --provider-pack, and start it anew";
            case OutOfMemoryError _ ->
                what + ": this program's memory is used up; give it more (-Xmx), it is tried again";
            default -> what + " (" + e.getClass().getSimpleName() + ": " + e.getMessage() + "); it is tried again";
        };
    }

    /// Has a wanted bundle run.
    ///
    /// @return what is in the way
    private Optional<String> see(WantedBundle wanted, Set<ByteString> all) throws InterruptedException {
        ByteString digest = wanted.getBundleDigest();
        if (runner.running().contains(digest)) {
            means.store().used(digest, time.now());
            return Optional.empty();
        }
        Optional<String> barred =
                Optional.ofNullable(refusals.get(digest)).map(Refusal::inWords).or(() -> makeRoom(all));
        if (barred.isPresent()) {
            return barred;
        }
        Optional<Bundle> builtIn = means.builtIn().stream()
                .filter(bundle -> digest.equals(ByteString.copyFrom(bundle.digest())))
                .findFirst();
        if (builtIn.isPresent()) {
            return run(builtIn.get());
        }
        Optional<ArtifactStatement> offer =
                wanted.hasArtifact() ? means.offers().bundle(wanted.getArtifact(), digest) : Optional.empty();
        Optional<Bundle> kept = open(digest);
        if (kept.isPresent()) {
            return run(kept.get());
        }
        if (offer.isEmpty()) {
            return Optional.of("the bundle " + name(digest) + " is wanted, and the coordinator "
                    + (wanted.hasArtifact() ? "vouches for it wrongly" : "does not hand it out")
                    + "; give it by --bundle, or have the coordinator's operator put it on its shelf");
        }
        return fetch(offer.get(), all);
    }

    private static String name(ByteString digest) {
        return HexFormat.of().formatHex(digest.toByteArray()).substring(0, 16);
    }

    /// Ends what was not wanted for longest, where as many run as may.
    private Optional<String> makeRoom(Set<ByteString> wanted) {
        Set<ByteString> running = runner.running();
        if (running.size() < runner.most()) {
            return Optional.empty();
        }
        boolean ended = running.stream()
                .filter(digest -> !wanted.contains(digest))
                .sorted(java.util.Comparator.comparing(digest -> wantedAt.getOrDefault(digest, Instant.MIN)))
                .anyMatch(runner::letGo);
        return ended
                ? Optional.empty()
                : Optional.of("more than " + runner.most() + " bundles are wanted at once; the others wait");
    }

    /// What lies in the store, where it is sound.
    private Optional<Bundle> open(ByteString digest) {
        if (!java.nio.file.Files.exists(means.store().place(digest))) {
            return Optional.empty();
        }
        return switch (Bundle.open(means.store().place(digest))) {
            case BundleOpening.Opened opened
            when digest.equals(ByteString.copyFrom(opened.bundle().digest())) -> Optional.of(opened.bundle());
            case BundleOpening.Opened _ -> damaged(digest, "it is another bundle");
            case BundleOpening.Refused refused ->
                damaged(digest, refused.fault().inWords());
        };
    }

    private Optional<Bundle> damaged(ByteString digest, String why) {
        LOG.warn("the bundle {} that was kept is thrown away: {}", name(digest), why);
        means.store().drop(digest);
        return Optional.empty();
    }

    private Optional<String> run(Bundle bundle) {
        ByteString digest = ByteString.copyFrom(bundle.digest());
        means.store().used(digest, time.now());
        String named = bundle.manifest().getName() + " " + bundle.manifest().getVersion();
        Optional<String> refusal = runner.take(bundle);
        if (refusal.isPresent()) {
            return refuse(digest, named + ": " + refusal.get());
        }
        String notice = bundle.manifest().getNotice();
        means.tell().accept("runs the bundle " + named + ": " + notice);
        return Optional.empty();
    }

    private Optional<String> refuse(ByteString digest, String why) {
        refusals.put(digest, new Refusal(why, time.now().plus(REFUSED_FOR)));
        return Optional.of(why);
    }

    private Optional<String> fetch(ArtifactStatement offer, Set<ByteString> wanted) throws InterruptedException {
        ByteString digest = offer.getBundleDigest();
        Optional<String> unable = runner.unable(offer.getNeeds());
        if (unable.isPresent()) {
            return refuse(digest, "this machine cannot run the bundle " + offer.getName() + ": " + unable.get());
        }
        Optional<String> barred = bad.refusal(offer.getSha256(), time.now()).or(() -> transfers.held(offer));
        if (barred.isPresent()) {
            return barred;
        }
        Optional<String> crowded =
                means.store().room(offer.getSha256(), offer.getBytes(), union(wanted, runner.running()));
        if (crowded.isPresent()) {
            return crowded;
        }
        String size = Amounts.bytes(offer.getBytes());
        means.tell().accept("fetches the bundle " + offer.getName() + " from the coordinator, " + size);
        Download.Outcome outcome = transfers.run(
                offer,
                means.store().place(digest),
                have -> standing = Optional.of(
                        "the bundle " + offer.getName() + " is on its way, " + Amounts.bytes(have) + " of " + size));
        return switch (outcome) {
            case Download.Outcome.Failed failed -> Optional.of(failed.inWords());
            case Download.Outcome.Crowded waits -> Optional.of(waits.inWords());
            case Download.Outcome.Held held -> Optional.of(held.inWords());
            case Download.Outcome.Wrong wrong -> bad(offer, wrong.inWords());
            case Download.Outcome.Complete _ -> {
                Optional<Bundle> bundle = open(digest);
                bundle.ifPresent(_ -> bad.sound(offer.getSha256()));
                yield bundle.isPresent()
                        ? run(bundle.get())
                        : bad(
                                offer,
                                "what the coordinator hands out as " + offer.getName()
                                        + " is no sound bundle; tell its operator");
            }
        };
    }

    private Optional<String> bad(ArtifactStatement offer, String why) {
        String inWords = bad.came(offer.getSha256(), why, time.now());
        means.tell().accept(inWords);
        return Optional.of(inWords);
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
