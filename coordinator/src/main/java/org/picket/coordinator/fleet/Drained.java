package org.picket.coordinator.fleet;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.picket.proto.id.MemberId;

/// Members that are drained: they keep what they have, and get nothing more until they are resumed.
///
/// Safe for any number of threads. Asked at every grant, so from memory alone.
public final class Drained {
    private final ConcurrentHashMap<MemberId, Member> members = new ConcurrentHashMap<>();

    /// A member stands so from now on.
    void stands(Member member) {
        if (member.standing() == MemberStanding.DRAINING) {
            members.put(member.id(), member);
        } else {
            members.remove(member.id());
        }
    }

    /// Whether nobody is.
    public boolean nobody() {
        return members.isEmpty();
    }

    /// Whether that member is.
    public boolean contains(MemberId member) {
        return members.containsKey(member);
    }

    /// The member of that number, where it is drained.
    public Optional<Member> find(MemberId member) {
        return Optional.ofNullable(members.get(member));
    }

    /// A crawler of a site that is.
    public Optional<Member> crawler(OwnerId site) {
        return members.values().stream()
                .filter(member ->
                        member.role() == MemberRole.CRAWLER && member.owner().equals(site))
                .findAny();
    }
}
