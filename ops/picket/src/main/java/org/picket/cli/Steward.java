package org.picket.cli;

import org.picket.proto.v1.MembersGrpc;
import org.picket.proto.v1.Role;
import org.picket.runtime.membership.RemoteMember;

/// The coordinator's own administration, from its machine.
final class Steward implements AutoCloseable {
    private final RemoteMember member;

    private Steward(RemoteMember member) {
        this.member = member;
    }

    static Steward open(CommonOptions common) {
        RemoteMember member = new MemberFile(Setting.of(common.configuration()).data(), Role.STEWARD).start();
        try {
            Patience.certified(member);
            return new Steward(member);
        } catch (RuntimeException e) {
            member.close();
            throw e;
        }
    }

    MembersGrpc.MembersBlockingStub members() {
        return MembersGrpc.newBlockingStub(member.coordinator());
    }

    @Override
    public void close() {
        member.close();
    }
}
