package org.picket.agent.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.picket.agent.intake.ViewRoutes;
import org.picket.agent.report.Signer;
import org.picket.agent.status.AgentStatus;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.Opened;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.proto.v1.ReportRequest;
import org.picket.proto.v1.TicketStatement;
import org.picket.proto.v1.VerdictStatement;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Pixels;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.channel.ViewFrame;
import org.picket.runtime.channel.ViewsWire;
import org.picket.runtime.time.Ticker;
import org.picket.runtime.time.TimeSource;

/// An agent whose coordinator writes down what it is told and whose crawler plays scripts, all within this process.
@Timeout(30)
abstract class WorkFixture {
    static final long LONG = 60_000;
    static final Attempts QUICK = new Attempts(5, Duration.ofMillis(1), Duration.ofMillis(2));
    static final AgentStatus.EngineStatus ENGINE = new AgentStatus.EngineStatus("CPU", List.of());
    static final Duration SOON = Duration.ofMillis(2);
    static final Duration LONG_AFTER = Duration.ofMinutes(1);
    static final AgentSettings SETTINGS = new AgentSettings(
            2,
            4,
            16,
            Duration.ofMillis(2),
            Duration.ofMillis(50),
            Duration.ofSeconds(10),
            LONG_AFTER,
            AgentLimits.NONE);

    final SigningKey key = SigningKey.generate(new SecureRandom());
    final LeasesFake coordinator = new LeasesFake();
    final ScorerFake scorer = new ScorerFake();
    final Map<Long, List<Object>> scripts = new ConcurrentHashMap<>();
    final Server leases =
            Servers.inProcess("work-leases", ChannelSettings.DEFAULT, List.of(coordinator.bindService()), List.of());
    final Server views =
            Servers.inProcess("work-views", ChannelSettings.DEFAULT, List.of(ViewsWire.serve(this::open)), List.of());
    final ManagedChannel toLeases = Channels.inProcess("work-leases", ChannelSettings.DEFAULT, List.of());
    final ManagedChannel toViews = Channels.inProcess("work-views", ChannelSettings.DEFAULT, List.of());
    AgentSettings settings = SETTINGS;
    Optional<Work> work = Optional.empty();

    @AfterEach
    void close() {
        work.ifPresent(Work::close);
        toViews.shutdownNow();
        toLeases.shutdownNow();
        views.shutdownNow();
        leases.shutdownNow();
    }

    void start() {
        start(toLeases, ViewRoutes.within(toViews));
    }

    void start(Channel coordinatorChannel, ViewRoutes routes) {
        start(coordinatorChannel, routes, Ticker.system());
    }

    void start(Channel coordinatorChannel, ViewRoutes routes, Ticker ticker) {
        Work.Station station = new Work.Station(
                new LeaseLoop.Skill(LeasesFake.BUNDLE, LeasesFake.PREPROCESSING, "fake", ScorerFake.VIEW_BYTES),
                scorer,
                new Signer(key, "fake", "test"));
        work = Optional.of(new Work(
                new Work.Peers(coordinatorChannel, routes),
                List.of(station),
                QUICK,
                settings,
                TimeSource.system(),
                ticker));
    }

    void lease(long shard, ByteString bundle, Object... script) {
        scripts.put(shard, List.of(script));
        coordinator.grant(shard, LONG, bundle);
    }

    void lease(long shard, long ttl, Object... script) {
        scripts.put(shard, List.of(script));
        coordinator.grant(shard, ttl);
    }

    /// Plays the script of the ticket's shard: frames, latches to wait for, or a status to fail with.
    void open(OpenViewsRequest request, StreamObserver<ViewFrame> observer) {
        Thread.ofVirtual().start(() -> {
            try {
                long shard = TicketStatement.parseFrom(request.getTicket().getStatement())
                        .getShardId();
                for (Object step : scripts.get(shard)) {
                    switch (step) {
                        case ViewFrame frame -> observer.onNext(frame);
                        case CountDownLatch latch -> latch.await();
                        case Status status -> {
                            observer.onError(status.asRuntimeException());
                            return;
                        }
                        default -> throw new IllegalArgumentException("no such step");
                    }
                }
                observer.onCompleted();
            } catch (InvalidProtocolBufferException | InterruptedException e) {
                throw new AssertionError(e);
            } catch (io.grpc.StatusRuntimeException e) {
                // The agent has had enough of this lease.
                assertEquals(Status.Code.CANCELLED, e.getStatus().getCode());
            }
        });
    }

    static byte[] pixels(int first) {
        byte[] pixels = new byte[ScorerFake.VIEW_BYTES];
        pixels[0] = (byte) first;
        pixels[1] = (byte) -first;
        return pixels;
    }

    static ViewFrame chunk(int ordinal, int view, int first) {
        return new ViewFrame.Chunk(ordinal, view, Pixels.of(pixels(first)));
    }

    static ViewFrame segment(int from, int to) {
        return new ViewFrame.Segment(from, to);
    }

    static ViewFrame end(int objects) {
        return new ViewFrame.End(objects);
    }

    static ByteString viewsDigest(int... firsts) {
        ByteArrayOutputStream together = new ByteArrayOutputStream();
        for (int first : firsts) {
            together.writeBytes(Digest.of(pixels(first)).toByteArray());
        }
        return Digest.of(together.toByteArray()).bytes();
    }

    static ByteString scores(int... firsts) {
        ByteBuffer bytes = ByteBuffer.allocate(firsts.length * 4);
        for (int first : firsts) {
            bytes.putShort((short) first).putShort((short) -first);
        }
        return ByteString.copyFrom(bytes.flip());
    }

    VerdictStatement verdict(ReportRequest report) {
        Opened<VerdictStatement> opened = Opened.open(
                SealKind.VERDICT,
                report.getVerdict(),
                VerdictStatement.parser(),
                id -> Optional.of(key.verifyingKey()).filter(known -> known.id().equals(id)),
                10_000);
        VerdictStatement verdict =
                (VerdictStatement) assertInstanceOf(Opened.Valid.class, opened).statement();
        assertEquals(Digest.of(report.getScores()).bytes(), verdict.getScoresDigest());
        return verdict;
    }

    long shard(ReportRequest report) {
        return verdict(report).getShardId();
    }
}
