package org.picket.coordinator.fleet;

import io.grpc.Context;
import java.util.Objects;
import java.util.OptionalLong;
import org.picket.proto.circle.Applicant;
import org.picket.proto.circle.Circle;
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
/// @param standing whether it may speak, and gets anything new
/// @param heldOutFor why the coordinator itself suspended it; empty: it did not
/// @param home who answers for it by name, and what else its invite said
public record Member(
        MemberId id,
        MemberRole role,
        OwnerId owner,
        VerifyingKey key,
        String name,
        MemberStanding standing,
        String heldOutFor,
        Home home) {
    private static final Context.Key<Member> CALLER = Context.key("picket-member");
    private static final Context.Key<OptionalLong> PROCESS =
            Context.keyWithDefault("picket-process", OptionalLong.empty());

    public Member {
        Objects.requireNonNull(id);
        Objects.requireNonNull(role);
        Objects.requireNonNull(owner);
        Objects.requireNonNull(key);
        Objects.requireNonNull(name);
        Objects.requireNonNull(standing);
        Objects.requireNonNull(heldOutFor);
        Objects.requireNonNull(home);
    }

    /// Of whom nobody told where it stands.
    public Member(
            MemberId id,
            MemberRole role,
            OwnerId owner,
            VerifyingKey key,
            String name,
            MemberStanding standing,
            String heldOutFor) {
        this(id, role, owner, key, name, standing, heldOutFor, Home.UNTOLD);
    }

    /// One that the coordinator has nothing against, and of whom nobody told where it stands.
    public Member(MemberId id, MemberRole role, OwnerId owner, VerifyingKey key, String name, MemberStanding standing) {
        this(id, role, owner, key, name, standing, "", Home.UNTOLD);
    }

    /// What an invite says of a member, with the name of who answers for it.
    ///
    /// @param owner its owner's name
    /// @param region where an agent stands, as its invite said; empty: it did not say
    /// @param circle whose agents may see a crawler's pictures, as its invite said; everyone's: it did not say
    public record Home(String owner, String region, Circle circle) {
        /// Of a member that nobody told about.
        public static final Home UNTOLD = new Home("", "", Circle.EVERYONE);

        public Home {
            Objects.requireNonNull(owner);
            Objects.requireNonNull(region);
            Objects.requireNonNull(circle);
        }
    }

    /// As a circle looks at it.
    public Applicant applicant() {
        return new Applicant(home.owner(), home.region(), key.id());
    }

    /// Whether it may not speak.
    public boolean silent() {
        return standing.silent();
    }

    /// What people call it: its name, or where it gave none what its certificate says.
    public String called() {
        return name.isBlank() ? party().toString() : name;
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

    /// Which process of the caller makes the present call: one that began later has a higher number. Empty: it does
    /// not say.
    public static OptionalLong process() {
        return PROCESS.get();
    }

    static Context withProcess(Context context, OptionalLong process) {
        return context.withValue(PROCESS, process);
    }

    Context in(Context context) {
        return context.withValue(CALLER, this);
    }
}
