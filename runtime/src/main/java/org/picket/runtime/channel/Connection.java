package org.picket.runtime.channel;

import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.util.List;
import java.util.Map;

/// How a channel to one of several servers stands, the best first: whoever may choose among them calls none
/// that is known to be away, and so no call fails where one server of several ends and starts again.
public enum Connection {
    /// A call goes out at once.
    STANDS,
    /// A call waits until it is known whether the server is there.
    BEGINS,
    /// A call fails: the server could not be reached. It is tried again by the next call, and every five to ten seconds
    /// by such looks.
    BROKEN;

    /// As it is now; where there is none, one is begun, so that a later look finds it.
    public static Connection of(Channel channel) {
        if (!(channel instanceof ManagedChannel managed)) {
            return STANDS;
        }
        ConnectivityState state = managed.getState(true);
        return switch (state) {
            case READY -> STANDS;
            case IDLE, CONNECTING -> BEGINS;
            case TRANSIENT_FAILURE, SHUTDOWN -> BROKEN;
        };
    }

    /// Channels in the order in which they are to be called; equal ones stay in theirs.
    public static List<Channel> bestFirst(List<? extends Channel> channels) {
        // Each is looked at once: an order by what changes meanwhile is none.
        return channels.stream()
                .map(channel -> Map.entry(of(channel), (Channel) channel))
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .toList();
    }
}
