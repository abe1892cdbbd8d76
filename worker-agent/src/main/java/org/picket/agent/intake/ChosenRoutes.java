package org.picket.agent.intake;

import io.grpc.Channel;
import io.grpc.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.picket.proto.v1.DirectRoute;
import org.picket.proto.v1.Grant;
import org.picket.runtime.channel.FailedCall;
import org.picket.runtime.channel.ViewFrame;
import org.picket.runtime.relay.Introduction;
import org.picket.runtime.time.TimeSource;

/// Directly where the crawler can be reached, else over the relay. A crawler that could not be reached is not
/// tried again for a while, and then by one lease alone, so that the way does not change with each lease.
///
/// Safe for any number of threads.
public final class ChosenRoutes implements ViewRoutes {
    private final DirectRoutes direct;
    private final Channel relay;
    private final Introduction introduction;
    private final Unreached unreached = new Unreached();
    private final TimeSource time;

    /// @param relay a channel to the coordinator with this agent's certificate, for nothing but the relay
    /// @param introduction of this agent
    public ChosenRoutes(DirectRoutes direct, Channel relay, Introduction introduction, TimeSource time) {
        this.direct = direct;
        this.relay = relay;
        this.introduction = introduction;
        this.time = time;
    }

    @Override
    public List<ViewSource> to(Grant grant) {
        List<ViewSource> ways = new ArrayList<>();
        Optional<Channel> reachable = direct.to(grant);
        boolean relayed = grant.hasRelay() && grant.getRelay().getCrawlerMemberId() > 0;
        boolean tried = reachable.isPresent() && (!relayed || unreached.tries(grant.getDirect(), time.now()));
        if (tried) {
            CalledViews called = new CalledViews(reachable.get());
            ways.add(relayed ? new Noted(called, grant.getDirect()) : called);
        }
        if (relayed) {
            ways.add(new RelayedViews(relay, introduction, reachable.isPresent()));
        }
        return ways;
    }

    @Override
    public List<String> downgrades(Instant now) {
        return unreached.lacks(now);
    }

    /// A direct way with another one beside it, whose success or failure is remembered.
    private final class Noted implements ViewSource {
        private final ViewSource way;
        private final DirectRoute route;

        Noted(ViewSource way, DirectRoute route) {
            this.way = way;
            this.route = route;
        }

        @Override
        public Opened open(Grant grant, int frames, Taker taker) {
            return way.open(grant, frames, new Taker() {
                private final AtomicBoolean came = new AtomicBoolean();

                @Override
                public void take(ViewFrame frame) {
                    if (came.compareAndSet(false, true)) {
                        unreached.reached(route);
                    }
                    taker.take(frame);
                }

                @Override
                public void closed(Status status) {
                    if (!came.get() && status.getCode() == Status.Code.UNAVAILABLE) {
                        unreached.failed(route, time.now(), FailedCall.why(status));
                    }
                    taker.closed(status);
                }
            });
        }
    }
}
