package org.picket.cli;

import io.grpc.Channel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.picket.crawler.Crawler;
import org.picket.crawler.order.SitePolicy;
import org.picket.crawler.supply.Attendance;
import org.picket.crawler.supply.Door;
import org.picket.crawler.supply.Offers;
import org.picket.crawler.supply.SupplySettings;
import org.picket.proto.circle.Circle;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.RegisterStorageResponse;
import org.picket.proto.v1.SuppliesGrpc;
import org.picket.runtime.channel.Address;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.lifecycle.UnstoppedException;
import org.picket.runtime.membership.RemoteMember;
import org.picket.runtime.telemetry.Label;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.BackOff;
import org.picket.runtime.time.TimeSource;

/// One storage of a crawler of a collective: opens and registers it, tells where its views are, and has it scanned.
/// Beside others it stands and falls alone: whatever ends its work, it is begun anew after a while; what has another
/// number now, at once.
final class ServedStorage {
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);
    private static final BackOff AGAIN = new BackOff(Duration.ofSeconds(1), Duration.ofMinutes(1));

    private final AskedStorage asked;
    private final int number;
    private final Premises premises;
    private final Patience.Said said = new Patience.Said();
    private final FirstFolder first = new FirstFolder();
    private boolean begun;

    /// @param number among the process's storages, from 1 on
    ServedStorage(AskedStorage asked, int number, Premises premises) {
        this.asked = asked;
        this.number = number;
        this.premises = premises;
    }

    /// Serves it until the work is to end, or it was scanned once.
    ///
    /// @param parts with which its own end
    /// @return the exit status
    /// @throws RuntimeException what ends the work, where there are no others
    int run(Lifecycle parts) throws InterruptedException {
        int failures = 0;
        while (true) {
            begun = false;
            try (Lifecycle run = parts.within("storage")) {
                return serve(run);
            } catch (RuntimeException e) {
                boolean ends = !premises.goesOn();
                if (ends && !(e instanceof UnstoppedException)) {
                    return Exit.INCOMPLETE;
                }
                if (e instanceof Registration.Renumbered && !ends && !hangs(e)) {
                    say(e.getMessage() + "; it is served under that one");
                    continue;
                }
                if (premises.manner().alone()) {
                    throw e;
                }
                FaultWords fault = FaultWords.of(e);
                if (ends || premises.manner().once()) {
                    say(fault.words());
                    return fault.status();
                }
                if (hangs(e)) {
                    // It may go on with an order some day, and there must be no second one that does.
                    say(fault.words() + " What hangs cannot be begun anew; the others are served, until you start this"
                            + " crawler anew");
                    return Exit.INCOMPLETE;
                }
                failures = begun ? 1 : failures + 1;
                say(fault.words() + " It is not served meanwhile, the others are; it is tried again");
            }
            premises.ending().pause(AGAIN.jittered(failures));
            if (!premises.goesOn()) {
                return Exit.INCOMPLETE;
            }
        }
    }

    /// Whether a part of it did not end.
    private static boolean hangs(RuntimeException e) {
        return e instanceof UnstoppedException
                || Arrays.stream(e.getSuppressed()).anyMatch(UnstoppedException.class::isInstance);
    }

    private void say(String words) {
        said.say(premises.manner().alone() ? words : asked.identity() + ": " + words);
    }

    private int serve(Lifecycle run) throws InterruptedException {
        Setting setting = asked.setting();
        OpenStorage storage = OpenStorage.named(
                asked.source(),
                setting,
                OpenStorage.Bounds.ofCollective(
                        asked.policy(), setting.site(), premises.manner().storages()),
                run);
        Meters numbers = run.start(
                "numbers", ENDS_WITHIN, () -> premises.meters().within(Label.of("place", number)), Meters::close);
        storage.meters().accept(numbers);
        requireWhatWasAsked(storage);
        Optional<Circle> named = circle();
        Registration registration = new Registration(asked, premises.member(), named, this::say);
        RegisterStorageResponse terms = registration.begin();
        StorageId id = new StorageId(terms.getStorageId());
        Crawler crawler = crawler(run, storage, terms, named.orElse(Circle.EVERYONE));
        crawler.meters(numbers);
        tell(id, named);
        premises.address().ifPresent(address -> direct(run, crawler, id, address));
        premises.relay().ifPresent(relay -> relayed(run, crawler, id, relay));
        begun = true;
        premises.begun().run();
        return new StorageScans(asked, premises, crawler, registration, this::say).run();
    }

    /// That no two are the same was found of what they were at the start; and nobody looks on while one is opened
    /// anew.
    private void requireWhatWasAsked(OpenStorage storage) {
        if (!storage.source().storageId().equals(asked.identity())) {
            throw new UsageFault(asked.source() + " leads to "
                    + storage.source().storageId() + " by now; where that is meant, start this crawler anew");
        }
        first.require(storage.source());
    }

    /// What its own settings say; else what its invite said.
    private Optional<Circle> circle() {
        return asked.circle()
                .or(() -> Optional.of(premises.member().record().circle()).filter(invited -> !invited.everyone()));
    }

    private Crawler crawler(Lifecycle run, OpenStorage storage, RegisterStorageResponse terms, Circle circle) {
        RemoteMember member = premises.member();
        Door door =
                new Door(circle, terms.getSite(), Optional.of(member.record().coordinatorKey()));
        return run.start(
                "crawler",
                Crawler.ENDS_WITHIN,
                () -> Crawler.start(
                        new Crawler.Store(
                                new StorageId(terms.getStorageId()),
                                storage.source(),
                                storage.removals(),
                                storage.policy(),
                                door,
                                premises.paused()::isOn),
                        new Crawler.Membership(
                                member.coordinator(),
                                List.copyOf(member.each()),
                                member.key(),
                                member.record().coordinatorKey()),
                        premises.commons(),
                        SupplySettings.of(asked.setting().decoders())
                                .with(asked.setting().site().limits())
                                .amongst(premises.manner().storages()),
                        TimeSource.wall()),
                Crawler::close);
    }

    private void tell(StorageId id, Optional<Circle> circle) {
        if (!premises.manner().alone()) {
            System.err.println("picket: storage " + id.value() + ", number " + number + " of this crawler's, is "
                    + FindingRows.printable(asked.identity()) + ", mode " + asked.mode());
        }
        circle.filter(some -> !some.everyone())
                .ifPresent(some ->
                        System.err.println("picket: the views of storage " + id.value() + " are for this circle alone: "
                                + FindingRows.printable(String.join(", ", some.entries()))
                                + (asked.circle().isEmpty() ? " (as its invite said)" : "")));
        if (asked.policy().persons() == SitePolicy.Persons.HEEDED) {
            System.err.println("picket: what the site's administrators order for storage " + id.value()
                    + " is carried out, also where the mode " + asked.mode() + " forbids it");
        }
    }

    private void direct(Lifecycle run, Crawler crawler, StorageId id, Address address) {
        run.start(
                "views",
                ENDS_WITHIN,
                () -> {
                    crawler.serve(premises.views());
                    return crawler;
                },
                served -> served.withdraw(premises.views()));
        RemoteMember member = premises.member();
        for (Channel coordinator : member.each()) {
            run.start(
                    "offers",
                    ENDS_WITHIN,
                    () -> Offers.start(SuppliesGrpc.newBlockingStub(coordinator), id, asked.identity(), address),
                    Offers::close);
        }
        System.err.println("picket: crawler " + member.record().member().value() + " serves the views of storage "
                + id.value() + " at " + address);
    }

    private void relayed(Lifecycle run, Crawler crawler, StorageId id, Premises.Relayed relay) {
        RemoteMember member = premises.member();
        run.start(
                "attendance",
                ENDS_WITHIN,
                () -> crawler.attend(
                        relay.channels(), relay.introduction(), member.record().coordinatorKey()),
                attendances -> attendances.forEach(Attendance::close));
        System.err.println("picket: crawler " + member.record().member().value() + " sends the views of storage "
                + id.value() + " over the coordinator");
    }
}
