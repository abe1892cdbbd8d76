package org.picket.cli;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.picket.crawler.Crawler;
import org.picket.crawler.image.DecoderPool;
import org.picket.crawler.listing.Listed;
import org.picket.crawler.order.SitePolicy;
import org.picket.crawler.source.SourceException;
import org.picket.crawler.supply.Attendance;
import org.picket.crawler.supply.Door;
import org.picket.crawler.supply.Offers;
import org.picket.crawler.supply.PoolDecoder;
import org.picket.crawler.supply.SupplySettings;
import org.picket.crawler.supply.TicketInterceptor;
import org.picket.proto.circle.Circle;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.CheckpointRequest;
import org.picket.proto.v1.LedgerGrpc;
import org.picket.proto.v1.RegisterStorageRequest;
import org.picket.proto.v1.RegisterStorageResponse;
import org.picket.proto.v1.Role;
import org.picket.proto.v1.ScanProgress;
import org.picket.proto.v1.SitesGrpc;
import org.picket.proto.v1.SuppliesGrpc;
import org.picket.proto.v1.WatchScanRequest;
import org.picket.runtime.channel.Address;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.config.Configuration;
import org.picket.runtime.identity.Party;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.membership.RemoteMember;
import org.picket.runtime.relay.Introduction;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.terminal.Amounts;
import org.picket.runtime.time.BackOff;
import org.picket.runtime.time.TimeSource;

/// A crawler at work for a coordinator on another machine: registers its storage, tells where its views are,
/// and scans again and again. Where the coordinator is away, it waits for it.
final class RemoteScan {
    private static final long PAUSED_LOOK_MILLIS = 1_000;
    private static final Address USUAL = new Address("127.0.0.1", 0);
    private static final Duration USUAL_PAUSE = Duration.ofHours(1);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);
    private static final BackOff BACK_OFF = new BackOff(Duration.ofMillis(200), Duration.ofSeconds(15));

    private final SiteSwitch paused;
    private final Setting setting;
    private final Asked asked;
    private final Context.CancellableContext calls = Context.current().withCancellation();
    private final Patience.Said said = new Patience.Said();

    /// What a person wants.
    ///
    /// @param views how they reach agents
    /// @param listen where agents open views; empty: nowhere
    /// @param every pause between scans
    /// @param policy what may be done to the storage: the mode, and what administrators may order beyond it
    /// @param circle whose agents may see the pictures; empty: nothing was said
    record Asked(
            String source,
            ScanMode mode,
            SitePolicy policy,
            ViewsWay views,
            Optional<Address> listen,
            Optional<Address> address,
            Duration every,
            boolean once,
            boolean json,
            Optional<Circle> circle) {
        static Asked of(Configuration configuration, String source, boolean once, boolean json) {
            ViewsWay views = configuration.get(Keys.CRAWLER_VIEWS).orElse(ViewsWay.AUTO);
            Optional<Address> listen = switch (views) {
                case AUTO -> configuration.get(Keys.CRAWLER_LISTEN);
                case DIRECT ->
                    Optional.of(configuration.get(Keys.CRAWLER_LISTEN).orElse(USUAL));
                case RELAY -> Optional.empty();
            };
            Optional<Address> address = configuration.get(Keys.CRAWLER_ADDRESS);
            if (listen.isEmpty() && address.isPresent() && views == ViewsWay.AUTO) {
                throw new UsageFault(
                        "by --address agents would look for a crawler that does not listen; say where by --listen");
            }
            listen.filter(CoordinatorCommand::everywhere)
                    .filter(_ -> address.isEmpty())
                    .ifPresent(everywhere -> {
                        throw new UsageFault("agents cannot reach " + everywhere
                                + "; say by --address HOST:PORT where they find this crawler");
                    });
            ScanMode mode = configuration.get(Keys.MODE).orElse(ScanMode.OBSERVE);
            SitePolicy policy = SitePolicy.of(mode.wire());
            boolean heeds = configuration.get(Keys.CRAWLER_HEEDS).orElse(false);
            return new Asked(
                    source,
                    mode,
                    heeds ? policy.heedingAdministrators() : policy,
                    views,
                    listen,
                    address,
                    configuration.get(Keys.CRAWLER_EVERY).orElse(USUAL_PAUSE),
                    once,
                    json,
                    configuration.get(Keys.CRAWLER_CIRCLE));
        }
    }

    /// What scans go on with.
    private record Running(
            RemoteMember member, Crawler crawler, String identity, Means means, RegisterStorageResponse terms) {
        SitesGrpc.SitesBlockingStub sites() {
            return SitesGrpc.newBlockingStub(member.coordinator());
        }
    }

    RemoteScan(Setting setting, Asked asked) {
        this.setting = setting;
        this.paused = SiteSwitch.paused(setting.data());
        this.asked = asked;
    }

    /// The work is to end soon.
    void stop() {
        calls.cancel(null);
    }

    /// Works until it is interrupted, or until one scan is over.
    ///
    /// @param process where its parts are started
    /// @param meters told what there is to tell
    /// @return the exit status
    int run(Lifecycle process, Meters meters) throws InterruptedException {
        process.start("lock", ENDS_WITHIN, () -> MemberLock.take(setting.data(), "crawler"), MemberLock::close);
        Means means = Means.of(setting);
        RemoteMember member = process.start(
                "membership",
                ENDS_WITHIN,
                () -> new MemberFile(setting.data(), Role.CRAWLER).start(setting.coordinators(), meters),
                RemoteMember::close);
        DecoderPool decoders = Solo.decoders(setting, process);
        decoders.meters(meters);
        if (!Patience.untilCertified(member, this::goesOn)) {
            return Exit.INCOMPLETE;
        }
        Running running;
        try {
            running = start(process, member, means, decoders, meters);
        } catch (SourceException e) {
            throw new UsageFault(e.getMessage(), e);
        }
        process.ready();
        return scans(running);
    }

    private boolean goesOn() {
        return !calls.isCancelled();
    }

    private Running start(Lifecycle process, RemoteMember member, Means means, DecoderPool decoders, Meters meters) {
        OpenStorage storage = OpenStorage.named(
                asked.source(), setting, OpenStorage.Bounds.ofCollective(asked.policy(), setting.site()), process);
        storage.meters().accept(meters);
        String identity = storage.source().storageId();
        RegisterStorageRequest.Builder registration = RegisterStorageRequest.newBuilder()
                .setIdentity(identity)
                .setMode(asked.mode().wire())
                .setPolicyText(means.policy().selfContained())
                .setBundleManifest(ByteString.copyFrom(means.first().manifestBytes()))
                .addAllFurtherManifests(means.further().stream()
                        .map(bundle -> ByteString.copyFrom(bundle.manifestBytes()))
                        .toList());
        Optional<Circle> named = circle(member);
        named.map(Circle::named).ifPresent(registration::setCircle);
        registration.setCircleOfInvite(named.isPresent() && asked.circle().isEmpty());
        RegisterStorageResponse terms = Attempts.PATIENT.call(
                () -> SitesGrpc.newBlockingStub(member.coordinator()).register(registration.build()));
        StorageId id = new StorageId(terms.getStorageId());
        Circle circle = named.orElse(Circle.EVERYONE);
        Crawler crawler = process.start(
                "crawler",
                Crawler.ENDS_WITHIN,
                () -> Crawler.start(
                        new Crawler.Store(
                                id,
                                storage.source(),
                                storage.removals(),
                                storage.policy(),
                                new Door(
                                        circle,
                                        terms.getSite(),
                                        Optional.of(member.record().coordinatorKey())),
                                paused::isOn),
                        new Crawler.Membership(
                                member.coordinator(),
                                List.copyOf(member.each()),
                                member.key(),
                                member.record().coordinatorKey()),
                        new PoolDecoder(decoders),
                        SupplySettings.of(setting.decoders())
                                .with(setting.site().limits()),
                        TimeSource.system()),
                Crawler::close);
        crawler.meters(meters);
        if (!circle.everyone()) {
            System.err.println("picket: the views of storage " + id.value() + " are for this circle alone: "
                    + FindingRows.printable(String.join(", ", circle.entries()))
                    + (asked.circle().isEmpty() ? " (as its invite said)" : ""));
        }
        if (asked.policy().persons() == SitePolicy.Persons.HEEDED) {
            System.err.println("picket: what the site's administrators order for storage " + id.value()
                    + " is carried out, also where the mode " + asked.mode() + " forbids it");
        }
        asked.listen().ifPresent(listen -> direct(process, member, crawler, id, listen));
        if (asked.views().relayed()) {
            relayed(process, member, crawler);
            System.err.println("picket: crawler " + member.record().member().value() + " sends the views of storage "
                    + id.value() + " over the coordinator");
        }
        return new Running(member, crawler, identity, means, terms);
    }

    /// What its own settings say; else what its invite said.
    private Optional<Circle> circle(RemoteMember member) {
        return asked.circle().or(() -> Optional.of(member.record().circle()).filter(invited -> !invited.everyone()));
    }

    private void direct(Lifecycle process, RemoteMember member, Crawler crawler, StorageId id, Address listen) {
        Server views = process.start("views", Servers.ENDS_WITHIN, () -> serve(member, crawler, listen), Servers::end);
        Address address = asked.address().orElse(listen.withPort(views.getPort()));
        member.each()
                .forEach(coordinator -> process.start(
                        "offers",
                        ENDS_WITHIN,
                        () -> Offers.start(SuppliesGrpc.newBlockingStub(coordinator), id, address),
                        Offers::close));
        System.err.println("picket: crawler " + member.record().member().value() + " serves the views of storage "
                + id.value() + " at " + address);
    }

    private void relayed(Lifecycle process, RemoteMember member, Crawler crawler) {
        List<ManagedChannel> relays = process.start(
                "relay", ENDS_WITHIN, member::anotherEach, channels -> channels.forEach(ManagedChannel::shutdownNow));
        Introduction introduction = new MemberFile(setting.data(), Role.CRAWLER).introduction(member);
        process.start(
                "attendance",
                ENDS_WITHIN,
                () -> crawler.attend(relays, introduction, member.record().coordinatorKey()),
                attendances -> attendances.forEach(Attendance::close));
    }

    private Server serve(RemoteMember member, Crawler crawler, Address listen) {
        return Servers.secure(
                listen.socket(),
                member.tls()
                        .server(() -> member.credentials().orElseThrow(), party -> party.kind() == Party.Kind.AGENT),
                ChannelSettings.DEFAULT,
                List.of(crawler.views()),
                List.of(new TicketInterceptor(TimeSource.system())));
    }

    private int scans(Running running) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        int failures = 0;
        while (goesOn()) {
            long pause;
            try {
                Optional<ScanOutcome> outcome = scan(running);
                failures = 0;
                outcome.ifPresent(
                        told -> System.out.println(asked.json() ? told.json().toString() : told.text()));
                if (asked.once() && outcome.isPresent()) {
                    return outcome.get().complete() ? Exit.COMPLETE : Exit.INCOMPLETE;
                }
                pause = outcome.isPresent() ? asked.every().toMillis() : PAUSED_LOOK_MILLIS;
            } catch (StatusRuntimeException e) {
                if (!goesOn()) {
                    return Exit.INCOMPLETE;
                }
                if (!Attempts.passing(e.getStatus().getCode())) {
                    throw e;
                }
                failures++;
                said.say("the coordinator does not answer (" + e.getStatus().getCode()
                        + "); the scan goes on when it does");
                pause = BACK_OFF.jittered(failures).toMillis();
            } catch (SourceException e) {
                if (asked.once()) {
                    throw e;
                }
                // Another process would open whatever stands at its place, and take what is not in there for gone. So
                // only a person starts it anew.
                failures++;
                said.say(e.getMessage()
                        + " It is tried again. Where the storage was exchanged on purpose, start this crawler anew");
                pause = BACK_OFF.jittered(failures).toMillis();
            }
            pause(never, pause);
        }
        return Exit.INCOMPLETE;
    }

    private void pause(CountDownLatch never, long millis) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (goesOn() && System.nanoTime() < until) {
            never.await(200, TimeUnit.MILLISECONDS);
        }
    }

    /// Watches until the scan is over, or the work is to end. Where the coordinator goes away meanwhile, the
    /// same listing is watched at the next one that answers: what is listed need not be listed again.
    private ScanProgress watch(Running running, Listed listed) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        int failures = 0;
        while (true) {
            AtomicBoolean heard = new AtomicBoolean();
            try {
                return watchOnce(running, listed, heard);
            } catch (StatusRuntimeException e) {
                Status.Code code = e.getStatus().getCode();
                if (failures > 0 && code == Status.Code.NOT_FOUND) {
                    // Its database has been set back to a time before: the storage is listed anew.
                    throw Status.ABORTED
                            .withDescription("the coordinator has forgotten what was listed")
                            .asRuntimeException();
                }
                if (!goesOn() || !Attempts.passing(code)) {
                    throw e;
                }
                failures = heard.get() ? 1 : failures + 1;
                if (failures > 1) {
                    said.say("the coordinator does not answer (" + code + "); the scan goes on when it does");
                }
                pause(never, BACK_OFF.jittered(failures).toMillis());
            }
        }
    }

    /// @param heard set once something was told
    private ScanProgress watchOnce(Running running, Listed listed, AtomicBoolean heard) {
        ScanProgress last = ScanProgress.getDefaultInstance();
        Context previous = calls.attach();
        try {
            Iterator<ScanProgress> progress = running.sites()
                    .watch(WatchScanRequest.newBuilder()
                            .setListingId(listed.listing().value())
                            .build());
            while (progress.hasNext()) {
                last = progress.next();
                heard.set(true);
            }
        } finally {
            calls.detach(previous);
        }
        return last;
    }

    /// @return what came of it; empty where the site pauses
    private Optional<ScanOutcome> scan(Running running) throws InterruptedException {
        if (paused.isOn()) {
            said.say("paused by this site: nothing is listed or sent, until 'picket crawler resume'");
            return Optional.empty();
        }
        long started = System.nanoTime();
        Listed listed = running.crawler().list(setting.since(), _ -> {}, () -> !goesOn() || paused.isOn());
        if (!listed.finished() && goesOn()) {
            return Optional.empty();
        }
        said.say("listed " + Amounts.count(listed.objects()) + " objects; they are scanned as agents come");
        ScanProgress last = watch(running, listed);
        return Optional.of(new ScanOutcome(
                running.identity(),
                asked.mode(),
                HexFormat.of().formatHex(running.terms().getPolicyEpoch().toByteArray()),
                running.means().named(),
                last,
                Duration.ofNanos(System.nanoTime() - started),
                LedgerGrpc.newBlockingStub(running.member().coordinator())
                        .checkpoint(CheckpointRequest.getDefaultInstance())));
    }
}
