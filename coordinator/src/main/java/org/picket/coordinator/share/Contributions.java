package org.picket.coordinator.share;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.fleet.OwnerId;

/// What the agents of each owner did for all: views that they scored, in verdicts that were accepted, over the last
/// four weeks.
///
/// Safe for any number of threads. Weights are those of the last [#refresh].
public final class Contributions {
    /// Weight of an owner whose agents did nothing, where all work together weighs 1: nobody is left out.
    public static final double FLOOR = 0.1;

    private static final Duration COUNTED = Duration.ofDays(28);
    private static final long DAY_SECONDS = Duration.ofDays(1).toSeconds();

    private final Database database;
    private volatile Map<OwnerId, Double> weights = Map.of();

    public Contributions(Database database) {
        this.database = database;
    }

    /// Counts work, in the transaction that accepts it.
    ///
    /// @param views by owner; none are counted as nothing
    public static void add(Handle handle, Map<OwnerId, Long> views, Instant now) {
        long day = Math.floorDiv(now.getEpochSecond(), DAY_SECONDS);
        // In one order everywhere, so that two coordinators never wait for each other's rows.
        views.entrySet().stream()
                .filter(each -> each.getValue() > 0)
                .sorted(Map.Entry.comparingByKey(java.util.Comparator.comparingLong(OwnerId::value)))
                .forEach(each -> handle.createUpdate("""
                                insert into contribution (owner_id, day, views) values (:owner, :day, :views)
                                on conflict (owner_id, day) do update set views = contribution.views + excluded.views
                                """)
                        .bind("owner", each.getKey().value())
                        .bind("day", day)
                        .bind("views", each.getValue())
                        .execute());
    }

    /// Reads what was contributed.
    public void refresh(Instant now) {
        long since = Math.floorDiv(now.minus(COUNTED).getEpochSecond(), DAY_SECONDS);
        Map<OwnerId, Long> views = new HashMap<>();
        database.read(handle -> handle.createQuery(
                                "select owner_id, sum(views)::bigint as views from contribution where day > :since group by owner_id")
                        .bind("since", since)
                        .map((row, _) -> Map.entry(new OwnerId(row.getLong("owner_id")), row.getLong("views")))
                        .list())
                .forEach(each -> views.put(each.getKey(), each.getValue()));
        weights = weights(views);
    }

    /// The weight of a site: the part of all work that the agents of its owner did, and [#FLOOR].
    public double weight(OwnerId site) {
        return weights.getOrDefault(site, FLOOR);
    }

    static Map<OwnerId, Double> weights(Map<OwnerId, Long> views) {
        long all = views.values().stream().mapToLong(Long::longValue).sum();
        Map<OwnerId, Double> weights = new HashMap<>();
        views.forEach((owner, own) -> weights.put(owner, FLOOR + (double) own / all));
        return Map.copyOf(weights);
    }
}
