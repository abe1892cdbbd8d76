package org.picket.coordinator.hashlist;

import com.google.protobuf.ByteString;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.picket.proto.id.SiteId;
import org.picket.proto.v1.ShownList;

/// Lists as people are shown them. Runs in its caller's transaction.
final class PostgresShownLists {
    private PostgresShownLists() {}

    static List<ShownList> all(Handle handle, SiteId site, Instant now) {
        return handle.createQuery("""
                        select l.*, c.*, i.finished_at, i.imported_by, i.file_sha256
                          from hash_list l
                         cross join lateral (
                            select count(*) filter (where e.type = 1) as sha256,
                                   count(*) filter (where e.type = 2) as md5,
                                   count(*) filter (where e.type = 3) as pdq,
                                   count(*) filter (where %s) as in_force,
                                   count(*) filter (where e.status <> 1) as withdrawn,
                                   min(e.expires_at) filter (where e.expires_at > :at) as expires
                              from list_entry e where e.list_id = l.id) c
                          left join lateral (
                            select finished_at, imported_by, file_sha256 from list_import
                             where list_id = l.id and finished_at is not null order by id desc limit 1) i on true
                         where l.site_id = :site
                         order by l.id
                        """.formatted(PostgresListSets.IN_FORCE))
                .bind("site", site.value())
                .bind("at", now)
                .map(PostgresShownLists::shown)
                .list();
    }

    private static ShownList shown(ResultSet row, StatementContext context) throws SQLException {
        ShownList.Builder shown = ShownList.newBuilder()
                .setId(row.getLong("id"))
                .setTerms(PostgresLists.LISTED.map(row, context).terms().wire())
                .setSha256(row.getLong("sha256"))
                .setMd5(row.getLong("md5"))
                .setPdq(row.getLong("pdq"))
                .setInForce(row.getLong("in_force"))
                .setWithdrawn(row.getLong("withdrawn"))
                .setDisabledUntilMillis(millis(row, "disabled_until"))
                .setImportedMillis(millis(row, "finished_at"))
                .setExpiresMillis(millis(row, "expires"));
        Optional.ofNullable(row.getString("imported_by")).ifPresent(shown::setImportedBy);
        Optional.ofNullable(row.getBytes("file_sha256"))
                .ifPresent(digest -> shown.setFileSha256(ByteString.copyFrom(digest)));
        return shown.build();
    }

    /// 0 where there is none; the largest value for one without end.
    private static long millis(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
                .map(time -> time.equals(OffsetDateTime.MAX)
                        ? Long.MAX_VALUE
                        : time.toInstant().toEpochMilli())
                .orElse(0L);
    }
}
