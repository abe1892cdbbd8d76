package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.picket.coordinator.artifact.ArtifactSettings;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.TestDatabase;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.Opened;
import org.picket.proto.seal.SealKind;
import org.picket.proto.v1.ArtifactKind;
import org.picket.proto.v1.ArtifactStatement;
import org.picket.proto.v1.ArtifactsGrpc;
import org.picket.proto.v1.FetchRequest;
import org.picket.proto.v1.PolicyRequest;
import org.picket.proto.v1.PolicyResponse;

/// Policies as crawlers get them, over TLS.
class ShelvedPolicyIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final String POLICY = """
            id: "shared"
            version: %d
            rule { id: "r1" category: "test.lighthouse" all { concept: "lighthouse" gte: 0.5 } }
            """;
    private static final long LIMIT_NANOS = 20_000_000_000L;
    private static final long LOOK_NANOS = 5_000_000;

    @TempDir
    private Path shelf;

    private Database database;
    private SecureCollective collective;
    private Channel crawler;

    @BeforeEach
    void start() {
        database = DATABASE.fresh();
        collective = new SecureCollective(
                database,
                Duration.ZERO,
                CoordinatorSettings.standard("secure")
                        .with(new ArtifactSettings(Optional.of(shelf), 8, 10_000_000_000L)));
        crawler = collective.join(MemberRole.CRAWLER, "one.example").channel();
    }

    @AfterEach
    void stop() {
        collective.close();
        database.close();
    }

    private static PolicyResponse ask(Channel member, String name, ByteString has) {
        return ArtifactsGrpc.newBlockingStub(member)
                .policy(PolicyRequest.newBuilder()
                        .setName(name)
                        .setHasSha256(has)
                        .build());
    }

    /// What is handed out, once the shelf has been looked at.
    private Optional<PolicyResponse> asked(String name) {
        try {
            return Optional.of(ask(crawler, name, ByteString.EMPTY));
        } catch (StatusRuntimeException e) {
            assertTrue(
                    e.getStatus().getCode() == Status.Code.NOT_FOUND
                            || e.getStatus().getCode() == Status.Code.ABORTED,
                    e::getMessage);
            return Optional.empty();
        }
    }

    private PolicyResponse await(String name, Predicate<PolicyResponse> which) {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        Optional<PolicyResponse> response = asked(name).filter(which);
        while (response.isEmpty()) {
            assertTrue(System.nanoTime() < deadline, name + " is not handed out");
            LockSupport.parkNanos(LOOK_NANOS);
            response = asked(name).filter(which);
        }
        return response.get();
    }

    private ByteString put(String name, String text) throws IOException {
        Files.writeString(shelf.resolve(name), text);
        return ByteString.copyFromUtf8(text);
    }

    private ArtifactStatement statement(PolicyResponse response) {
        return ((Opened.Valid<ArtifactStatement>) Opened.open(
                        SealKind.ARTIFACT,
                        response.getArtifact(),
                        ArtifactStatement.parser(),
                        collective.key.verifyingKey(),
                        Limits.STATEMENT_BYTES))
                .statement();
    }

    @Test
    void policyIsHandedOutSealedAndOnlyWhereItIsNotKnownYet() throws IOException {
        ByteString text = put("shared.policy", POLICY.formatted(1));
        PolicyResponse response = await("shared", _ -> true);
        assertEquals(text, response.getText());
        ArtifactStatement statement = statement(response);
        assertEquals(ArtifactKind.ARTIFACT_POLICY, statement.getKind());
        assertEquals("shared", statement.getName());
        assertEquals(Digest.of(text).bytes(), statement.getSha256());
        assertEquals(text.size(), statement.getBytes());

        PolicyResponse known = ask(crawler, "shared", statement.getSha256());
        assertEquals(response.getArtifact(), known.getArtifact());
        assertTrue(known.getText().isEmpty());

        ByteString next = put("shared.policy", POLICY.formatted(2) + "# another\n");
        PolicyResponse changed = await("shared", other -> other.getText().equals(next));
        assertEquals(Digest.of(next).bytes(), statement(changed).getSha256());
    }

    @Test
    void whatIsBrokenOrHasAnotherNameIsNotHandedOut() throws IOException {
        put("broken.policy", "id: \"broken\"");
        put("lists.policy", POLICY.formatted(1) + "list { id: \"l\" kind: ALLOW file: \"list.txt\" }");
        put("list.txt", "a".repeat(64));
        put("Large Name.policy", POLICY.formatted(1));
        put("plain", POLICY.formatted(1));
        Files.write(shelf.resolve("bytes.policy"), new byte[] {(byte) 0xff});
        Files.write(shelf.resolve("large.policy"), new byte[Limits.POLICY_BYTES + 1]);
        put("sound.policy", POLICY.formatted(1));
        await("sound", _ -> true);
        for (String name :
                new String[] {"broken", "lists", "list", "Large Name", "plain", "bytes", "large", "", "../x"}) {
            assertEquals(Optional.empty(), asked(name), name);
        }
    }

    @Test
    void noMoreAreHandedOutThanTheContractSays() throws IOException {
        for (int i = 0; i <= Limits.SHELVED_POLICIES; i++) {
            put("p%03d.policy".formatted(i), POLICY.formatted(i + 1));
        }
        await("p%03d".formatted(Limits.SHELVED_POLICIES - 1), _ -> true);
        assertEquals(Optional.empty(), asked("p%03d".formatted(Limits.SHELVED_POLICIES)));
    }

    @Test
    void agentsAndAdministratorsAndStewardsGetNoneByNameNorByDigest() throws IOException {
        ByteString text = put("shared.policy", POLICY.formatted(1));
        await("shared", _ -> true);
        for (MemberRole role : new MemberRole[] {MemberRole.AGENT, MemberRole.ADMINISTRATOR, MemberRole.STEWARD}) {
            Channel member = collective.join(role, "one.example").channel();
            StatusRuntimeException refused =
                    assertThrows(StatusRuntimeException.class, () -> ask(member, "shared", ByteString.EMPTY));
            assertEquals(Status.Code.PERMISSION_DENIED, refused.getStatus().getCode());
        }
        Channel agent = collective.join(MemberRole.AGENT, "alice").channel();
        StatusRuntimeException refused = assertThrows(
                StatusRuntimeException.class,
                () -> ArtifactsGrpc.newBlockingStub(agent)
                        .fetch(FetchRequest.newBuilder()
                                .setSha256(Digest.of(text).bytes())
                                .build())
                        .hasNext());
        assertEquals(Status.Code.NOT_FOUND, refused.getStatus().getCode());
    }
}
