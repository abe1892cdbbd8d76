package org.picket.agent.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.agent.bundle.Bundle;
import org.picket.model.InstantBundle;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.BundleNeeds;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.time.TimeSource;

class RolloutTest {
    private static final byte[] RED = InstantBundle.file(16, List.of("red"));
    private static final byte[] BLUE = InstantBundle.file(16, List.of("blue"));

    @TempDir
    private Path folder;

    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private final ShelfFake shelf = new ShelfFake(key);
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private final RunnerFake runner = new RunnerFake();
    private final Server server = Servers.inProcess(
            "rollout-" + Long.toHexString(System.nanoTime()),
            ChannelSettings.DEFAULT,
            List.of(shelf.bindService()),
            List.of());
    private final ManagedChannel channel =
            Channels.inProcess(server.getListenSockets().getFirst().toString(), ChannelSettings.DEFAULT, List.of());
    private Optional<Rollout> rollout = Optional.empty();

    @AfterEach
    void end() {
        rollout.ifPresent(Rollout::close);
        channel.shutdownNow();
        server.shutdownNow();
    }

    private static final class RunnerFake implements Runner {
        private final List<Bundle> bundles = new CopyOnWriteArrayList<>();
        private final BlockingQueue<ByteString> taken = new LinkedBlockingQueue<>();
        private volatile Optional<String> refusal = Optional.empty();
        private volatile Optional<Error> error = Optional.empty();
        private volatile Optional<String> held = Optional.empty();
        private volatile Duration wait = Duration.ZERO;
        private final AtomicLong bytes = new AtomicLong();

        @Override
        public Set<ByteString> running() {
            return Set.copyOf(bundles.stream().map(RolloutTest::digest).toList());
        }

        @Override
        public Optional<String> take(Bundle bundle) {
            if (error.isPresent() && bundle.manifest().getConcepts(0).equals("red")) {
                throw error.get();
            }
            Optional<String> answer = refusal;
            if (answer.isEmpty()) {
                bundles.add(bundle);
                taken.add(digest(bundle));
            }
            return answer;
        }

        @Override
        public boolean letGo(ByteString digest) {
            return bundles.removeIf(bundle -> digest(bundle).equals(digest));
        }

        @Override
        public int most() {
            return Rollout.MOST_RUNNING;
        }

        @Override
        public boolean lacking() {
            return false;
        }

        @Override
        public Optional<String> unable(BundleNeeds needs) {
            return Optional.of("it needs a larger machine").filter(_ -> needs.getMemoryBytes() > 0);
        }

        @Override
        public Optional<String> held(Instant now) {
            return held;
        }

        @Override
        public Duration came(int length) {
            bytes.addAndGet(length);
            return wait;
        }
    }

    private static ByteString digest(Bundle bundle) {
        return ByteString.copyFrom(bundle.digest());
    }

    private static Bundle read(byte[] file) {
        return Bundle.read("test", new ByteArrayInputStream(file)).orThrow();
    }

    private void start(SigningKey believed, Bundle... builtIn) {
        rollout = Optional.of(new Rollout(
                new Rollout.Means(
                        List.of(channel),
                        new Offers(believed.verifyingKey()),
                        new BundleStore(folder, 1_000_000),
                        List.of(builtIn),
                        said::add),
                runner,
                TimeSource.system()));
    }

    private void awaitSaid(String words) throws InterruptedException {
        String last = "";
        while (!last.contains(words)) {
            last = Optional.ofNullable(said.poll(20, TimeUnit.SECONDS))
                    .orElseThrow(() -> new AssertionError("never said: " + words));
        }
    }

    private void awaitStanding(String words) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!rollout.orElseThrow().standing().orElse("").contains(words)) {
            assertTrue(
                    System.nanoTime() < deadline,
                    () -> "stands: " + rollout.orElseThrow().standing());
            Thread.onSpinWait();
        }
    }

    private ByteString taken() throws InterruptedException {
        return Optional.ofNullable(runner.taken.poll(20, TimeUnit.SECONDS)).orElseThrow();
    }

    @Test
    void wantedBundlesAreFetchedSayingHowLargeAndRun() throws InterruptedException {
        shelf.want(RED, BLUE);
        start(key);
        awaitSaid("fetches the bundle instant 1 from the coordinator, ");
        assertEquals(Set.of(digest(read(RED)), digest(read(BLUE))), Set.of(taken(), taken()));
    }

    @Test
    void bundleOfANewEpochComesBesideTheOneThatRuns() throws InterruptedException {
        shelf.want(RED);
        start(key);
        assertEquals(digest(read(RED)), taken());
        shelf.want(RED, BLUE);
        assertEquals(digest(read(BLUE)), taken());
        assertEquals(2, runner.running().size());
    }

    @Test
    void whatWasFetchedIsNotFetchedAgain() throws InterruptedException {
        shelf.want(RED);
        start(key);
        taken();
        rollout.orElseThrow().close();
        runner.bundles.clear();
        int fetches = shelf.fetches.get();
        start(key);
        taken();
        assertEquals(fetches, shelf.fetches.get());
    }

    @Test
    void keptFileThatIsDamagedIsFetchedAnew() throws Exception {
        Bundle red = read(RED);
        Files.write(new BundleStore(folder, 1_000_000).place(digest(red)), new byte[] {1, 2, 3});
        shelf.want(RED);
        start(key);
        assertEquals(digest(red), taken());
        assertEquals(1, shelf.fetches.get());
    }

    @Test
    void statementOfAnotherKeyIsNotBelieved() {
        shelf.want(RED);
        start(SigningKey.generate(new SecureRandom()));
        awaitStanding("vouches for it wrongly");
        assertEquals(0, shelf.fetches.get());
    }

    @Test
    void bundleThatNobodyHandsOutIsToldPlainly() {
        shelf.want(RED);
        shelf.withholds = true;
        start(key);
        awaitStanding("does not hand it out");
    }

    @Test
    void otherBytesThanAnnouncedAreNeverRun() {
        shelf.want(RED);
        shelf.garbles = true;
        start(key);
        awaitStanding("its SHA-256 is another one");
        assertEquals(Set.of(), runner.running());
    }

    @Test
    void bundleWhoseGoldenViewsDisagreeIsNotTriedAgainAtOnce() throws InterruptedException {
        shelf.want(RED);
        runner.refusal = Optional.of("golden view 0 differs");
        start(key);
        awaitStanding("golden view 0 differs");
        assertEquals(
                List.of("instant 1: golden view 0 differs"),
                rollout.orElseThrow().refused());
    }

    /// The first one that runs must not hide the second one's fate.
    @Test
    void bundleThatIsRefusedBesideOneThatRunsIsToldWithItsReason() throws InterruptedException {
        shelf.want(RED);
        start(key);
        assertEquals(digest(read(RED)), taken());
        assertEquals(List.of(), rollout.orElseThrow().refused());
        runner.refusal = Optional.of("it needs 9000 MB of memory");
        shelf.want(RED, BLUE);
        awaitStanding("it needs 9000 MB of memory");
        assertEquals(
                List.of("instant 1: it needs 9000 MB of memory"),
                rollout.orElseThrow().refused());
        shelf.want(RED);
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!rollout.orElseThrow().refused().isEmpty()) {
            assertTrue(
                    System.nanoTime() < deadline,
                    () -> "refused still: " + rollout.orElseThrow().refused());
            Thread.onSpinWait();
        }
    }

    @Test
    void errorOfOneBundleStopsNeitherTheOthersNorTheRollout() throws InterruptedException {
        shelf.want(RED, BLUE);
        runner.error = Optional.of(new UnsatisfiedLinkError("no onnxruntime here"));
        start(key);
        assertEquals(digest(read(BLUE)), taken());
        awaitStanding("native libraries of ONNX Runtime cannot be loaded here (no onnxruntime here)");
        shelf.want();
        awaitStanding("is being scanned");
    }

    @Test
    void digestOfAnotherLengthIsRefusedAndInNobodysWay() throws InterruptedException {
        shelf.odd = Optional.of(ByteString.copyFrom(new byte[3]));
        shelf.want(RED);
        start(key);
        assertEquals(digest(read(RED)), taken());
        awaitStanding("names a bundle by 3 bytes");
    }

    @Test
    void wrongBytesAreNotFetchedAgainAtOnce() throws InterruptedException {
        shelf.want(RED);
        shelf.garbles = true;
        start(key);
        awaitStanding("it is fetched again in ");
        int fetches = shelf.fetches.get();
        int asked = shelf.asked.get();
        while (shelf.asked.get() < asked + 3) {
            Thread.onSpinWait();
        }
        assertEquals(fetches, shelf.fetches.get());
    }

    @Test
    void whatThisMachineCannotRunIsNotFetched() {
        shelf.memory = 1L << 50;
        shelf.want(RED);
        start(key);
        awaitStanding("cannot run the bundle instant 1: it needs a larger machine");
        assertEquals(0, shelf.fetches.get());
    }

    @Test
    void nothingIsAskedOrFetchedWhileTheAgentIsHeldBack() throws InterruptedException {
        runner.held = Optional.of("paused");
        shelf.want(RED);
        start(key);
        awaitStanding("paused");
        assertEquals(0, shelf.asked.get());
        runner.held = Optional.empty();
        taken();
        assertEquals(RED.length, runner.bytes.get());
    }

    @Test
    void downloadWaitsUntilItsBytesArePaidFor() throws InterruptedException {
        runner.wait = Duration.ofMinutes(10);
        shelf.want(RED);
        start(key);
        while (runner.bytes.get() == 0) {
            Thread.onSpinWait();
        }
        assertTrue(runner.bytes.get() < RED.length);
        rollout.orElseThrow().close();
        assertEquals(Set.of(), runner.running());
    }

    @Test
    void builtInBundleIsReadyWhileNothingIsWantedAndIsNeverFetched() throws InterruptedException {
        start(key, read(RED));
        assertEquals(digest(read(RED)), taken());
        assertEquals(0, shelf.fetches.get());
    }
}
