package org.picket.cli;

import io.grpc.Server;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Function;
import org.picket.coordinator.Doors;
import org.picket.runtime.channel.Servers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A coordinator's server, which ends and starts again at the same address as its coordinator wants.
///
/// Safe for any number of threads.
final class ServedDoors implements Doors {
    private static final Logger LOG = LoggerFactory.getLogger(ServedDoors.class);

    private final Function<InetSocketAddress, Server> starts;
    private final Runnable sendOn;
    private final InetSocketAddress at;
    private Optional<Server> server;
    private boolean over;

    /// Opens them.
    ///
    /// @param at port 0 chooses a free one, which is kept from then on
    /// @param starts a server at an address
    /// @param sendOn ends calls that wait for something to happen
    ServedDoors(InetSocketAddress at, Function<InetSocketAddress, Server> starts, Runnable sendOn) {
        this.starts = starts;
        this.sendOn = sendOn;
        Server first = starts.apply(at);
        this.server = Optional.of(first);
        this.at = at.isUnresolved() ? at : new InetSocketAddress(at.getAddress(), first.getPort());
    }

    /// Where members come in.
    int port() {
        return at.getPort();
    }

    @Override
    public synchronized void open() {
        if (server.isEmpty() && !over) {
            server = Optional.of(starts.apply(at));
            LOG.warn("the database is within reach again: members are served again");
        }
    }

    @Override
    public synchronized void close() {
        if (server.isPresent()) {
            LOG.warn("the database has been out of reach for so long that other coordinators may go on without this"
                    + " one: members are sent on to them until it is back. See whether this machine reaches it");
            server.ifPresent(ending -> Servers.end(ending, sendOn));
            server = Optional.empty();
        }
    }

    /// Closes them for good.
    synchronized void end() {
        over = true;
        server.ifPresent(ending -> Servers.end(ending, sendOn));
        server = Optional.empty();
    }
}
