package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.proto.bundle.Needs;
import org.picket.proto.circle.Circle;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.AcquireResponse;
import org.picket.proto.v1.NoLease;
import org.picket.proto.v1.TicketStatement;

/// Bundles that not every agent can run.
class CapabilityIT extends ScannedStorage {
    private static final String CPU = "cpu-fp32-ort1.29-amd64";
    private static final String CUDA = "cuda-fp16-ort1.29-amd64";
    private static final long GIGABYTE = 1_000_000_000;

    private void needs(Needs needs) {
        collective.storage(
                storage,
                EPOCH,
                new StorageTerms.Admission(Circle.EVERYONE, Map.of(Collective.SCORING.bundle(), needs)));
    }

    @Test
    void agentThatLacksWhatTheBundleNeedsIsToldSoAndOthersGoOn() {
        needs(new Needs(4 * GIGABYTE, Set.of("cuda")));
        fill(200);
        crawler.list();
        FakeAgent agent = collective.agent(1);
        NoLease none = agent.ask(CPU, 64 * GIGABYTE).getNone();
        assertEquals(NoLease.Reason.INCAPABLE, none.getReason());
        assertTrue(none.getDetail().endsWith("it needs cuda, and this agent computes by cpu"), none.getDetail());
        assertEquals(30_000, none.getComeBack().getMilliseconds());
        none = agent.ask(CUDA, 2 * GIGABYTE).getNone();
        assertTrue(none.getDetail().contains("4000 MB of memory, and this agent has 2000 MB"), none.getDetail());
        assertTrue(agent.ask(CUDA, 8 * GIGABYTE).hasGrant());
        assertTrue(agent.ask(CUDA, 0).hasGrant(), "it does not say how much it has");
    }

    @Test
    void storagesOfOtherBundlesAreScannedMeanwhile() {
        needs(new Needs(0, Set.of("cuda")));
        fill(200);
        crawler.list();
        long needy = storage;
        anotherStorage();
        fill(200);
        crawler.list();
        FakeAgent agent = collective.agent(1);
        Set<Long> scanned = new HashSet<>();
        for (AcquireResponse next = agent.ask(CPU, 0); next.hasGrant(); next = agent.ask(CPU, 0)) {
            scanned.add(storageOf(next));
        }
        assertEquals(Set.of(storage), scanned);
        assertEquals(needy, storageOf(collective.agent(2).ask(CUDA, 0)), "what is left");
    }

    @Test
    void bundleThatIsNamedByNoDigestIsRefused() {
        for (int length : new int[] {0, 31, 33, 100_000}) {
            FakeAgent agent = new FakeAgent(
                    collective.enrolled(MemberRole.AGENT, Collective.SITE, SigningKey.generate(new SecureRandom())),
                    SigningKey.generate(new SecureRandom()),
                    ByteString.copyFrom(new byte[length]),
                    ByteString.EMPTY);
            assertEquals(
                    Status.Code.INVALID_ARGUMENT,
                    assertThrows(StatusRuntimeException.class, agent::ask)
                            .getStatus()
                            .getCode(),
                    length + " bytes");
        }
    }

    @Test
    void oneAgentsWordDoesNotSayHowLargeTheShardsOfAllAre() {
        collective.agent(1).ask(100);
        collective.agent(1).ask(120);
        collective.agent(2).ask(1e-9);
        assertEquals(100, collective.coordinator.leases().objectsPerSecond(), 0);
    }

    private static long storageOf(AcquireResponse granted) {
        try {
            return TicketStatement.parseFrom(granted.getGrant().getTicket().getStatement())
                    .getStorageId();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
