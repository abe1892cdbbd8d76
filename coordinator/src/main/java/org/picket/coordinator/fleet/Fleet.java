package org.picket.coordinator.fleet;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.authority.Authority;
import org.picket.coordinator.database.Database;
import org.picket.proto.circle.Circle;
import org.picket.proto.id.MemberId;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.KeyRecord;
import org.picket.proto.v1.LedgerBody;
import org.picket.runtime.channel.Build;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All members, and the ways in.
///
/// Safe for any number of threads.
public final class Fleet {
    /// How long a session lasts: members enrol anew at each start, so this bounds a process's life, not a
    /// person's.
    public static final Duration SESSION_LIFE = Duration.ofDays(90);

    /// Longest life of an invite.
    public static final Duration MOST_INVITE_LIFE = Duration.ofDays(30);

    /// Sessions remembered; beyond it each call asks the database.
    private static final int SESSIONS = 65_536;

    private static final int SECRET_BYTES = 32;

    /// Why a member is held out of which two processes spoke.
    static final String TWO_PROCESSES =
            "two processes used its key by turns; stop one of them, then have it resumed, or"
                    + " revoke it if the key may have been copied";

    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);

    private final Database database;
    private final TimeSource time;
    private final SecureRandom random;
    private final LedgerSink ledger;
    private final Keyring keyring;
    private final ConcurrentHashMap<Digest, Session> sessions = new ConcurrentHashMap<>();
    private final OpenCalls calls = new OpenCalls();
    private final LastCalls lastCalls = new LastCalls();
    private final Incarnations incarnations = new Incarnations();

    /// Of whom two processes spoke, until the database says so too.
    private final Set<MemberId> cloned = ConcurrentHashMap.newKeySet();

    /// Who is silenced or drained here; held by the lock below.
    private final Map<MemberId, Member> restrained = new HashMap<>();

    private final Drained drained = new Drained();

    /// Held while a standing changes: what is remembered last is what the database has.
    private final ReentrantLock standings = new ReentrantLock();

    private record Session(Member member, Instant knownUntil) {}

    /// @param random makes invites and sessions
    /// @param ledger hears of each new key
    public Fleet(Database database, TimeSource time, SecureRandom random, LedgerSink ledger) {
        this.database = database;
        this.time = time;
        this.random = random;
        this.ledger = ledger;
        this.keyring = new Keyring(database);
    }

    /// Members by key id.
    public Keyring keyring() {
        return keyring;
    }

    /// Who is drained.
    public Drained drained() {
        return drained;
    }

    /// The enrolment service.
    ///
    /// @param coordinator its public half is told to each new member
    /// @param authority signs members' certificates; empty: members have sessions, within a process
    public BindableService enrolment(SigningKey coordinator, Optional<Authority> authority) {
        return new EnrolmentEndpoint(this, coordinator.verifyingKey(), authority, time);
    }

    /// The service for stewards.
    public BindableService members(Owners owners, Invites invites, Leaseholders leases) {
        return new MembersEndpoint(this, owners, invites, leases);
    }

    /// Lets calls through by session and role.
    public ServerInterceptor interceptor() {
        return new MemberInterceptor(this, calls, time);
    }

    /// Makes a one-time invite.
    ///
    /// @param life at most [#MOST_INVITE_LIFE]
    /// @return the secret text to be handed to the invited, kept nowhere
    public String invite(MemberRole role, OwnerId owner, Duration life) {
        return invite(role, owner, "", Circle.EVERYONE, life);
    }

    /// As the other one, for a member of which more is known.
    ///
    /// @param region where an agent stands, as circles name it; empty: not told
    /// @param circle of a crawler's storages, unless its own settings name one; everyone's: not told
    public String invite(MemberRole role, OwnerId owner, String region, Circle circle, Duration life) {
        if (life.isNegative() || life.isZero() || life.compareTo(MOST_INVITE_LIFE) > 0) {
            throw new IllegalArgumentException("an invite lives for up to " + MOST_INVITE_LIFE + ", not " + life);
        }
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        Instant now = time.now();
        String invite = HexFormat.of().formatHex(secret);
        database.useTransaction(handle -> {
            PostgresMembers.dropExpired(handle, now);
            PostgresMembers.insertInvite(
                    handle,
                    digest(invite),
                    new PostgresMembers.Invite(role, owner, region, circle, now.plus(life), false));
        });
        return invite;
    }

    /// A secret of the collective, made where it is not there yet.
    ///
    /// @param name what it is for
    public byte[] secret(String name, int bytes) {
        return database.transaction(handle -> PostgresSecrets.get(handle, name, bytes, random));
    }

    /// Changes a standing at once. Of a member that is silenced, calls under way have ended when this returns,
    /// and its session, certificate and signatures count no more. A revoked member stays revoked; one that is
    /// suspended, or has nothing to drain, is not drained; and one that was drained when it was suspended is
    /// drained once it is active again, until it is made so once more.
    ///
    /// @return the member as it is now; empty where there is none
    public Optional<Member> stand(MemberId id, MemberStanding standing) {
        standings.lock();
        try {
            return standAlone(id, standing);
        } finally {
            standings.unlock();
        }
    }

    private Optional<Member> standAlone(MemberId id, MemberStanding standing) {
        Optional<Member> member = database.transaction(handle -> {
            PostgresMembers.stand(handle, id, standing, "");
            return PostgresMembers.byId(handle, id);
        });
        member.ifPresent(this::stands);
        return member;
    }

    private void stands(Member member) {
        keyring.replace(member);
        sessions.values().removeIf(session -> session.member().id().equals(member.id()));
        drained.stands(member);
        if (member.silent()) {
            incarnations.forget(member.id());
            calls.end(member.id(), MemberInterceptor.silent(member));
        }
        if (member.standing() == MemberStanding.ACTIVE) {
            restrained.remove(member.id());
        } else {
            restrained.put(member.id(), member);
        }
    }

    /// Takes over how members stand by the word of other coordinators on the same database. Of those that were
    /// silenced, calls under way have ended when this returns.
    ///
    /// @return members who were silenced since it was asked last
    public List<Member> follow() {
        standings.lock();
        try {
            Set<MemberId> heldOut = Set.copyOf(cloned);
            writeCloned(heldOut);
            Map<MemberId, Member> now = database.transaction(PostgresMembers::restrained).stream()
                    .collect(Collectors.toMap(Member::id, Function.identity()));
            List<Member> resumed = restrained.keySet().stream()
                    .filter(id -> !now.containsKey(id))
                    .flatMap(id -> database.transaction(handle -> PostgresMembers.byId(handle, id)).stream())
                    .toList();
            List<Member> fresh = now.values().stream()
                    .filter(member -> !member.equals(restrained.get(member.id())))
                    .toList();
            // From here on nothing fails: what was read is taken over whole.
            restrained.keySet().retainAll(now.keySet());
            resumed.forEach(this::stands);
            fresh.forEach(this::stands);
            cloned.removeAll(heldOut);
            return fresh.stream().filter(Member::silent).toList();
        } finally {
            standings.unlock();
        }
    }

    /// Takes note which process of a member calls. Where one came back after another had begun, two use one key:
    /// which of them is the member's own nobody here can tell, so both are held out. The next [#follow] ends their
    /// calls, here and at other coordinators.
    ///
    /// @return the process's number, as [Member#process] tells it
    OptionalLong heardOf(Member member, String incarnation) {
        Incarnations.Heard heard = incarnations.heard(member.id(), incarnation, time.now());
        if (heard.cameBack() && cloned.add(member.id())) {
            LOG.warn("{} is held out: {}", member.party(), TWO_PROCESSES);
        }
        return heard.number();
    }

    /// Whether two processes used this member's key.
    boolean holdsOut(MemberId member) {
        return cloned.contains(member);
    }

    /// Writes down who is held out. It is no work for a call: many may come while the database is slow.
    private void writeCloned(Set<MemberId> heldOut) {
        heldOut.forEach(id -> database.useTransaction(
                handle -> PostgresMembers.stand(handle, id, MemberStanding.SUSPENDED, TWO_PROCESSES)));
    }

    /// Members in order of their numbers, within the caller's transaction.
    ///
    /// @param limit of how many
    public List<Member> members(Handle handle, int limit) {
        return PostgresMembers.after(handle, 0, limit).stream()
                .map(PostgresMembers.Enrolled::member)
                .toList();
    }

    /// When a member was heard of last; empty: not since this coordinator started. One that has a call under way is
    /// heard of now.
    public Optional<Instant> heard(MemberId member) {
        return calls.any(member)
                ? Optional.of(time.now())
                : lastCalls.last(member).map(LastCalls.Call::at);
    }

    /// Which Picket a member is, by its last call; empty: none since this coordinator started.
    public Optional<Build> build(MemberId member) {
        return lastCalls.last(member).map(LastCalls.Call::build);
    }

    /// A call of a member began or ended.
    void heardOf(MemberId member, Build build) {
        lastCalls.heard(member, build, time.now());
    }

    /// Those of some members who may speak by the word of the database, until the transaction ends.
    public static Set<MemberId> speaking(Handle handle, Collection<MemberId> members) {
        return members.isEmpty() ? Set.of() : PostgresMembers.speaking(handle, members);
    }

    /// Members in order of their numbers.
    List<PostgresMembers.Enrolled> after(long id, int limit) {
        return database.read(handle -> PostgresMembers.after(handle, id, limit));
    }

    /// What came of an enrolment.
    sealed interface Enrolled {
        record Welcome(Member member, ByteString session) implements Enrolled {}

        record Refused(String why) implements Enrolled {}
    }

    /// @param sessioned whether the member will be known by a session, and not by a certificate
    Enrolled enrol(String invite, MemberRole role, VerifyingKey key, String name, boolean sessioned) {
        byte[] session = new byte[SECRET_BYTES];
        random.nextBytes(session);
        Instant now = time.now();
        Enrolled enrolled = database.transaction(handle -> {
            Optional<PostgresMembers.Invite> found = PostgresMembers.lockInvite(handle, digest(invite));
            if (found.isEmpty()
                    || found.get().used()
                    || !found.get().expiresAt().isAfter(now)) {
                return new Enrolled.Refused("the invite is unknown, used or expired; ask for a new one");
            }
            if (found.get().role() != role) {
                return new Enrolled.Refused("the invite is for another role");
            }
            Optional<Member> known = PostgresMembers.byKeyId(handle, key.id());
            if (known.isPresent() && !fits(known.get(), found.get())) {
                return new Enrolled.Refused(
                        "the key belongs to a member of another role, owner, region or circle, or to one that may speak no more");
            }
            Member member = known.orElseGet(() -> insert(handle, key, found.get(), name, now));
            PostgresMembers.useInvite(handle, digest(invite), member.id());
            ByteString token = ByteString.copyFrom(session);
            if (sessioned) {
                PostgresMembers.insertSession(handle, Digest.of(token), member.id(), now.plus(SESSION_LIFE));
            }
            return new Enrolled.Welcome(member, sessioned ? token : ByteString.EMPTY);
        });
        // Not before the commit: a member that the database does not have is none.
        if (enrolled instanceof Enrolled.Welcome(Member member, ByteString _)) {
            keyring.learn(member);
        }
        return enrolled;
    }

    Optional<Member> bySession(ByteString token) {
        Digest digest = Digest.of(token);
        Instant now = time.now();
        Session known = sessions.get(digest);
        if (known != null && known.knownUntil().isAfter(now)) {
            return Optional.of(known.member());
        }
        Optional<Member> found = database.transaction(handle -> PostgresMembers.bySession(handle, digest, now))
                .filter(member -> !member.silent());
        if (found.isPresent() && sessions.size() < SESSIONS) {
            sessions.put(digest, new Session(found.get(), now.plus(Duration.ofMinutes(1))));
        } else {
            sessions.remove(digest);
        }
        return found;
    }

    private Member insert(Handle handle, VerifyingKey key, PostgresMembers.Invite invite, String name, Instant now) {
        MemberId id = PostgresMembers.insertMember(handle, key, invite, name, now);
        ledger.append(
                handle,
                List.of(LedgerBody.newBuilder()
                        .setKey(KeyRecord.newBuilder()
                                .setPublicKey(key.raw())
                                .setRole(invite.role().name()))
                        .build()));
        return PostgresMembers.byId(handle, id).orElseThrow();
    }

    private static boolean fits(Member member, PostgresMembers.Invite invite) {
        return !member.silent()
                && member.role() == invite.role()
                && member.owner().equals(invite.owner())
                && member.home().region().equals(invite.region())
                && member.home().circle().equals(invite.circle());
    }

    private static Digest digest(String invite) {
        return Digest.of(ByteString.copyFromUtf8(invite));
    }
}
