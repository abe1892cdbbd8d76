package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.coordinator.policy.Policy;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.ArtifactKind;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Servers;

class CollectivePolicyTest {
    private static final String POLICY = """
            id: "shared"
            version: %d
            rule { id: "r1" category: "test.lighthouse" all { concept: "lighthouse" gte: 0.5 } }
            """;
    private static final Attempts TWO = new Attempts(2, Duration.ofMillis(1), Duration.ofMillis(1));

    @TempDir
    private Path folder;

    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private final PoliciesFake coordinator = new PoliciesFake(key);
    private final List<Server> servers = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private Function<Policy, List<String>> faults = _ -> List.of();

    @AfterEach
    void end() {
        channels.forEach(ManagedChannel::shutdownNow);
        servers.forEach(Server::shutdownNow);
    }

    private Channel to(PoliciesFake one) {
        String name = "policies-" + UUID.randomUUID();
        servers.add(Servers.inProcess(name, ChannelSettings.DEFAULT, List.of(one.bindService()), List.of()));
        channels.add(Channels.inProcess(name, ChannelSettings.DEFAULT, List.of()));
        return channels.getLast();
    }

    /// As a process that has just started has it.
    private CollectivePolicy started(PoliciesFake... coordinators) {
        List<Channel> each = new ArrayList<>();
        for (PoliciesFake one : coordinators) {
            each.add(to(one));
        }
        return new CollectivePolicy(
                "shared",
                folder.resolve("shared.kept"),
                new CollectivePolicy.Means(each, key.verifyingKey(), policy -> faults.apply(policy), TWO),
                said::add);
    }

    private void offer(int version) {
        coordinator.texts.put("shared", POLICY.formatted(version));
    }

    private static int begun(CollectivePolicy policy) {
        OfferedPolicy offered = policy.begin();
        policy.taken(offered);
        return offered.policy().version();
    }

    private static Optional<Integer> changed(CollectivePolicy policy) {
        Optional<OfferedPolicy> offered = policy.changed();
        offered.ifPresent(policy::taken);
        return offered.map(one -> one.policy().version());
    }

    private String lastSaid() {
        return said.isEmpty() ? "" : said.getLast();
    }

    @Test
    void whatIsHandedOutIsTakenAndItsTextComesAgainOnlyWhenItIsAnother() {
        offer(1);
        CollectivePolicy policy = started(coordinator);
        assertEquals(1, begun(policy));
        assertEquals(Optional.empty(), changed(policy));
        assertEquals(1, coordinator.sent.get());
        offer(2);
        assertEquals(Optional.of(2), changed(policy));
        assertEquals(Optional.empty(), changed(policy));
        assertEquals(2, coordinator.sent.get());
        offer(1);
        assertEquals(Optional.of(1), changed(policy), "back to the one before");
        assertEquals(List.of(), said);
    }

    @Test
    void whatWasNotTakenIsOfferedAgain() {
        offer(1);
        CollectivePolicy policy = started(coordinator);
        begun(policy);
        offer(2);
        assertTrue(policy.changed().isPresent());
        assertTrue(policy.changed().isPresent(), "the call that would have registered it failed");
        policy.refused(policy.changed().orElseThrow(), "it has too many rules");
        assertEquals(Optional.empty(), policy.changed());
        assertTrue(lastSaid().contains("by the coordinator itself: it has too many rules"), lastSaid());
    }

    @Test
    void whatTheCoordinatorDoesNotTakeAtAStartGivesWayToTheLastOneInOrder() {
        offer(1);
        CollectivePolicy first = started(coordinator);
        assertEquals(Optional.empty(), first.instead(first.begin(), "no"), "there is no other");
        begun(first);
        offer(2);
        CollectivePolicy second = started(coordinator);
        OfferedPolicy last =
                second.instead(second.begin(), "it has too many rules").orElseThrow();
        assertEquals(1, last.policy().version());
        assertTrue(lastSaid().contains("by the coordinator itself: it has too many rules"), lastSaid());
        second.taken(last);
        assertEquals(Optional.empty(), second.changed());
    }

    @Test
    void lastOneInOrderGoesOnWithoutTheShelfAlsoAfterAStart() {
        offer(1);
        CollectivePolicy policy = started(coordinator);
        begun(policy);
        coordinator.texts.clear();
        assertEquals(Optional.empty(), changed(policy));
        assertTrue(
                lastSaid().contains("no coordinator hands out the collective's policy \"shared\"; the last one"),
                lastSaid());
        assertEquals(1, begun(started(coordinator)));
        assertTrue(lastSaid().contains("goes on with the last one that was in order"), lastSaid());
        coordinator.failing.set(Optional.of(Status.UNAVAILABLE));
        assertEquals(1, begun(started(coordinator)));
        assertTrue(lastSaid().contains("does not say what the collective's policy"), lastSaid());
    }

    @Test
    void withoutAnyThereIsNothingToBeginWith() {
        UsageFault fault =
                assertThrows(UsageFault.class, () -> started(coordinator).begin());
        assertTrue(fault.getMessage().contains("no coordinator hands out"), fault.getMessage());
        assertTrue(fault.getMessage().contains("name a file by --policy"), fault.getMessage());
    }

    private void refused(String why, Runnable lie) throws IOException {
        offer(1);
        Files.deleteIfExists(folder.resolve("shared.kept"));
        CollectivePolicy policy = started(coordinator);
        begun(policy);
        lie.run();
        assertEquals(Optional.empty(), changed(policy), why);
        assertTrue(
                lastSaid().contains(why) && lastSaid().contains("the last one that was in order goes on"), lastSaid());
        assertEquals(1, begun(started(coordinator)), "kept over a start");
        Files.delete(folder.resolve("shared.kept"));
        UsageFault fault =
                assertThrows(UsageFault.class, () -> started(coordinator).begin());
        assertTrue(fault.getMessage().contains(why), fault.getMessage());
        coordinator.stating = statement -> statement;
        coordinator.meddling = response -> response;
        coordinator.key = key;
        faults = _ -> List.of();
    }

    @Test
    void whatIsNotTheCoordinatorsOrBrokenIsRefusedAndTheLastOneIsKept() throws IOException {
        refused("not sealed by the coordinator's key", () -> {
            offer(2);
            coordinator.key = SigningKey.generate(new SecureRandom());
        });
        refused("not sealed by the coordinator's key", () -> {
            offer(2);
            coordinator.meddling =
                    response -> response.toBuilder().clearArtifact().build();
        });
        refused("not sealed by the coordinator's key as a policy of that name", () -> {
            offer(2);
            coordinator.stating =
                    statement -> statement.toBuilder().setName("other").build();
        });
        refused("not sealed by the coordinator's key as a policy of that name", () -> {
            offer(2);
            coordinator.stating = statement ->
                    statement.toBuilder().setKind(ArtifactKind.ARTIFACT_BUNDLE).build();
        });
        refused("the SHA-256 is another one", () -> {
            offer(2);
            coordinator.meddling = response -> response.toBuilder()
                    .setText(response.getText().concat(ByteString.copyFromUtf8("#")))
                    .build();
        });
        refused("it is no sound policy: ", () -> coordinator.texts.put("shared", "id: \"shared\" version: 1"));
        refused(
                "does not travel with the policy's text",
                () -> coordinator.texts.put(
                        "shared", POLICY.formatted(2) + "list { id: \"l\" kind: ALLOW file: \"/etc/hosts\" }"));
        refused("does not go with this site's bundles: it lacks a concept", () -> {
            offer(2);
            faults = policy -> policy.version() == 2 ? List.of("it lacks a concept") : List.of();
        });
    }

    @Test
    void whatIsKeptIsLookedAtAnewAtEachStart() throws IOException {
        offer(1);
        begun(started(coordinator));
        Path kept = folder.resolve("shared.kept");
        byte[] whole = Files.readAllBytes(kept);
        coordinator.texts.clear();
        for (int at = 0; at < whole.length; at += 7) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            Files.write(kept, damaged);
            CollectivePolicy policy = started(coordinator);
            assertThrows(UsageFault.class, policy::begin, "byte " + at);
        }
        Files.write(kept, whole);
        assertEquals(1, begun(started(coordinator)));
    }

    @Test
    void nextCoordinatorIsAskedWhereTheFirstHasNoneOrIsAway() {
        offer(1);
        PoliciesFake without = new PoliciesFake(key);
        PoliciesFake away = new PoliciesFake(key);
        away.failing.set(Optional.of(Status.UNAVAILABLE));
        assertEquals(1, begun(started(without, away, coordinator)));
        assertEquals(List.of(), said);
        assertFalse(Files.exists(folder.resolve("shared.kept.new")));
    }
}
