package org.picket.coordinator.database;

import org.jdbi.v3.core.Handle;

/// How far somebody has read what others write: nothing that was committed before is new to him. Rows of any table
/// tell by themselves whether they may be new, so no writer has to number what it writes.
///
/// @param oldest the oldest transaction that was not over then
public record Horizon(long oldest) {
    /// What a condition of [#since] is bound to.
    public static final String NAME = "horizon";

    /// Nothing was read yet: the one that PostgreSQL takes for older than all others.
    public static final Horizon NONE = new Horizon(2);

    /// How far somebody has read who reads from now on.
    public static Horizon of(Handle handle) {
        return new Horizon(handle.createQuery("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
                .mapTo(Long.class)
                .one());
    }

    /// The condition that a row may be new: written or changed since, or by a transaction that was not over then.
    ///
    /// @param table as the statement names it
    public static String since(String table) {
        return "age(" + table + ".xmin) <= age(:" + NAME + "::xid8::xid)";
    }

    /// What [#NAME] is.
    public String value() {
        return Long.toString(oldest);
    }
}
