package org.picket.cli;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.picket.crawler.Crawler;
import org.picket.crawler.image.DecoderPool;
import org.picket.crawler.supply.Commons;
import org.picket.crawler.supply.PoolDecoder;
import org.picket.crawler.supply.SharedViews;
import org.picket.crawler.supply.TicketInterceptor;
import org.picket.proto.v1.Role;
import org.picket.runtime.channel.Address;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.identity.Party;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.membership.RemoteMember;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.TimeSource;

/// A crawler at work for a coordinator on another machine: one member, which serves one storage or several, each on a
/// thread of its own.
final class CrawlerRun {
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final String PAUSED =
            "paused by this site: nothing is listed or sent, until 'picket crawler resume'";
    private static final String RESUMED = "no longer paused by this site: it goes on where it was";

    private final Setting setting;
    private final CrawlerWays ways;
    private final List<AskedStorage> storages;
    private final Premises.Manner manner;
    private final Ending ending = new Ending();
    private final CompletableFuture<Integer> broken = new CompletableFuture<>();

    /// @param setting the process's
    CrawlerRun(Setting setting, CrawlerWays ways, List<AskedStorage> storages, Premises.Manner manner) {
        this.setting = setting;
        this.ways = ways;
        this.storages = List.copyOf(storages);
        this.manner = manner;
    }

    /// The work is to end soon.
    void stop() {
        ending.stop();
    }

    /// Works until it is interrupted, or until each storage was scanned once.
    ///
    /// @param process where its parts are started
    /// @param meters told what there is to tell
    /// @return the exit status, the worst of all storages'
    int run(Lifecycle process, Meters meters) throws InterruptedException {
        process.start("lock", ENDS_WITHIN, () -> MemberLock.take(setting.data(), "crawler"), MemberLock::close);
        RemoteMember member = process.start(
                "membership", ENDS_WITHIN, () -> file().start(setting.coordinators(), meters), RemoteMember::close);
        DecoderPool decoders = Solo.decoders(setting, process);
        decoders.meters(meters);
        if (!Patience.untilCertified(member, ending::goesOn)) {
            return Exit.INCOMPLETE;
        }
        SharedViews views = new SharedViews();
        Premises premises = new Premises(
                member,
                Commons.of(new PoolDecoder(decoders), setting.site().limits()),
                views,
                ways.listen().map(listen -> listen(process, member, views, listen)),
                ways.views().relayed() ? Optional.of(relay(process, member)) : Optional.empty(),
                SiteSwitch.paused(setting.data()),
                meters,
                manner,
                ending,
                process::ready);
        return serve(process, premises);
    }

    private MemberFile file() {
        return new MemberFile(setting.data(), Role.CRAWLER);
    }

    /// @return where agents find the views
    private Address listen(Lifecycle process, RemoteMember member, SharedViews views, Address listen) {
        Server server = process.start(
                "views",
                Servers.ENDS_WITHIN,
                () -> Servers.secure(
                        listen.socket(),
                        member.tls()
                                .server(
                                        () -> member.credentials().orElseThrow(),
                                        party -> party.kind() == Party.Kind.AGENT),
                        ChannelSettings.DEFAULT,
                        List.of(views.service()),
                        List.of(new TicketInterceptor(TimeSource.system()))),
                Servers::end);
        return ways.address().orElse(listen.withPort(server.getPort()));
    }

    /// Streams of all storages share the channels: what is under way of each is bounded by the credit that the relay
    /// gives it, so that none holds up another.
    private Premises.Relayed relay(Lifecycle process, RemoteMember member) {
        List<ManagedChannel> channels = process.start(
                "relay", ENDS_WITHIN, member::anotherEach, some -> some.forEach(ManagedChannel::shutdownNow));
        return new Premises.Relayed(channels, file().introduction(member));
    }

    private int serve(Lifecycle process, Premises premises) throws InterruptedException {
        List<CompletableFuture<Integer>> ends = new ArrayList<>();
        for (AskedStorage asked : storages) {
            int number = ends.size() + 1;
            ServedStorage storage = new ServedStorage(asked, number, premises);
            Lifecycle parts = process.within("storage " + number);
            CompletableFuture<Integer> end = new CompletableFuture<>();
            ends.add(end);
            Thread.ofPlatform().name("storage-" + number).daemon().start(() -> serve(storage, parts, end));
        }
        return await(ends, premises.paused());
    }

    private void serve(ServedStorage storage, Lifecycle parts, CompletableFuture<Integer> end) {
        try {
            end.complete(storage.run(parts));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end.complete(Exit.INCOMPLETE);
        } catch (RuntimeException | Error e) {
            broken.completeExceptionally(e);
        }
    }

    /// Waits for all storages, or for a failure that is the whole process's; once the work is to end, no longer
    /// than they may take for it: one that hangs is left. Says meanwhile when the site pauses or goes on, also amid
    /// scans.
    private int await(List<CompletableFuture<Integer>> ends, SiteSwitch pause) throws InterruptedException {
        CompletableFuture<Object> over =
                CompletableFuture.anyOf(CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)), broken);
        long left = Crawler.ENDS_WITHIN.toNanos();
        boolean paused = false;
        while (left > 0) {
            if (pause.isOn() != paused) {
                paused = !paused;
                System.err.println("picket: " + (paused ? PAUSED : RESUMED));
            }
            try {
                over.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                return ends.stream().mapToInt(CompletableFuture::join).max().orElse(Exit.COMPLETE);
            } catch (TimeoutException e) {
                left -= ending.goesOn() ? 0 : LOOK.toNanos();
            } catch (ExecutionException e) {
                ending.stop();
                switch (e.getCause()) {
                    case RuntimeException fault -> throw fault;
                    case Error error -> throw error;
                    default -> throw new IllegalStateException(e.getCause());
                }
            }
        }
        for (int i = 0; i < ends.size(); i++) {
            if (!ends.get(i).isDone()) {
                System.err.println(
                        "picket: " + FindingRows.printable(storages.get(i).identity())
                                + " hangs, and is left as it is; the next start goes on from there");
            }
        }
        return Exit.INCOMPLETE;
    }
}
