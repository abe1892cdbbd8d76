package org.picket.drill;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.ledger.LedgerReader;
import org.picket.coordinator.ledger.StoredEntry;
import org.picket.coordinator.shard.Fence;
import org.picket.coordinator.shard.ShardKey;
import org.picket.proto.id.ShardId;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.RulingRecord;

/// Each change of each shard, written down by the database itself, so that no coordinator is asked whether a lease
/// was the current one when it ruled.
final class ShardHistory {
    private static final String TABLES = """
            create table drill_shard_change (
                id bigint generated always as identity, xid bigint not null, listing_id bigint not null,
                number integer not null, objects integer not null, lease_id uuid, lease_epoch bigint not null,
                term bigint not null, state smallint not null, ruled integer not null,
                new_epoch bigint not null, new_state smallint not null, new_ruled integer not null)""";
    private static final String NOTE = """
            create function drill_note() returns trigger language plpgsql as $$ begin
                insert into drill_shard_change (xid, listing_id, number, objects, lease_id, lease_epoch, term, state,
                    ruled, new_epoch, new_state, new_ruled)
                values (pg_current_xact_id()::text::bigint, old.listing_id, old.number, old.objects, old.lease_id,
                    old.lease_epoch, old.term, old.state, old.ruled, new.lease_epoch, new.state, new.ruled);
                return null;
            end $$""";
    private static final String TRIGGER =
            "create trigger drill_note after update on shard for each row execute function drill_note()";
    private static final int LEASED = 1;

    private final Database database;

    private ShardHistory(Database database) {
        this.database = database;
    }

    /// Begins to write it, before there is any listing.
    static ShardHistory begin(Database database) {
        database.jdbi().useHandle(handle -> {
            handle.execute(TABLES);
            handle.execute(NOTE);
            handle.execute(TRIGGER);
        });
        return new ShardHistory(database);
    }

    /// What ledger and history say together.
    ///
    /// @param rulings that the ledger has
    /// @param foreign rulings whose fence was not the shard's current one when they were written
    /// @param silent changes of rulings that the ledger knows nothing of
    /// @param inferred objects that were ruled by their scores
    /// @param views of accepted verdicts
    /// @param late verdicts that came too late and were written down
    record Account(int rulings, List<String> foreign, List<String> silent, long inferred, long views, int late) {}

    private record Change(long xid, ShardKey shard, UUID lease, long epoch, long term, boolean leased, int ruled) {}

    /// Holds each ruling of the ledger against the change of a shard in its transaction.
    Account account() throws InvalidProtocolBufferException {
        TreeMap<Long, Long> transactions = new TreeMap<>();
        database.jdbi()
                .useHandle(handle -> handle.createQuery("select first_seq, xmin::text::bigint as xid from ledger_batch")
                        .map((row, _) -> Map.entry(row.getLong(1), row.getLong(2)))
                        .forEach(each -> transactions.put(each.getKey(), each.getValue())));
        List<Change> changes = new ArrayList<>(changes());
        LedgerReader reader = new LedgerReader(database);
        List<String> foreign = new ArrayList<>();
        int rulings = 0;
        int late = 0;
        long inferred = 0;
        long views = 0;
        Iterator<StoredEntry> entries = reader.entries(0, reader.head().size());
        while (entries.hasNext()) {
            StoredEntry entry = entries.next();
            LedgerBody body = LedgerBody.parseFrom(entry.body());
            switch (body.getBodyCase()) {
                case LATE_VERDICT -> late++;
                case VERDICT ->
                    views += org.picket.proto.v1.VerdictStatement.parseFrom(
                                    body.getVerdict().getStatement())
                            .getViews();
                case RULING -> {
                    rulings++;
                    RulingRecord ruling = body.getRuling();
                    inferred += ruling.getCleared() + ruling.getFlagged();
                    long xid = transactions.floorEntry(entry.seq()).getValue();
                    if (!changes.removeIf(change -> fits(change, xid, ruling)) && ruling.getTo() > ruling.getFrom()) {
                        foreign.add("entry " + entry.seq() + " rules shard " + ruling.getShardId());
                    }
                }
                default -> {}
            }
        }
        return new Account(
                rulings, foreign, changes.stream().map(Change::toString).toList(), inferred, views, late);
    }

    private static boolean fits(Change change, long xid, RulingRecord ruling) {
        Fence fence = Fence.of(ruling.getFence()).orElseThrow();
        return change.leased()
                && change.xid() == xid
                && change.shard().equals(ShardKey.of(new ShardId(ruling.getShardId())))
                && change.lease().equals(fence.lease().value())
                && change.epoch() == fence.epoch()
                && change.term() == fence.term()
                && change.ruled() == ruling.getTo() - ruling.getFrom();
    }

    /// Changes that rule something.
    private List<Change> changes() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("select xid, listing_id, number, lease_id, lease_epoch, term,"
                                + " state, new_ruled - ruled from drill_shard_change where new_ruled <> ruled"
                                + " order by id")
                        .map((row, _) -> new Change(
                                row.getLong(1),
                                new ShardKey(new org.picket.proto.id.ListingId(row.getLong(2)), row.getInt(3)),
                                row.getObject(4, UUID.class),
                                row.getLong(5),
                                row.getLong(6),
                                row.getInt(7) == LEASED,
                                row.getInt(8)))
                        .list());
    }

    /// Objects that leases had left unruled when they were taken from them, all together: what may have been scored
    /// for nothing.
    long unreported() {
        return number("select coalesce(sum(objects - ruled), 0) from drill_shard_change where state = 1"
                + " and new_state = 0 and new_ruled = ruled");
    }

    long number(String query) {
        return database.jdbi()
                .withHandle(
                        handle -> handle.createQuery(query).mapTo(Long.class).one());
    }
}
