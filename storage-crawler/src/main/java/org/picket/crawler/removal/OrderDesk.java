package org.picket.crawler.removal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// The part of carrying out orders that is the same for every storage: the site's rules, the kill switch, the
/// record of each order, and the limit on purges. Safe for several threads.
final class OrderDesk implements Removals, AutoCloseable {

    private static final int STRIPES = 64;

    private final SiteRules rules;
    private final KillSwitch killSwitch;
    private final Procedure procedure;
    private final Path records;
    private final PurgeRate rate;
    private final List<ReentrantLock> stripes =
            Stream.generate(ReentrantLock::new).limit(STRIPES).toList();

    /// @param data directory of this storage's records; made if missing
    OrderDesk(SiteRules rules, KillSwitch killSwitch, Procedure procedure, Path data) throws IOException {
        this.rules = rules;
        this.killSwitch = killSwitch;
        this.procedure = procedure;
        this.records = data.resolve("orders");
        Durable.privateDirectory(data);
        Durable.privateDirectory(records);
        this.rate = new PurgeRate(data.resolve("purges"), rules.purgesPerHour());
    }

    @Override
    public Outcome carryOut(RemovalOrder order, Instant now) {
        ReentrantLock stripe = stripes.get(Math.floorMod(order.key().hashCode(), STRIPES));
        stripe.lock();
        try {
            return carryOutAlone(order, now);
        } catch (KillSwitch.Thrown e) {
            return new Outcome.Failed(
                    "Removals are stopped at this site by the file " + rules.killSwitch() + ". Delete it to go on.",
                    true);
        } catch (IOException e) {
            // A message of the file system would name the object.
            return new Outcome.Failed(
                    "The storage or the data directory failed: " + e.getClass().getSimpleName(), true);
        } finally {
            stripe.unlock();
        }
    }

    private Outcome carryOutAlone(RemovalOrder order, Instant now) throws IOException {
        OrderRecord record = record(order);
        if (record.contradicts(order)) {
            return new Outcome.Refused(RefusalReason.ORDER_REUSED);
        }
        Optional<Outcome> earlier = record.outcome();
        if (earlier.isPresent()) {
            return new Outcome.AlreadyDone(earlier.get());
        }
        if (!rules.allowed().contains(order.action()) && withdrawn(order, record)) {
            return new Outcome.Refused(RefusalReason.POLICY_FORBIDS);
        }
        killSwitch.check();
        if (order.action() == RemovalAction.PURGE && !record.intended() && !rate.tryTake(now)) {
            return new Outcome.Failed(
                    "At most " + rules.purgesPerHour()
                            + " objects of this storage are purged an hour, and that many are done.",
                    true);
        }
        Outcome outcome = Step.run(procedure.steps(order, record), killSwitch)
                .orElseThrow(() -> new IllegalStateException("the steps of an order end without an outcome"));
        if (!(outcome instanceof Outcome.Failed)) {
            record.conclude(order, outcome);
        }
        return outcome;
    }

    @Override
    public boolean withdraw(RemovalOrder order) {
        ReentrantLock stripe = stripes.get(Math.floorMod(order.key().hashCode(), STRIPES));
        stripe.lock();
        try {
            return withdrawn(order, record(order));
        } catch (KillSwitch.Thrown stopped) {
            return false; // Neither is it carried out, which says why.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            stripe.unlock();
        }
    }

    private boolean withdrawn(RemovalOrder order, OrderRecord record) throws IOException {
        if (record.outcome().isPresent() || !record.intended()) {
            return record.outcome().isEmpty();
        }
        killSwitch.check();
        return procedure.withdraw(order, record);
    }

    OrderRecord record(RemovalOrder order) throws IOException {
        return OrderRecord.read(records.resolve(order.orderId().toString()));
    }

    @Override
    public void close() throws IOException {
        rate.close();
    }
}
