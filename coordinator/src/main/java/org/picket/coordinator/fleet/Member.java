package org.picket.coordinator.fleet;

import io.grpc.Context;
import java.util.Objects;
import org.picket.proto.id.MemberId;
import org.picket.proto.seal.VerifyingKey;
import org.picket.runtime.identity.Party;

/// An enrolled agent, crawler or administrator.
///
/// @param id the member
/// @param role what it may do
/// @param owner who answers for it
/// @param key verifies what it seals
/// @param name for people
/// @param standing whether it may speak
/// @param heldOutFor why the coordinator itself suspended it; empty: it did not
public record Member(
        MemberId id,
        MemberRole role,
        OwnerId owner,
        VerifyingKey key,
        String name,
        MemberStanding standing,
        String heldOutFor) {
    private static final Context.Key<Member> CALLER = Context.key("picket-member");

    public Member {
        Objects.requireNonNull(id);
        Objects.requireNonNull(role);
        Objects.requireNonNull(owner);
        Objects.requireNonNull(key);
        Objects.requireNonNull(name);
        Objects.requireNonNull(standing);
        Objects.requireNonNull(heldOutFor);
    }

    /// One that the coordinator has nothing against.
    public Member(MemberId id, MemberRole role, OwnerId owner, VerifyingKey key, String name, MemberStanding standing) {
        this(id, role, owner, key, name, standing, "");
    }

    /// Whether it may not speak.
    public boolean silent() {
        return standing != MemberStanding.ACTIVE;
    }

    /// As its certificate names it.
    Party party() {
        return new Party(role.kind(), id.value());
    }

    /// The member who makes the present call.
    ///
    /// @throws IllegalStateException outside a call that [MemberInterceptor] let in
    public static Member caller() {
        Member member = CALLER.get();
        if (member == null) {
            throw new IllegalStateException("this call has not passed the member interceptor");
        }
        return member;
    }

    Context in(Context context) {
        return context.withValue(CALLER, this);
    }
}
