package org.picket.bench.agents;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import java.io.ByteArrayInputStream;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.picket.agent.bundle.Bundle;
import org.picket.bench.lease.Client;
import org.picket.bench.lease.Goods;
import org.picket.bench.lease.Shelf;
import org.picket.model.InstantBundle;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.ListingsGrpc;
import org.picket.proto.v1.Mode;
import org.picket.proto.v1.RegisterStorageRequest;
import org.picket.proto.v1.Role;
import org.picket.proto.v1.SitesGrpc;

/// The crawler of one site: lists storages that hold nothing but numbers.
final class Supply implements AutoCloseable {
    private static final int SHARD_OBJECTS = 256;
    private static final int CONNECTIONS = 4;
    private static final long SEED = 11;
    private static final int VARIANTS = 4;

    /// What makes shards of [#SHARD_OBJECTS], or twice as many.
    private static final Client.Habits HABITS = new Client.Habits(1_000_000, false);

    private static final String POLICY = """
            id: "bench"
            version: 1
            rule {
              id: "r1" category: "test.lighthouse"
              all { concept: "lighthouse" gte: 0.5 }
              action: QUARANTINE
            }
            """;

    private final List<ManagedChannel> connections;
    private final Bundle bundle;
    private int storages;

    private Supply(List<ManagedChannel> connections, Bundle bundle) {
        this.connections = connections;
        this.bundle = bundle;
    }

    static Supply join(Host host, SecureRandom random) {
        Joined crawler = Joined.join(host.invite(Role.CRAWLER, "example.org"), Role.CRAWLER, 0, random);
        return new Supply(
                IntStream.range(0, CONNECTIONS).mapToObj(_ -> crawler.connect()).toList(),
                Bundle.read("instant", new ByteArrayInputStream(InstantBundle.file()))
                        .orThrow());
    }

    /// Nobody yet, for leases of its storages.
    Crowd crowd() {
        return new Crowd(List.copyOf(connections), goods(bundle.concepts().size()), bundle.scoring(), HABITS);
    }

    private static List<Goods> goods(int concepts) {
        Random random = new Random(SEED);
        List<Goods> goods = new ArrayList<>();
        for (int objects : new int[] {64, 128, 192, 320, 384, 448, 512}) {
            goods.add(Goods.of(random, objects, concepts));
        }
        for (int i = 0; i < VARIANTS; i++) {
            goods.add(Goods.of(random, SHARD_OBJECTS, concepts));
        }
        return goods;
    }

    /// Lists a storage that was never listed before.
    ///
    /// @param shards about so many
    void list(int shards) {
        long id = SitesGrpc.newBlockingStub(connections.getFirst())
                .register(RegisterStorageRequest.newBuilder()
                        .setIdentity("folder:/bench/" + ++storages)
                        .setMode(Mode.OBSERVE)
                        .setPolicyText(POLICY)
                        .setBundleManifest(ByteString.copyFrom(bundle.manifestBytes()))
                        .build())
                .getStorageId();
        new Shelf(ListingsGrpc.newBlockingStub(connections.getFirst())).list(new StorageId(id), shards, SHARD_OBJECTS);
    }

    @Override
    public void close() {
        connections.forEach(ManagedChannel::shutdownNow);
    }
}
