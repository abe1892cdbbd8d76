package org.picket.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.function.Supplier;
import org.picket.proto.v1.FindingsGrpc;
import org.picket.proto.v1.FindingsGrpc.FindingsBlockingStub;
import org.picket.proto.v1.HashListsGrpc;
import org.picket.proto.v1.HashListsGrpc.HashListsBlockingStub;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.membership.RemoteMember;

/// An administrator's membership of a collective. Crawlers beside the storages carry orders out, whenever they
/// run.
final class CollectiveAdministration implements Administration {
    private static final String LATER =
            "the crawler beside the storage carries it out by itself as soon as it runs and the coordinator is within"
                    + " its reach; 'picket findings' shows what became of it";

    private final RemoteMember member;

    private CollectiveAdministration(RemoteMember member) {
        this.member = member;
    }

    static CollectiveAdministration open(MemberFile membership, Setting setting) {
        RemoteMember member = membership.start(setting.coordinators());
        try {
            Patience.certified(member);
            return new CollectiveAdministration(member);
        } catch (RuntimeException e) {
            member.close();
            throw e;
        }
    }

    @Override
    public FindingsBlockingStub findings() {
        return FindingsGrpc.newBlockingStub(member.coordinator());
    }

    @Override
    public HashListsBlockingStub hashLists() {
        return HashListsGrpc.newBlockingStub(member.coordinator());
    }

    @Override
    public <T> T ask(Supplier<T> call) {
        Patience.Said said = new Patience.Said();
        return Attempts.PATIENT.call(() -> {
            try {
                return call.get();
            } catch (StatusRuntimeException e) {
                Status.Code code = e.getStatus().getCode();
                if (Attempts.passing(code)) {
                    said.say("the coordinator does not answer (" + code + "); it is asked again for a while");
                }
                throw e;
            }
        });
    }

    @Override
    public String orderedBy() {
        return "";
    }

    @Override
    public Outcomes carryOut(Ordered ordered, Duration wait) {
        OutcomeWatch watch = new OutcomeWatch(findings(), ordered, LATER);
        ask(watch::look);
        return watch.await(wait, ProgressLine.ofProcess());
    }

    @Override
    public void close() {
        member.close();
    }
}
