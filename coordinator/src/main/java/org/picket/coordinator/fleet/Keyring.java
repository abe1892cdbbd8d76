package org.picket.coordinator.fleet;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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

    private final Database database;
    private final ConcurrentHashMap<KeyId, Member> members = new ConcurrentHashMap<>();

    Keyring(Database database) {
        this.database = database;
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
        members.remove(member.key().id());
        remember(member);
    }

    void remember(Member member) {
        if (members.size() < REMEMBERED || members.containsKey(member.key().id())) {
            members.put(member.key().id(), member);
        }
    }

    private Optional<Member> load(KeyId id) {
        Optional<Member> found = database.transaction(handle -> PostgresMembers.byKeyId(handle, id));
        found.ifPresent(this::remember);
        return found;
    }
}
