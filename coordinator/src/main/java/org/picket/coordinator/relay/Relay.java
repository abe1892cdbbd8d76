package org.picket.coordinator.relay;

import io.grpc.BindableService;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.proto.id.LeaseId;
import org.picket.proto.id.MemberId;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.RelayOpening;
import org.picket.proto.v1.RelayRoute;
import org.picket.proto.v1.Sealed;
import org.picket.proto.v1.Wanted;
import org.picket.runtime.channel.RelayPiece;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.TimeSource;

/// Crawlers that attend, streams that are relayed, and what they may cost.
///
/// Safe for any number of threads.
public final class Relay {
    /// Storages that crawlers attend for; registered ones are bounded by their sites.
    private static final int MOST_ATTENDED = 100_000;

    private final Admission admission;
    private final RelaySettings settings;
    private final TimeSource time;
    private final ConcurrentHashMap<StorageId, Attendant> attendants = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<LeaseId, Meeting> meetings = new ConcurrentHashMap<>();
    private final ByteQuota<OwnerId> sites;
    private final ByteQuota<MemberId> agents;
    private final LongAdder bytes = new LongAdder();
    private final LongAdder opened = new LongAdder();
    private final LongAdder fallbacks = new LongAdder();
    private final LongAdder overQuota = new LongAdder();

    /// A crawler's open call.
    private record Attendant(Member crawler, ServerCallStreamObserver<Wanted> call, Instant until) {
        void end(Status status) {
            synchronized (call) {
                if (status.isOk()) {
                    call.onCompleted();
                } else {
                    call.onError(status.asRuntimeException());
                }
            }
        }
    }

    /// @param admission who may have which lease's views
    public Relay(Admission admission, RelaySettings settings, TimeSource time) {
        this.admission = admission;
        this.settings = settings;
        this.time = time;
        this.sites = new ByteQuota<>(settings.siteBytes());
        this.agents = new ByteQuota<>(settings.agentBytes());
    }

    /// The service.
    ///
    /// @param storages tells whose a storage is; may block
    /// @param caller who makes the present call
    public BindableService service(StorageOwners storages, Supplier<Member> caller) {
        return new RelayEndpoint(this, storages, caller);
    }

    /// Whose storages are.
    @FunctionalInterface
    public interface StorageOwners {
        /// The storage's site; empty where there is no such storage.
        ///
        /// @param identity of it; empty: not said
        Optional<OwnerId> owner(StorageId storage, String identity);
    }

    /// The way to a storage's views; empty where no crawler attends for it.
    public Optional<RelayRoute> route(StorageId storage) {
        return Optional.ofNullable(attendants.get(storage))
                .map(attendant -> RelayRoute.newBuilder()
                        .setCrawlerMemberId(attendant.crawler().id().value())
                        .setCrawlerKeyId(attendant.crawler().key().id().bytes())
                        .build());
    }

    /// A crawler attends from now on. Whoever did before, for the same storage, is told so.
    ///
    /// @return why not; empty: it does
    Optional<Status> attend(Member crawler, StorageId storage, ServerCallStreamObserver<Wanted> call) {
        if (settings.streams() == 0) {
            return Optional.of(Status.UNAVAILABLE.withDescription("this coordinator relays no views"));
        }
        if (attendants.size() >= MOST_ATTENDED && !attendants.containsKey(storage)) {
            return Optional.of(Status.RESOURCE_EXHAUSTED.withDescription("too many crawlers attend already"));
        }
        call.onNext(Wanted.getDefaultInstance());
        Optional.ofNullable(attendants.put(
                        storage, new Attendant(crawler, call, time.now().plus(settings.attend()))))
                .ifPresent(before ->
                        before.end(Status.ABORTED.withDescription("another crawler came for the same storage")));
        admission.attended(storage);
        return Optional.empty();
    }

    /// A crawler's call is over.
    void left(StorageId storage, ServerCallStreamObserver<Wanted> call) {
        attendants.computeIfPresent(storage, (_, attendant) -> attendant.call() == call ? null : attendant);
    }

    /// An agent's end.
    sealed interface Opened {
        /// The crawler is on its way.
        record Waits(Meeting meeting) implements Opened {}

        record Refused(Status status) implements Opened {}
    }

    Opened open(Member agent, RelayOpening opening, ServerCall<RelayPiece, RelayPiece> call) {
        return switch (admission.agent(opening.getTicket(), agent)) {
            case Admission.Answer.Refused refused -> new Opened.Refused(refused.status());
            case Admission.Answer.Admitted lease -> open(agent, lease, opening, call);
        };
    }

    private Opened open(
            Member agent,
            Admission.Answer.Admitted lease,
            RelayOpening opening,
            ServerCall<RelayPiece, RelayPiece> call) {
        Instant now = time.now();
        if (opening.getDirectFailed()) {
            fallbacks.increment();
        }
        Optional<Status> exhausted = exhausted(lease, agent, now);
        if (exhausted.isPresent()) {
            overQuota.increment();
            return new Opened.Refused(exhausted.get());
        }
        Attendant attendant = attendants.get(lease.storage());
        if (attendant == null || !attendant.call().isReady()) {
            return new Opened.Refused(
                    Status.UNAVAILABLE.withDescription("no crawler of this storage attends at the relay"));
        }
        if (meetings.size() >= settings.streams()) {
            return new Opened.Refused(Status.RESOURCE_EXHAUSTED.withDescription(
                    "the relay carries " + settings.streams() + " streams, which is the most"));
        }
        Meeting meeting = new Meeting(lease, agent, opening.getHello(), now.plus(settings.meet()), call);
        Optional.ofNullable(meetings.put(lease.lease(), meeting))
                .ifPresent(before ->
                        before.end(Status.ABORTED.withDescription("the agent opened the views of this lease anew")));
        opened.increment();
        want(attendant, opening.getTicket());
        return new Opened.Waits(meeting);
    }

    private static void want(Attendant attendant, Sealed ticket) {
        synchronized (attendant.call()) {
            attendant.call().onNext(Wanted.newBuilder().setTicket(ticket).build());
        }
    }

    /// Why no more is relayed for the lease; empty: there is no such reason.
    private Optional<Status> exhausted(Admission.Answer.Admitted lease, Member agent, Instant now) {
        if (!sites.left(lease.site(), now)) {
            return Optional.of(quota("this site's views have", sites.most()));
        }
        return agents.left(agent.id(), now) ? Optional.empty() : Optional.of(quota("this agent has", agents.most()));
    }

    private static Status quota(String whose, long most) {
        return Status.RESOURCE_EXHAUSTED.withDescription(
                whose + " had the " + most + " bytes of the relay that there are within a day; they come back evenly");
    }

    /// A crawler's end.
    ///
    /// @return the meeting, or why there is none
    Opened supply(Member crawler, Sealed ticket, ServerCall<RelayPiece, RelayPiece> call) {
        return switch (admission.crawler(ticket, crawler)) {
            case Admission.Answer.Refused refused -> new Opened.Refused(refused.status());
            case Admission.Answer.Admitted lease -> {
                Meeting meeting = meetings.get(lease.lease());
                yield meeting != null && meeting.meet(call)
                        ? new Opened.Waits(meeting)
                        : new Opened.Refused(
                                Status.FAILED_PRECONDITION.withDescription("no agent waits for these views"));
            }
        };
    }

    /// A frame came of the crawler's end.
    void frame(Meeting meeting, RelayPiece.Frame frame) {
        int length = frame.length();
        Instant now = time.now();
        if (!meeting.pass(frame)) {
            over(meeting, Status.INTERNAL.withDescription("the crawler sent more than it had credit for"));
            return;
        }
        bytes.add(length);
        sites.take(meeting.lease().site(), length, now);
        agents.take(meeting.agent().id(), length, now);
        exhausted(meeting.lease(), meeting.agent(), now).ifPresent(status -> {
            overQuota.increment();
            over(meeting, status);
        });
    }

    /// A stream is over.
    ///
    /// @param told to the agent
    void over(Meeting meeting, Status told) {
        meetings.remove(meeting.lease().lease(), meeting);
        meeting.end(told);
    }

    /// Ends streams whose lease is over or whose crawler did not come, and calls that have lasted long enough.
    public void sweep() {
        Instant now = time.now();
        for (Meeting meeting : List.copyOf(meetings.values())) {
            meeting.pointless(now).ifPresent(status -> over(meeting, status));
        }
        attendants.forEach((storage, attendant) -> {
            if (!attendant.until().isAfter(now) && attendants.remove(storage, attendant)) {
                attendant.end(Status.OK);
            }
        });
        sites.sweep(now);
        agents.sweep(now);
    }

    /// Ends the calls of all crawlers that attend: each attends anew, where it reaches the coordinator.
    public void sendOn() {
        attendants.forEach((storage, attendant) -> {
            if (attendants.remove(storage, attendant)) {
                attendant.end(Status.OK);
            }
        });
    }

    /// Says what the relay has to tell.
    public void meters(Meters meters) {
        meters.gauge("picket_relay_crawlers", "Crawlers that attend at the relay.", attendants::size);
        meters.gauge("picket_relay_streams", "Streams that are relayed, or wait for their crawler.", meetings::size);
        meters.counter("picket_relay_bytes_total", "Bytes that were relayed.", bytes::sum);
        meters.counter("picket_relay_opened_total", "Streams that were opened at the relay.", opened::sum);
        meters.counter(
                "picket_relay_fallbacks_total",
                "Streams that were opened since the agent could not reach the crawler.",
                fallbacks::sum);
        meters.counter("picket_relay_over_quota_total", "Streams that a quota refused or ended.", overQuota::sum);
    }
}
