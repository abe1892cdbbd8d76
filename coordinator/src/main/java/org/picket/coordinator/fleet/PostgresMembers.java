package org.picket.coordinator.fleet;

import com.google.protobuf.UnsafeByteOperations;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.picket.proto.circle.Circle;
import org.picket.proto.id.MemberId;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.KeyId;
import org.picket.proto.seal.VerifyingKey;

/// Members, invites and sessions in PostgreSQL. Each method runs in its caller's transaction.
final class PostgresMembers {
    private static final String COLUMNS =
            "m.id, m.role, m.owner_id, m.public_key, m.name, m.suspended, m.revoked, m.held_out_for,"
                    + " coalesce((select site.name from site where site.id = m.owner_id), ''), m.region, m.circle,"
                    + " m.draining";

    private static final RowMapper<Member> MEMBER = (row, context) -> new Member(
            new MemberId(row.getLong(1)),
            MemberRole.ofCode(row.getInt(2)),
            new OwnerId(row.getLong(3)),
            VerifyingKey.of(UnsafeByteOperations.unsafeWrap(row.getBytes(4))),
            row.getString(5),
            MemberStanding.of(row.getBoolean(6), row.getBoolean(7), row.getBoolean(12)),
            row.getString(8),
            new Member.Home(row.getString(9), row.getString(10), Circle.ofBytes(row.getBytes(11))));

    private PostgresMembers() {}

    record Invite(MemberRole role, OwnerId owner, String region, Circle circle, Instant expiresAt, boolean used) {}

    static Optional<Member> byKeyId(Handle handle, KeyId id) {
        return handle.createQuery("select " + COLUMNS + " from member m where m.key_id = :key_id")
                .bind("key_id", id.bytes().toByteArray())
                .map(MEMBER)
                .findOne();
    }

    static Optional<Member> bySession(Handle handle, Digest session, Instant now) {
        return handle.createQuery("select " + COLUMNS + """
                         from session s join member m on m.id = s.member_id
                        where s.digest = :digest and s.expires_at > :now
                        """)
                .bind("digest", session.toByteArray())
                .bind("now", now)
                .map(MEMBER)
                .findOne();
    }

    static void insertInvite(Handle handle, Digest digest, Invite invite) {
        handle.createUpdate("""
                        insert into invite (digest, role, owner_id, region, circle, expires_at)
                        values (:digest, :role, :owner, :region, :circle, :expires_at)
                        """)
                .bind("digest", digest.toByteArray())
                .bind("role", invite.role().code())
                .bind("owner", invite.owner().value())
                .bind("region", invite.region())
                .bind("circle", invite.circle().bytes())
                .bind("expires_at", invite.expiresAt())
                .execute();
    }

    /// Locks the invite, so that two enrolments cannot both use it.
    static Optional<Invite> lockInvite(Handle handle, Digest digest) {
        return handle.createQuery("""
                        select role, owner_id, region, circle, expires_at, used_by is not null
                          from invite where digest = :digest for update
                        """)
                .bind("digest", digest.toByteArray())
                .map((row, context) -> new Invite(
                        MemberRole.ofCode(row.getInt(1)),
                        new OwnerId(row.getLong(2)),
                        row.getString(3),
                        Circle.ofBytes(row.getBytes(4)),
                        row.getTimestamp(5).toInstant(),
                        row.getBoolean(6)))
                .findOne();
    }

    static void useInvite(Handle handle, Digest digest, MemberId member) {
        handle.createUpdate("update invite set used_by = :member where digest = :digest")
                .bind("member", member.value())
                .bind("digest", digest.toByteArray())
                .execute();
    }

    static MemberId insertMember(Handle handle, VerifyingKey key, Invite invite, String name, Instant now) {
        return handle.createQuery("""
                        insert into member (public_key, key_id, role, name, owner_id, region, circle, enrolled_at)
                        values (:key, :key_id, :role, :name, :owner, :region, :circle, :now) returning id
                        """)
                .bind("key", key.raw().toByteArray())
                .bind("key_id", key.id().bytes().toByteArray())
                .bind("role", invite.role().code())
                .bind("name", name)
                .bind("owner", invite.owner().value())
                .bind("region", invite.region())
                .bind("circle", invite.circle().bytes())
                .bind("now", now)
                .map((row, context) -> new MemberId(row.getLong(1)))
                .one();
    }

    static void insertSession(Handle handle, Digest digest, MemberId member, Instant expiresAt) {
        handle.createUpdate(
                        "insert into session (digest, member_id, expires_at) values (:digest, :member, :expires_at)")
                .bind("digest", digest.toByteArray())
                .bind("member", member.value())
                .bind("expires_at", expiresAt)
                .execute();
    }

    /// Sessions and invites whose time is over; both are few.
    static void dropExpired(Handle handle, Instant now) {
        handle.createUpdate("delete from session where expires_at <= :now")
                .bind("now", now)
                .execute();
        handle.createUpdate("delete from invite where expires_at <= :now and used_by is null")
                .bind("now", now)
                .execute();
    }

    /// Changes a standing. A revoked member's stays; and where it is to be drained that of a suspended one, which this
    /// must not let speak again, and of one that has nothing to drain. One that was drained when it was
    /// suspended is drained again once it may speak.
    ///
    /// @param heldOutFor why the coordinator itself does so; empty: a steward does
    static void stand(Handle handle, MemberId member, MemberStanding standing, String heldOutFor) {
        handle.createUpdate("""
                        update member set suspended = :suspended, revoked = :revoked,
                               draining = :draining or draining and not :revoked and (:suspended or suspended),
                               held_out_for = :held_out_for
                         where id = :id and not revoked
                           and (not :draining or not suspended and role = any(:drainable))
                        """)
                .bindArray("drainable", Integer.class, drainable())
                .bind("draining", standing == MemberStanding.DRAINING)
                .bind("held_out_for", heldOutFor)
                .bind("suspended", standing.silent())
                .bind("revoked", standing == MemberStanding.REVOKED)
                .bind("id", member.value())
                .execute();
    }

    private static List<Integer> drainable() {
        return Arrays.stream(MemberRole.values())
                .filter(MemberRole::drainable)
                .map(MemberRole::code)
                .toList();
    }

    /// A member with the moment of its enrolment.
    record Enrolled(Member member, Instant at) {}

    /// Members in order of their numbers.
    static List<Enrolled> after(Handle handle, long id, int limit) {
        return handle.createQuery("select " + COLUMNS
                        + ", m.enrolled_at from member m where m.id > :id order by m.id limit :limit")
                .bind("id", id)
                .bind("limit", limit)
                .map((row, context) -> new Enrolled(
                        MEMBER.map(row, context), row.getTimestamp(13).toInstant()))
                .list();
    }

    static Optional<Member> byId(Handle handle, MemberId id) {
        return handle.createQuery("select " + COLUMNS + " from member m where m.id = :id")
                .bind("id", id.value())
                .map(MEMBER)
                .findOne();
    }

    /// Those of some members who may speak, locked: who is silenced by another transaction is so after this one.
    static Set<MemberId> speaking(Handle handle, Collection<MemberId> members) {
        return handle.createQuery("select id from member where id = any(:ids) and not suspended order by id for share")
                .bind("ids", members.stream().map(MemberId::value).toArray(Long[]::new))
                .map((row, _) -> new MemberId(row.getLong(1)))
                .collect(Collectors.toSet());
    }

    /// All that may speak no more, or are drained.
    static List<Member> restrained(Handle handle) {
        return handle.createQuery("select " + COLUMNS + " from member m where m.suspended or m.draining")
                .map(MEMBER)
                .list();
    }
}
