package org.picket.bench.stream;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.picket.crawler.supply.Attendance;
import org.picket.proto.v1.AttendRequest;
import org.picket.runtime.channel.Address;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.FrameOutlet;
import org.picket.runtime.channel.Pixels;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.channel.ViewFrame;
import org.picket.runtime.channel.ViewsWire;
import org.picket.runtime.identity.Credentials;
import org.picket.runtime.identity.Party;

/// The crawler's process: the same views on a port of its own, by TLS, and over a relay. It prints the port and
/// ends with its input.
public final class RelaySender {
    private RelaySender() {}

    /// @param arguments the cast, the relay's port, the number of views, a folder
    public static void main(String[] arguments) throws IOException {
        RelayCast cast = RelayCast.of(arguments[0]);
        int views = Integer.parseInt(arguments[2]);
        Pixels[] sources = StreamSender.sources();
        Credentials own = cast.credentials(RelayCast.CRAWLER);
        Server server = Servers.secure(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                cast.tls().server(() -> own, party -> party.kind() == Party.Kind.AGENT),
                ChannelSettings.DEFAULT,
                List.of(ViewsWire.serve((request, observer) -> StreamSender.send(
                        FrameOutlet.to((ServerCallStreamObserver<ViewFrame>) observer), sources, views))),
                List.of());
        ManagedChannel relay = Channels.secure(
                new Address("127.0.0.1", Integer.parseInt(arguments[1])),
                cast.tls().client(() -> Optional.of(own), Party.COORDINATOR),
                ChannelSettings.DEFAULT,
                List.of());
        try (Attendance attendance = Attendance.start(
                relay,
                AttendRequest.newBuilder()
                        .setStorageId(RelayCast.STORAGE.value())
                        .build(),
                cast.introduction(RelayCast.CRAWLER, Path.of(arguments[3])),
                cast.coordinator().verifyingKey(),
                (request, outlet) -> StreamSender.send(outlet, sources, views))) {
            System.out.println(server.getPort());
            while (System.in.read() >= 0) {
                continue;
            }
            attendance.trouble().ifPresent(System.err::println);
        }
        relay.shutdownNow();
        server.shutdownNow();
    }
}
