package org.picket.runtime.channel;

import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.util.List;

/// Listens, and closes at once whatever connects beyond the bounds: before a handshake, or a byte, is looked at.
final class BoundedListener extends NioServerSocketChannel {
    private final ConnectionBounds bounds;

    BoundedListener(ConnectionBounds bounds) {
        this.bounds = bounds;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int read = super.doReadMessages(accepted);
        if (read > 0 && accepted.getLast() instanceof NioSocketChannel connection && !takes(connection)) {
            accepted.removeLast();
            connection.unsafe().closeForcibly();
            return 0;
        }
        return read;
    }

    private boolean takes(NioSocketChannel connection) {
        if (connection.remoteAddress() == null) {
            return false; // It has gone already.
        }
        InetAddress from = connection.remoteAddress().getAddress();
        boolean taken = bounds.take(from);
        if (taken) {
            connection.closeFuture().addListener(_ -> bounds.give(from));
        }
        return taken;
    }
}
