package org.picket.runtime.membership;

import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.EnrolmentGrpc;
import org.picket.proto.v1.RenewProof;
import org.picket.proto.v1.RenewRequest;
import org.picket.proto.v1.RenewResponse;
import org.picket.runtime.channel.Address;
import org.picket.runtime.channel.Addresses;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.FailedCall;
import org.picket.runtime.channel.Incarnation;
import org.picket.runtime.identity.Certificates;
import org.picket.runtime.identity.Credentials;
import org.picket.runtime.identity.Party;
import org.picket.runtime.identity.Tls;
import org.picket.runtime.telemetry.MadeCalls;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.BackOff;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// A member at work, far from its coordinator: it gets a certificate by its key at its start and again when two
/// thirds of its life are over, for as long as it takes where the coordinator is away, and never gives up.
///
/// Safe for any number of threads.
public final class RemoteMember implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteMember.class);
    private static final BackOff BACK_OFF = new BackOff(Duration.ofSeconds(1), Duration.ofSeconds(30));
    private static final int PARTS = 3;
    private static final int USED_PARTS = 2;

    /// What the first certificate waits for is looked at so often.
    private static final long LOOK_MILLIS = 200;

    /// A machine that slept finds within so long that its certificate is to be renewed.
    private static final Duration CLOCKS_LOOKED_AT = Duration.ofSeconds(5);

    private final MemberRecord record;
    private final SigningKey key;
    private final TimeSource time;
    private final Tls tls;
    private final AtomicReference<Optional<Credentials>> credentials = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<Trouble>> trouble = new AtomicReference<>(Optional.empty());
    private final CountDownLatch certified = new CountDownLatch(1);
    private final CountDownLatch ending = new CountDownLatch(1);
    private final List<Address> addresses;
    private final ManagedChannel coordinator;
    private final List<ManagedChannel> each;
    private final ManagedChannel stranger;
    private final List<ClientInterceptor> interceptors;
    private final Thread renewal;

    /// @param why for people
    /// @param refused whether asking again would hardly help
    private record Trouble(String why, boolean refused) {}

    private RemoteMember(MemberRecord record, SigningKey key, TimeSource time, Meters meters) {
        this.interceptors = Stream.concat(
                        Stream.of(Incarnation.attach(Incarnation.random(new SecureRandom()))),
                        MadeCalls.counted(meters).stream())
                .toList();
        this.record = record;
        this.key = key;
        this.time = time;
        this.tls = new Tls(record.authority(), time);
        Addresses order = record.coordinators().shuffled();
        this.addresses = order.each();
        this.coordinator = channel(order, credentials::get, Channels.Unbegun.SENT_AGAIN);
        this.each = addresses.size() == 1
                ? List.of(coordinator)
                : addresses.stream()
                        .map(one -> channel(Addresses.of(one), credentials::get, Channels.Unbegun.SENT_AGAIN))
                        .toList();
        this.stranger = channel(order, Optional::empty, Channels.Unbegun.SENT_AGAIN);
        this.renewal = Thread.ofVirtual().name("renewal").start(this::renew);
    }

    private ManagedChannel channel(Addresses to, Supplier<Optional<Credentials>> shown, Channels.Unbegun unbegun) {
        return Channels.secure(
                to, tls.client(shown, Party.COORDINATOR), ChannelSettings.DEFAULT, interceptors, unbegun);
    }

    /// Begins to ask for a certificate.
    public static RemoteMember start(MemberRecord record, SigningKey key, TimeSource time) {
        return start(record, key, time, Meters.none());
    }

    /// @param meters told what becomes of its calls to coordinators
    public static RemoteMember start(MemberRecord record, SigningKey key, TimeSource time, Meters meters) {
        return new RemoteMember(record, key, time, meters);
    }

    /// Waits for the first certificate.
    ///
    /// @return whether there is one; not, where it was to wait no longer
    public boolean await(java.util.function.BooleanSupplier goOn) throws InterruptedException {
        while (!certified.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            if (!goOn.getAsBoolean()) {
                return false;
            }
        }
        return true;
    }

    /// Why the certificate could not be renewed when last that was tried; empty: it could.
    public Optional<String> trouble() {
        return trouble.get().map(Trouble::why);
    }

    /// Whether no certificate is given for a reason that does not pass by itself.
    public boolean refused() {
        return trouble.get().filter(Trouble::refused).isPresent();
    }

    /// The connection to the coordinator, showing the certificate: of several, to the first that is reached.
    public ManagedChannel coordinator() {
        return coordinator;
    }

    /// A connection to each coordinator, for what one of them keeps: leases. In the same order at each call.
    public List<ManagedChannel> each() {
        return each;
    }

    /// Another connection to each coordinator, for what would keep other calls waiting on the first: frames
    /// that are relayed. In the order of [#each], and the caller's to close.
    public List<ManagedChannel> anotherEach() {
        return addresses.stream()
                .map(one -> channel(Addresses.of(one), credentials::get, Channels.Unbegun.FAILS))
                .toList();
    }

    /// What was kept of the joining.
    public MemberRecord record() {
        return record;
    }

    /// The member's own.
    public SigningKey key() {
        return key;
    }

    /// For connections with other members.
    public Tls tls() {
        return tls;
    }

    /// What the member shows; empty before the first certificate.
    public Optional<Credentials> credentials() {
        return credentials.get();
    }

    private void renew() {
        int failures = 0;
        try {
            while (ending.getCount() > 0) {
                Instant asked = time.now();
                long askedNanos = System.nanoTime();
                Duration pause;
                try {
                    pause = ask().dividedBy(PARTS).multipliedBy(USED_PARTS);
                    failures = 0;
                } catch (StatusRuntimeException e) {
                    failures++;
                    failed(e.getStatus());
                    pause = BACK_OFF.jittered(failures);
                } catch (CertificateException | IllegalArgumentException e) {
                    failures++;
                    failed(Status.INTERNAL.withDescription("it gave a certificate that is none of this member's key"));
                    pause = BACK_OFF.jittered(failures);
                }
                if (ended(Renewal.after(pause, asked, askedNanos))) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits until it is time to ask again; true: there is none.
    private boolean ended(Renewal next) throws InterruptedException {
        while (!next.isDue(time.now(), System.nanoTime())) {
            Duration left = Duration.ofNanos(next.nanos() - System.nanoTime());
            Duration wait = left.compareTo(CLOCKS_LOOKED_AT) < 0 ? left : CLOCKS_LOOKED_AT;
            if (ending.await(wait.toMillis() + 1, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return false;
    }

    /// @return how long the new certificate is good for
    private Duration ask() throws CertificateException {
        RenewResponse renewed = EnrolmentGrpc.newBlockingStub(stranger)
                .renew(RenewRequest.newBuilder()
                        .setProof(key.seal(
                                SealKind.RENEWAL,
                                RenewProof.newBuilder()
                                        .setMemberId(record.member().value())
                                        .setAuthorityKeyId(record.authority().bytes())
                                        .build()))
                        .build());
        credentials.set(Optional.of(new Credentials(key, Certificates.read(renewed.getCertificatesList()))));
        trouble.set(Optional.empty());
        certified.countDown();
        // New calls go over a new connection, which shows the new certificate; those under way stay.
        coordinator.enterIdle();
        each.forEach(ManagedChannel::enterIdle);
        return Duration.ofMillis(renewed.getCertificateLife().getMilliseconds());
    }

    private void failed(Status status) {
        String why = switch (status.getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED ->
                " cannot be reached, is not the one that was joined, or cannot answer just now ("
                        + FailedCall.why(status) + ")";
            default -> " gives no certificate: " + FailedCall.why(status);
        };
        Trouble found =
                new Trouble("the coordinator at " + record.coordinators() + why, !Attempts.passing(status.getCode()));
        if (!trouble.getAndSet(Optional.of(found)).equals(Optional.of(found))) {
            // Whoever waits for the first certificate says it.
            LOG.atLevel(certified.getCount() == 0 ? Level.WARN : Level.DEBUG).log("{}; it is tried again", found.why());
        }
    }

    @Override
    public void close() {
        ending.countDown();
        renewal.interrupt();
        coordinator.shutdownNow();
        each.forEach(ManagedChannel::shutdownNow);
        stranger.shutdownNow();
    }
}
