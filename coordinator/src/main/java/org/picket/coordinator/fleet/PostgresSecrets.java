package org.picket.coordinator.fleet;

import java.security.SecureRandom;
import org.jdbi.v3.core.Handle;

/// Secrets of the collective, made at its first start and the same for all its coordinators.
final class PostgresSecrets {
    private PostgresSecrets() {}

    static byte[] get(Handle handle, String name, int bytes, SecureRandom random) {
        byte[] fresh = new byte[bytes];
        random.nextBytes(fresh);
        handle.createUpdate("insert into secret (name, value) values (:name, :value) on conflict do nothing")
                .bind("name", name)
                .bind("value", fresh)
                .execute();
        return handle.createQuery("select value from secret where name = :name")
                .bind("name", name)
                .map((row, context) -> row.getBytes(1))
                .one();
    }
}
