package org.picket.cli;

import org.picket.proto.v1.FindingsGrpc;
import org.picket.proto.v1.FindingsGrpc.FindingsBlockingStub;
import org.picket.proto.v1.Role;
import org.picket.runtime.config.Configuration;
import org.picket.runtime.membership.RemoteMember;

/// Who is asked about findings: the coordinator of the collective of which this account is an administrator,
/// else what scans on this machine have left behind.
record FindingsSource(FindingsBlockingStub findings, Runnable end) implements AutoCloseable {
    static FindingsSource open(Configuration configuration) {
        Setting setting = Setting.of(configuration);
        MemberFile membership = new MemberFile(setting.data(), Role.ADMINISTRATOR);
        if (!membership.exists()) {
            Solo solo = Solo.existing(configuration);
            return new FindingsSource(solo.findings(), solo::close);
        }
        RemoteMember member = membership.start(setting.coordinators());
        try {
            Patience.certified(member);
            return new FindingsSource(FindingsGrpc.newBlockingStub(member.coordinator()), member::close);
        } catch (RuntimeException e) {
            member.close();
            throw e;
        }
    }

    @Override
    public void close() {
        end.run();
    }
}
