package org.picket.agent.intake;

import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.picket.proto.v1.DirectRoute;
import org.picket.proto.v1.Grant;
import org.picket.runtime.channel.Address;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.identity.Credentials;
import org.picket.runtime.identity.Party;
import org.picket.runtime.identity.Tls;

/// Connections to crawlers that listen, each believed only with the certificate of the crawler that the grant
/// names. Those that were used last are kept; the others close when their calls are over.
///
/// Safe for any number of threads.
public final class DirectRoutes implements AutoCloseable {
    private static final int KEPT = 64;

    private final Tls tls;
    private final Supplier<Optional<Credentials>> own;
    private final Map<DirectRoute, ManagedChannel> channels = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<DirectRoute, ManagedChannel> eldest) {
            if (size() > KEPT) {
                eldest.getValue().shutdown();
                return true;
            }
            return false;
        }
    };

    /// @param own what this agent shows
    public DirectRoutes(Tls tls, Supplier<Optional<Credentials>> own) {
        this.tls = tls;
        this.own = own;
    }

    /// A channel to the crawler that the grant names; empty where it names none that could be reached.
    public synchronized Optional<Channel> to(Grant grant) {
        if (!grant.hasDirect() || grant.getDirect().getCrawlerMemberId() <= 0) {
            return Optional.empty();
        }
        try {
            giveUpUnconnected(grant.getDirect());
            return Optional.of(channels.computeIfAbsent(grant.getDirect(), this::connect));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// A channel that could not connect tries again with a call, but that call fails still: a grant is tried once, so
    /// it gets a new channel.
    private void giveUpUnconnected(DirectRoute route) {
        ManagedChannel known = channels.get(route);
        if (known != null && known.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            channels.remove(route);
            known.shutdown();
        }
    }

    private ManagedChannel connect(DirectRoute route) {
        Party crawler = new Party(Party.Kind.CRAWLER, route.getCrawlerMemberId());
        return Channels.secure(
                Address.parse(route.getAddress()), tls.client(own, crawler), ChannelSettings.DEFAULT, List.of());
    }

    @Override
    public synchronized void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
        channels.clear();
    }
}
