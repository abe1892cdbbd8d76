package org.picket.coordinator.authority;

import com.google.protobuf.ByteString;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.database.Database;
import org.picket.proto.seal.KeyId;

/// Which keys the coordinators of a database's collective have in common: their ids alone are kept there. The
/// keys themselves are files at each coordinator, so that neither the database nor a backup of it can be the
/// collective.
///
/// Safe for any number of threads.
public final class CollectiveKeys {
    private final Database database;

    public CollectiveKeys(Database database) {
        this.database = database;
    }

    /// The key of that name that this collective has; empty where no coordinator has used one yet.
    public Optional<KeyId> find(String name) {
        return database.transaction(handle -> find(handle, name));
    }

    /// Settles on a key, unless another coordinator did so first.
    ///
    /// @return the one that it is from now on
    public KeyId settle(String name, KeyId id) {
        return database.transaction(handle -> {
            handle.createUpdate("insert into collective_key (name, key_id) values (:name, :id) on conflict do nothing")
                    .bind("name", name)
                    .bind("id", id.bytes().toByteArray())
                    .execute();
            return find(handle, name).orElseThrow();
        });
    }

    private static Optional<KeyId> find(Handle handle, String name) {
        return handle.createQuery("select key_id from collective_key where name = :name")
                .bind("name", name)
                .map((row, _) -> new KeyId(ByteString.copyFrom(row.getBytes(1))))
                .findOne();
    }
}
