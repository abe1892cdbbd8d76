package org.picket.coordinator.removal;

import io.grpc.BindableService;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.finding.Findings;
import org.picket.coordinator.finding.Outcome;
import org.picket.coordinator.finding.Removal;
import org.picket.proto.id.StorageId;
import org.picket.runtime.telemetry.Label;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.telemetry.Sampled;
import org.picket.runtime.time.TimeSource;

/// The outbox of removal orders, and the service that crawlers call.
///
/// Thread-safe.
public final class Removals {
    private static final Duration SAMPLED_EVERY = Duration.ofSeconds(5);

    private final Database database;
    private final TimeSource time;
    private final Outbox outbox;
    private final RemovalsEndpoint endpoint;

    /// @param findings moved by receipts
    /// @param ledger takes each receipt in
    /// @param access tells who calls
    public Removals(
            Database database,
            TimeSource time,
            Findings findings,
            LedgerAppend ledger,
            CrawlerAccess access,
            RemovalSettings settings) {
        Objects.requireNonNull(access);
        this.database = database;
        this.time = time;
        this.outbox = new Outbox(database, time, settings);
        this.endpoint = new RemovalsEndpoint(database, time, outbox, new Acknowledgement(findings, ledger), access);
    }

    /// `picket.v1.Removals`; its calls may block.
    public BindableService service() {
        return endpoint;
    }

    /// Hurries waiting crawlers: orders were written, and their transaction has committed. Nothing is lost
    /// without it.
    public void ordersWritten() {
        outbox.hint();
    }

    /// Answers crawlers that wait, with nothing.
    public void sendOn() {
        outbox.sendOn();
    }

    /// Says what orders have to tell: of all coordinators, as the database has them.
    public void meters(Meters meters) {
        Sampled<Map<PostgresOrders.Tally, Long>> tally =
                new Sampled<>(SAMPLED_EVERY, time, () -> database.read(PostgresOrders::tally));
        for (Removal removal : Removal.values()) {
            meters.counter(
                    "picket_orders_total",
                    "Removals that were ordered, by kind.",
                    () -> sum(tally.get(), counted -> counted.removal() == removal),
                    Label.of("removal", removal));
        }
        for (Outcome outcome : Outcome.values()) {
            meters.counter(
                    "picket_receipts_total",
                    "Orders that were answered, by outcome.",
                    () -> sum(tally.get(), counted -> counted.outcome().equals(Optional.of(outcome))),
                    Label.of("outcome", outcome));
        }
        meters.gauge(
                "picket_open_orders",
                "Orders that no crawler has answered yet.",
                () -> sum(tally.get(), counted -> counted.outcome().isEmpty()));
    }

    private static long sum(Map<PostgresOrders.Tally, Long> tally, Predicate<PostgresOrders.Tally> which) {
        return tally.entrySet().stream()
                .filter(counted -> which.test(counted.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /// Orders of a storage without a receipt.
    public long openOrders(Handle handle, StorageId storage) {
        return PostgresOrders.openOrders(handle, storage);
    }
}
