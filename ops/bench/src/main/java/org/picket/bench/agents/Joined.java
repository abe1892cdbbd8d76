package org.picket.bench.agents;

import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.util.Optional;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.EnrolResponse;
import org.picket.proto.v1.EnrolmentGrpc;
import org.picket.proto.v1.Role;
import org.picket.runtime.channel.Address;
import org.picket.runtime.identity.Certificates;
import org.picket.runtime.identity.Credentials;
import org.picket.runtime.identity.InviteCode;
import org.picket.runtime.identity.Party;
import org.picket.runtime.identity.Tls;
import org.picket.runtime.membership.Joining;
import org.picket.runtime.time.TimeSource;

/// A member that has joined by an invite, with an address of its own as members at other places have: the coordinator
/// bounds what comes from one address.
///
/// @param key its own
/// @param coordinator where it is
/// @param tls with its certificate
/// @param from its address on this machine
record Joined(SigningKey key, Address coordinator, SslContext tls, InetAddress from) {
    private static final int A_BYTE = 250;

    /// Joins.
    ///
    /// @param number decides its address
    static Joined join(InviteCode invite, Role role, int number, SecureRandom random) {
        SigningKey key = SigningKey.generate(random);
        Tls tls = new Tls(invite.authority(), TimeSource.system());
        Address coordinator = invite.coordinators().each().getFirst();
        InetAddress from = address(number);
        ManagedChannel stranger = channel(coordinator, tls.client(Optional::empty, Party.COORDINATOR), from);
        try {
            EnrolResponse welcome = EnrolmentGrpc.newBlockingStub(stranger)
                    .enrol(Joining.request(invite.secret(), role, key, "bench-" + number));
            Credentials own = new Credentials(key, Certificates.read(welcome.getCertificatesList()));
            return new Joined(key, coordinator, tls.client(() -> Optional.of(own), Party.COORDINATOR), from);
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate that cannot be read", e);
        } finally {
            stranger.shutdownNow();
        }
    }

    private static InetAddress address(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {
                127,
                (byte) (1 + number / A_BYTE / A_BYTE),
                (byte) (1 + number / A_BYTE % A_BYTE),
                (byte) (1 + number % A_BYTE)
            });
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A connection of its own.
    ///
    /// @param interceptors of its calls
    ManagedChannel connect(ClientInterceptor... interceptors) {
        return channel(coordinator, tls, from, interceptors);
    }

    private static ManagedChannel channel(
            Address to, SslContext tls, InetAddress from, ClientInterceptor... interceptors) {
        return NettyChannelBuilder.forAddress(to.host(), to.port())
                .sslContext(tls)
                .localSocketPicker(new NettyChannelBuilder.LocalSocketPicker() {
                    @Override
                    public SocketAddress createSocketAddress(SocketAddress remote, io.grpc.Attributes attributes) {
                        return new InetSocketAddress(from, 0);
                    }
                })
                .directExecutor()
                .intercept(interceptors)
                .disableRetry()
                .build();
    }
}
