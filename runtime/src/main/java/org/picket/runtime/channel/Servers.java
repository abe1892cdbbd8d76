package org.picket.runtime.channel;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.InternalNettyServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.picket.proto.v1.LeasesGrpc;
import org.picket.proto.v1.RemovalsGrpc;
import org.picket.proto.v1.SitesGrpc;
import org.picket.proto.v1.ViewsGrpc;

/// Servers with the bounds of the contract. Calls run on a bounded number of virtual threads and may block;
/// only what carries views, which never blocks its caller, runs on the transport's own thread:
/// `picket.v1.Views`, and the two ends of `picket.v1.Relay`.
///
/// Calls that wait for something to happen have threads of their own: however many members wait, heartbeats and
/// reports do not stand in line behind them.
///
/// Within a process a call of one answer runs on its caller's thread, which would wait for it anyway: whoever
/// must not block makes none. Only the pull of orders, which its caller may end, runs on a thread of its own.
public final class Servers {
    /// The longest that [#end] takes.
    public static final Duration ENDS_WITHIN = Duration.ofSeconds(15);

    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration SEND_ON = Duration.ofMillis(100);

    /// How long a connection by TLS serves new calls.
    public static final Duration CONNECTION_LIFE = Duration.ofHours(2);

    /// How long a caller may take to shake hands.
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    /// A connection on which nobody calls is closed after that; members connect anew when they call.
    private static final Duration IDLE = Duration.ofMinutes(5);

    /// The most calls that wait at once.
    private static final int WAITING = 8_192;

    private static final Executor CALLER = Runnable::run;
    private static final String PULL = RemovalsGrpc.getPullMethod().getFullMethodName();
    private static final Set<String> WAITS = Set.of(
            PULL,
            LeasesGrpc.getAcquireMethod().getFullMethodName(),
            SitesGrpc.getWatchMethod().getFullMethodName());

    /// What gRPC says by itself of a stream that ends while something waits to be sent: forty lines each time that a
    /// caller goes away, which the call's status tells as well. Held here, since a level goes with its logger.
    private static final Logger STREAM_ERRORS = Logger.getLogger("io.grpc.netty.NettyServerHandler");

    static {
        STREAM_ERRORS.setLevel(Level.SEVERE);
    }

    private Servers() {}

    /// Serves callers in this process.
    ///
    /// @param name what [Channels#inProcess] is given
    /// @param interceptors the first one is called first
    public static Server inProcess(
            String name,
            ChannelSettings settings,
            List<ServerServiceDefinition> services,
            List<ServerInterceptor> interceptors) {
        ExecutorService threads = threads(settings);
        // A call begins on the executor of the server, and goes on where the supplier says.
        return start(
                InProcessServerBuilder.forName(name)
                        .executor(CALLER)
                        .callExecutor(executors(method -> onItsCallersThread(method) ? CALLER : threads)),
                List.of(threads::shutdown),
                settings,
                services,
                interceptors);
    }

    /// A pull of orders waits for some to come, and its caller can end it: a transport in whose midst the
    /// caller itself runs would hear of that only after the wait.
    private static boolean onItsCallersThread(MethodDescriptor<?, ?> method) {
        return !blocks(method)
                || method.getType() == MethodType.UNARY
                        && !method.getFullMethodName().equals(PULL);
    }

    /// Serves callers over a socket, in clear text.
    ///
    /// @param address port 0 chooses a free one
    /// @param interceptors the first one is called first
    public static Server socket(
            InetSocketAddress address,
            ChannelSettings settings,
            List<ServerServiceDefinition> services,
            List<ServerInterceptor> interceptors) {
        return netty(builder(address, settings), settings, services, interceptors);
    }

    /// Serves callers over a socket, by TLS. Connections end after [#CONNECTION_LIFE], calls under way
    /// excepted, so that callers show certificates that were renewed.
    ///
    /// @param address port 0 chooses a free one
    /// @param tls as [org.picket.runtime.identity.Tls] makes it
    /// @param interceptors the first one is called first
    public static Server secure(
            InetSocketAddress address,
            SslContext tls,
            ChannelSettings settings,
            List<ServerServiceDefinition> services,
            List<ServerInterceptor> interceptors) {
        NettyServerBuilder builder = builder(address, settings)
                .sslContext(tls)
                .handshakeTimeout(HANDSHAKE.toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionIdle(IDLE.toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionAge(CONNECTION_LIFE.toMillis(), TimeUnit.MILLISECONDS);
        return netty(builder, settings, services, interceptors);
    }

    private static NettyServerBuilder builder(InetSocketAddress address, ChannelSettings settings) {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address);
        InternalNettyServerBuilder.useNioTransport(builder);
        ConnectionBounds bounds = new ConnectionBounds(ConnectionBounds.OF_ONE, ConnectionBounds.OF_ALL);
        return builder.channelFactory(() -> new BoundedListener(bounds))
                .initialFlowControlWindow(ChannelSettings.INITIAL_WINDOW_BYTES)
                .maxConcurrentCallsPerConnection(settings.callsPerConnection())
                .keepAliveTime(settings.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(settings.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(settings.keepAlive().toMillis() / 2, TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true);
    }

    private static Server netty(
            NettyServerBuilder builder,
            ChannelSettings settings,
            List<ServerServiceDefinition> services,
            List<ServerInterceptor> interceptors) {
        ExecutorService threads = threads(settings);
        ExecutorService waiting = BoundedThreads.virtual("wait", WAITING);
        StrangerBounds strangers = new StrangerBounds(StrangerBounds.LIMIT);
        List<ServerInterceptor> all = new ArrayList<>(List.of(strangers));
        all.addAll(interceptors);
        return start(
                builder.executor(threads)
                        .callExecutor(executors(method -> waits(method) ? waiting : blocks(method) ? threads : CALLER))
                        .addStreamTracerFactory(strangers),
                List.of(threads::shutdown, waiting::shutdown, strangers::close),
                settings,
                services,
                all);
    }

    /// Takes no more calls, waits a while for those under way, and cuts off what is left.
    public static void end(Server server) {
        end(server, () -> {});
    }

    /// As the other one. Callers are told first that new calls go elsewhere.
    ///
    /// @param sendOn ends those that wait for something to happen; called again and again, for some may just
    /// have come
    public static void end(Server server, Runnable sendOn) {
        server.shutdown();
        long deadline = System.nanoTime() + GRACE.toNanos();
        try {
            do {
                sendOn.run();
            } while (!server.awaitTermination(SEND_ON.toMillis(), TimeUnit.MILLISECONDS)
                    && System.nanoTime() < deadline);
            if (!server.isTerminated()) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static ExecutorService threads(ChannelSettings settings) {
        return BoundedThreads.virtual("call", settings.threads());
    }

    /// Whether the call is held until there is something to say.
    private static boolean waits(MethodDescriptor<?, ?> method) {
        return WAITS.contains(method.getFullMethodName());
    }

    private static boolean blocks(MethodDescriptor<?, ?> method) {
        return !ViewsGrpc.SERVICE_NAME.equals(method.getServiceName()) && !RelayWire.carriesFrames(method);
    }

    /// What belongs to it ends with the server; the first interceptor is called first, where gRPC calls the last one
    /// first.
    private static <B extends ServerBuilder<B>> Server start(
            ServerBuilder<B> builder,
            List<Runnable> ends,
            ChannelSettings settings,
            List<ServerServiceDefinition> services,
            List<ServerInterceptor> interceptors) {
        builder.maxInboundMessageSize(settings.messageBytes());
        services.forEach(builder::addService);
        interceptors.reversed().forEach(builder::intercept);
        try {
            Server server = builder.build().start();
            Thread.ofVirtual().name("server-end").start(() -> endWith(server, ends));
            return server;
        } catch (IOException e) {
            ends.forEach(Runnable::run);
            throw new UncheckedIOException("cannot serve: " + e.getMessage(), e);
        }
    }

    private static void endWith(Server server, List<Runnable> ends) {
        try {
            server.awaitTermination();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ends.forEach(Runnable::run);
        }
    }

    private static ServerCallExecutorSupplier executors(Function<MethodDescriptor<?, ?>, Executor> choice) {
        return new ServerCallExecutorSupplier() {
            @Override
            public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
                return choice.apply(call.getMethodDescriptor());
            }
        };
    }
}
