package org.picket.runtime.channel;

import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolverRegistry;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Channels with the bounds of the contract. Answers are delivered on the transport's own thread: a listener of
/// a caller never blocks. (Blocking stubs wait on their own thread and are not concerned.) Each call says of which
/// [ContractVersion] and [Build] its caller is; one that the server breaks off fails with UNAVAILABLE. A channel
/// that could not connect tries again with each call.
public final class Channels {
    /// The longest that [#end] takes.
    public static final Duration ENDS_WITHIN = Duration.ofSeconds(10);

    private static final Duration GRACE = Duration.ofSeconds(5);

    private Channels() {}

    /// What becomes of a call that a server going away has not begun, as it tells its callers.
    public enum Unbegun {
        /// It fails. For calls that carry frames: each is sent from its own memory, which cannot be sent
        /// again.
        FAILS,
        /// It is sent again by itself, and nobody hears of it.
        SENT_AGAIN
    }

    /// Reaches a server of this process.
    ///
    /// @param name what [Servers#inProcess] was given
    public static ManagedChannel inProcess(
            String name, ChannelSettings settings, List<ClientInterceptor> interceptors) {
        return build(InProcessChannelBuilder.forName(name), settings, interceptors, Unbegun.FAILS);
    }

    /// Reaches a server over a socket, in clear text.
    public static ManagedChannel socket(
            InetSocketAddress address, ChannelSettings settings, List<ClientInterceptor> interceptors) {
        return build(
                bounded(NettyChannelBuilder.forAddress(address), settings).usePlaintext(),
                settings,
                interceptors,
                Unbegun.FAILS);
    }

    /// Reaches a server over a socket, by TLS. The name is looked up anew for each connection.
    ///
    /// @param tls as [org.picket.runtime.identity.Tls] makes it: it decides who may stand at the other end
    public static ManagedChannel secure(
            Address address, SslContext tls, ChannelSettings settings, List<ClientInterceptor> interceptors) {
        return secure(Addresses.of(address), tls, settings, interceptors, Unbegun.FAILS);
    }

    private static ManagedChannel one(
            Address address,
            SslContext tls,
            ChannelSettings settings,
            List<ClientInterceptor> interceptors,
            Unbegun unbegun) {
        return build(
                bounded(NettyChannelBuilder.forAddress(address.host(), address.port()), settings)
                        .sslContext(tls),
                settings,
                interceptors,
                unbegun);
    }

    /// As the other one, to the first of several servers that it reaches: where that one is gone, calls made
    /// from then on go to another, and those that it had begun fail with UNAVAILABLE.
    public static ManagedChannel secure(
            Addresses servers,
            SslContext tls,
            ChannelSettings settings,
            List<ClientInterceptor> interceptors,
            Unbegun unbegun) {
        if (servers.each().size() == 1) {
            return one(servers.each().getFirst(), tls, settings, interceptors, unbegun);
        }
        Several.KNOWN.run();
        return build(
                bounded(NettyChannelBuilder.forTarget(AddressesResolver.target(servers)), settings)
                        .sslContext(tls),
                settings,
                interceptors,
                unbegun);
    }

    /// Makes lists of addresses known to gRPC, once.
    private static final class Several {
        static final Runnable KNOWN = () -> {};

        static {
            NameResolverRegistry.getDefaultRegistry().register(new AddressesResolver.Provider());
        }
    }

    private static NettyChannelBuilder bounded(NettyChannelBuilder builder, ChannelSettings settings) {
        return builder.initialFlowControlWindow(ChannelSettings.INITIAL_WINDOW_BYTES)
                .keepAliveTime(settings.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(settings.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Begins no more calls, waits a while for those under way, and cuts off what is left.
    public static void end(ManagedChannel channel) {
        channel.shutdown();
        try {
            if (!channel.awaitTermination(GRACE.toSeconds(), TimeUnit.SECONDS)) {
                channel.shutdownNow();
            }
        } catch (InterruptedException e) {
            channel.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    static <B extends ManagedChannelBuilder<B>> ManagedChannel build(
            ManagedChannelBuilder<B> builder,
            ChannelSettings settings,
            List<ClientInterceptor> interceptors,
            Unbegun unbegun) {
        // Retries are those of calls that no server has begun: no policy asks for any other.
        B again = switch (unbegun) {
            case FAILS -> builder.disableRetry();
            case SENT_AGAIN -> builder.enableRetry();
        };
        ManagedChannel built = again.directExecutor()
                .maxInboundMessageSize(settings.messageBytes())
                .intercept(ContractVersion.attach(), Build.attach())
                .intercept(new Breaks())
                .intercept(new Deadlines(settings.callLimit()))
                .intercept(interceptors)
                .build();
        return new EagerChannel(built, System::nanoTime);
    }
}
