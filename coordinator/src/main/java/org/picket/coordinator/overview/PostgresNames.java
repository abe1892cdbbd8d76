package org.picket.coordinator.overview;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.proto.id.StorageId;

/// Names of storages and their owners in PostgreSQL. Each method runs in its caller's transaction.
final class PostgresNames {
    private PostgresNames() {}

    static List<Names.Place> storages(Handle handle, int limit) {
        return handle.createQuery("select id, site_id, identity from storage order by id limit :limit")
                .bind("limit", limit)
                .map((row, context) ->
                        new Names.Place(new StorageId(row.getLong(1)), new OwnerId(row.getLong(2)), row.getString(3)))
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
