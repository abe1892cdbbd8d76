package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.picket.coordinator.database.TestDatabase;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.EnrolResponse;
import org.picket.proto.v1.EnrolmentGrpc;
import org.picket.proto.v1.LeasesGrpc;
import org.picket.proto.v1.ListingsGrpc;
import org.picket.proto.v1.RelayGrpc;
import org.picket.proto.v1.SuppliesGrpc;

class AccessIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private Collective collective;

    @BeforeEach
    void start() {
        collective = new Collective(DATABASE.database());
    }

    @AfterEach
    void stop() {
        collective.close();
    }

    @Test
    void everyCallIsRefusedToEveryWrongRole() {
        int calls = 0;
        for (MemberRole role : MemberRole.values()) {
            Channel channel = collective.enrolled(role, new OwnerId(1), SigningKey.generate(new SecureRandom()));
            for (var service : collective.coordinator.services()) {
                ServerServiceDefinition definition = service.bindService();
                String name = definition.getServiceDescriptor().getName();
                if (name.equals(EnrolmentGrpc.SERVICE_NAME)) {
                    continue;
                }
                for (var method : definition.getMethods()) {
                    MethodDescriptor<?, ?> call = method.getMethodDescriptor();
                    boolean opens = call.getFullMethodName()
                            .equals(RelayGrpc.getOpenMethod().getFullMethodName());
                    boolean may = switch (role) {
                        case AGENT -> name.equals(LeasesGrpc.SERVICE_NAME) || opens;
                        case CRAWLER ->
                            name.equals(ListingsGrpc.SERVICE_NAME)
                                    || name.equals(SuppliesGrpc.SERVICE_NAME)
                                    || name.equals(RelayGrpc.SERVICE_NAME) && !opens;
                        case ADMINISTRATOR, STEWARD -> false;
                    };
                    Status status = RawCall.make(channel, call);
                    assertEquals(!may, refusesRole(status), role + " on " + call.getFullMethodName() + ": " + status);
                    assertEquals(
                            Status.Code.UNAUTHENTICATED,
                            RawCall.make(collective.channel(), call).getCode());
                    calls++;
                }
            }
        }
        assertEquals(56, calls);
    }

    @Test
    void inviteServesOnceAndForItsRoleOnly() {
        String invite = collective.coordinator.fleet().invite(MemberRole.AGENT, new OwnerId(1), Duration.ofHours(1));
        SigningKey key = SigningKey.generate(new SecureRandom());
        assertEquals(Status.Code.PERMISSION_DENIED, refusal(invite, MemberRole.CRAWLER, key));
        EnrolResponse welcome = collective.enrol(invite, MemberRole.AGENT, key);
        assertTrue(welcome.getMemberId() > 0);
        assertEquals(Status.Code.PERMISSION_DENIED, refusal(invite, MemberRole.AGENT, key));
    }

    @Test
    void inviteExpires() {
        String invite = collective.coordinator.fleet().invite(MemberRole.AGENT, new OwnerId(1), Duration.ofHours(1));
        collective.time.pass(Duration.ofHours(2));
        assertEquals(
                Status.Code.PERMISSION_DENIED,
                refusal(invite, MemberRole.AGENT, SigningKey.generate(new SecureRandom())));
    }

    @Test
    void sameKeyEnrolsAgainAsTheSameMember() {
        SigningKey key = SigningKey.generate(new SecureRandom());
        long first = enrol(key);
        assertEquals(first, enrol(key));
    }

    private long enrol(SigningKey key) {
        String invite = collective.coordinator.fleet().invite(MemberRole.AGENT, new OwnerId(1), Duration.ofHours(1));
        return collective.enrol(invite, MemberRole.AGENT, key).getMemberId();
    }

    private Status.Code refusal(String invite, MemberRole role, SigningKey key) {
        return assertThrows(StatusRuntimeException.class, () -> collective.enrol(invite, role, key))
                .getStatus()
                .getCode();
    }

    private static boolean refusesRole(Status status) {
        return status.getCode() == Status.Code.PERMISSION_DENIED
                && Optional.ofNullable(status.getDescription()).orElse("").contains("may not call");
    }
}
