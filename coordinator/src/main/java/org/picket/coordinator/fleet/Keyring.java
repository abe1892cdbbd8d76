package org.picket.coordinator.fleet;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.picket.coordinator.database.Database;
import org.picket.proto.seal.KeyId;
import org.picket.proto.seal.VerifyingKey;

/// Finds members and their keys by key id. Members are few and hardly change, so all that spoke are remembered,
/// up to a limit; beyond it each look-up asks the database.
///
/// Safe for any number of threads.
public final class Keyring {
    /// Members remembered.
    static final int REMEMBERED = 65_536;

    private final Function<KeyId, Optional<Member>> kept;
    private final ConcurrentHashMap<KeyId, Member> members = new ConcurrentHashMap<>();

    Keyring(Database database) {
        this(id -> database.transaction(handle -> PostgresMembers.byKeyId(handle, id)));
    }

    /// @param kept reads a member from where it is kept
    Keyring(Function<KeyId, Optional<Member>> kept) {
        this.kept = kept;
    }

    /// The member whose key that is; empty where nobody has it or the member may not speak.
    public Optional<Member> member(KeyId id) {
        return anyone(id).filter(member -> !member.silent());
    }

    /// The member whose key that is, whatever its standing.
    Optional<Member> anyone(KeyId id) {
        return Optional.ofNullable(members.get(id)).or(() -> load(id));
    }

    /// The key itself, under the same conditions.
    public Optional<VerifyingKey> key(KeyId id) {
        return member(id).map(Member::key);
    }

    /// From now on the member is as it is here.
    void replace(Member member) {
        if (members.size() < REMEMBERED || members.containsKey(member.key().id())) {
            members.put(member.key().id(), member);
        }
    }

    /// Remembers what was read a moment ago, unless something newer is remembered by now: a member that was
    /// silenced while it was read stays silent.
    ///
    /// @return the member as it is
    Member learn(Member read) {
        if (members.size() >= REMEMBERED) {
            return read;
        }
        return Optional.ofNullable(members.putIfAbsent(read.key().id(), read)).orElse(read);
    }

    private Optional<Member> load(KeyId id) {
        return kept.apply(id).map(this::learn);
    }
}
