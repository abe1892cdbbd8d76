package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.SecureCollective.Joined;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.AcquireRequest;
import org.picket.proto.v1.EnrolmentGrpc;
import org.picket.proto.v1.LeasesGrpc;
import org.picket.proto.v1.ListStoragesRequest;
import org.picket.proto.v1.SitesGrpc;
import org.picket.runtime.channel.ContractVersion;

/// Members of other versions than their coordinator's.
class ContractSkewIT extends BehindTls {
    private static final int OURS = ContractVersion.OURS.number();

    private static Channel speaking(int version, Channel channel) {
        Metadata headers = new Metadata();
        headers.put(ContractVersion.KEY, Integer.toString(version));
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static Status refused(Runnable call) {
        Status status = assertThrows(StatusRuntimeException.class, call::run).getStatus();
        assertEquals(Status.Code.UNIMPLEMENTED, status.getCode());
        return status;
    }

    private static void acquire(Channel channel) {
        assertTrue(LeasesGrpc.newBlockingStub(channel)
                .acquire(AcquireRequest.getDefaultInstance())
                .hasNone());
    }

    @Test
    void agentsAndCrawlersOneVersionOlderOrNewerAreServed() {
        Joined agent = collective.join(MemberRole.AGENT, "alice");
        Joined crawler = collective.join(MemberRole.CRAWLER, "site.example");
        for (int version = OURS - 1; version <= OURS + 1; version++) {
            acquire(speaking(version, agent.channel()));
            assertEquals(
                    0,
                    SitesGrpc.newBlockingStub(speaking(version, crawler.channel()))
                            .storages(ListStoragesRequest.getDefaultInstance())
                            .getStoragesCount());
        }
    }

    @Test
    void membersFurtherApartAreToldWhatToDo() {
        Joined agent = collective.join(MemberRole.AGENT, "alice");
        String older = String.valueOf(
                refused(() -> acquire(speaking(OURS - 2, agent.channel()))).getDescription());
        assertTrue(older.contains("version " + (OURS - 2) + " of the contract"), older);
        assertTrue(older.contains("this coordinator version " + OURS), older);
        assertTrue(older.contains("bring your Picket to the coordinator's release"), older);
        String newer = String.valueOf(
                refused(() -> acquire(speaking(OURS + 2, agent.channel()))).getDescription());
        assertTrue(newer.contains("the coordinator is to be brought to your release first"), newer);
    }

    /// It would use the invite up.
    @Test
    void newcomerFurtherApartKeepsItsInvite() {
        String invite = collective
                .process
                .fleet()
                .invite(MemberRole.AGENT, collective.process.owner("alice"), SecureCollective.INVITE_LIFE);
        SigningKey key = SigningKey.generate(collective.random);
        Channel stranger = collective.as(Optional.empty());
        var request = SecureCollective.enrolment(invite, MemberRole.AGENT, key);
        refused(() ->
                EnrolmentGrpc.newBlockingStub(speaking(OURS + 2, stranger)).enrol(request));
        assertTrue(EnrolmentGrpc.newBlockingStub(speaking(OURS + 1, stranger))
                        .enrol(request)
                        .getMemberId()
                > 0);
    }
}
