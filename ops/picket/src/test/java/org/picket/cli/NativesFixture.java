package org.picket.cli;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.picket.agent.inference.CudaOutlook;
import org.picket.agent.inference.Provider;
import org.picket.agent.pack.Platform;
import org.picket.agent.rollout.Allowance;
import org.picket.agent.rollout.Ending;
import org.picket.agent.rollout.Offers;
import org.picket.agent.rollout.Transfers;
import org.picket.proto.seal.SigningKey;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.time.TimeSource;

/// An agent's folder, and coordinators with packs within this process. Nothing waits in earnest.
abstract class NativesFixture {
    /// The program has no natives for it.
    static final Platform ELSEWHERE = new Platform("elsewhere-x64");
    static final Attempts TWO = new Attempts(2, Duration.ofMillis(1), Duration.ofMillis(1));

    private static final Allowance ANYTHING = new Allowance() {
        @Override
        public Optional<String> held(Instant now) {
            return Optional.empty();
        }

        @Override
        public Duration came(int bytes) {
            return Duration.ZERO;
        }
    };

    @TempDir
    Path data;

    final SigningKey key = SigningKey.generate(new SecureRandom());
    /// Providers of the packs that were loaded.
    final List<String> used = new ArrayList<>();

    final Set<String> unloadable = new HashSet<>();
    private final List<Server> servers = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();

    @AfterEach
    void end() {
        channels.forEach(ManagedChannel::shutdownNow);
        servers.forEach(Server::shutdownNow);
    }

    PacksFake packs(String... providers) {
        return new PacksFake(key, providers);
    }

    PackShelf shelf(PacksFake... coordinators) {
        return shelf(ANYTHING, TimeSource.system(), _ -> false, coordinators);
    }

    PackShelf shelf(Allowance allowance, TimeSource time, Ending ending, PacksFake... coordinators) {
        List<Channel> each = new ArrayList<>();
        for (PacksFake coordinator : coordinators) {
            String name = "natives-" + UUID.randomUUID();
            servers.add(
                    Servers.inProcess(name, ChannelSettings.DEFAULT, List.of(coordinator.bindService()), List.of()));
            ManagedChannel channel = Channels.inProcess(name, ChannelSettings.DEFAULT, List.of());
            channels.add(channel);
            each.add(channel);
        }
        return new PackShelf(new Transfers(each, allowance, time, ending, TWO), new Offers(key.verifyingKey()));
    }

    /// Without a card or a wish.
    Natives natives() {
        return natives(new CudaOutlook.NoCard());
    }

    Natives natives(CudaOutlook cuda) {
        return natives(Optional.empty(), true, ELSEWHERE, cuda);
    }

    Natives natives(Optional<Provider> wanted, boolean agreed, Platform platform, CudaOutlook cuda) {
        return new Natives(data, wanted, agreed, new Natives.Machine(platform, cuda, pack -> {
            if (unloadable.contains(pack.provider())) {
                return Optional.of("its C library is too new");
            }
            used.add(pack.provider());
            return Optional.empty();
        }));
    }
}
