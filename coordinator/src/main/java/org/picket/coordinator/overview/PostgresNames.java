package org.picket.coordinator.overview;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.proto.circle.Circle;
import org.picket.proto.id.StorageId;
import org.picket.runtime.channel.Build;
import org.picket.runtime.channel.ContractVersion;

/// Names of storages, their owners and coordinators in PostgreSQL. Each method runs in its caller's transaction.
final class PostgresNames {
    private PostgresNames() {}

    static List<Names.Place> storages(Handle handle, int limit) {
        return handle.createQuery("""
                        select s.id, s.site_id, s.identity, coalesce(t.circle, '')
                          from storage s left join storage_terms t on t.storage_id = s.id
                         order by s.id limit :limit
                        """)
                .bind("limit", limit)
                .map((row, context) -> new Names.Place(
                        new StorageId(row.getLong(1)),
                        new OwnerId(row.getLong(2)),
                        row.getString(3),
                        Circle.ofBytes(row.getBytes(4))))
                .list();
    }

    static List<Names.Coordinator> coordinators(Handle handle, int limit) {
        return handle.createQuery("""
                        select address, contract, release, seen_at from term
                         where not ended order by address, term limit :limit
                        """)
                .bind("limit", limit)
                .map((row, context) -> new Names.Coordinator(
                        row.getString(1),
                        new Build(new ContractVersion(row.getInt(2)), row.getString(3)),
                        row.getTimestamp(4).toInstant()))
                .list();
    }

    static Map<OwnerId, String> owners(Handle handle, int limit) {
        Map<OwnerId, String> owners = new HashMap<>();
        handle.createQuery("select id, name from site order by id limit :limit")
                .bind("limit", limit)
                .map((row, context) -> Map.entry(new OwnerId(row.getLong(1)), row.getString(2)))
                .list()
                .forEach(each -> owners.put(each.getKey(), each.getValue()));
        return owners;
    }
}
