package org.picket.coordinator.overview;

import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.function.Supplier;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.proto.v1.LookRequest;
import org.picket.proto.v1.LookResponse;
import org.picket.proto.v1.OverviewGrpc;

/// Shows how work stands, to stewards and administrators.
final class OverviewEndpoint extends OverviewGrpc.OverviewImplBase {
    private final Supplier<Moment> present;

    /// @param present how all of it stands now
    OverviewEndpoint(Supplier<Moment> present) {
        this.present = present;
    }

    @Override
    public void look(LookRequest request, StreamObserver<LookResponse> answer) {
        Member caller = Member.caller();
        Optional<OwnerId> scope = caller.role() == MemberRole.STEWARD ? Optional.empty() : Optional.of(caller.owner());
        answer.onNext(OverviewRules.answer(present.get(), scope));
        answer.onCompleted();
    }
}
