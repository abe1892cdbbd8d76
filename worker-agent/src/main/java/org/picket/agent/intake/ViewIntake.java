package org.picket.agent.intake;

import io.grpc.Status;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.picket.proto.v1.Grant;
import org.picket.runtime.channel.ViewFrame;
import org.picket.runtime.time.Ticker;
import org.picket.runtime.time.TimeSource;

/// Opens views streams and feeds what comes to the batcher. It never blocks the transport: as many frames are
/// asked for as there is room for, and further ones as those are done with.
public final class ViewIntake {
    private static final int QUANTA = 4;

    private final ViewRoutes routes;
    private final Batcher batcher;
    private final TimeSource time;
    private final int window;
    private final Inflow inflow;
    private final Ticker ticker;

    /// @param window frames of one lease under way
    /// @param inflow counts what comes, and holds up what is asked for next
    public ViewIntake(ViewRoutes routes, Batcher batcher, TimeSource time, int window, Inflow inflow, Ticker ticker) {
        this.inflow = inflow;
        this.routes = routes;
        this.batcher = batcher;
        this.time = time;
        this.window = window;
        this.ticker = ticker;
    }

    /// A stream that was opened.
    public interface Stream {
        /// Ends it, if it has not ended.
        void cancel();

        /// The way that was taken last; empty: none was.
        Optional<Route> route();
    }

    /// Opens the stream of a lease, whose frames go to its scan. Where one way leads nowhere, the next is
    /// tried.
    public Stream open(Grant grant, LeaseScan scan) {
        Intake intake = new Intake(grant, scan, routes.to(grant).iterator());
        intake.next(Status.UNAVAILABLE.withDescription("no crawler of this storage can be reached"));
        return intake;
    }

    private final class Intake implements Stream {
        private final Grant grant;
        private final LeaseScan scan;
        private final Iterator<ViewSource> ways;
        /// Frames that are done with and not asked for anew.
        private final AtomicInteger done = new AtomicInteger();

        private Optional<ViewSource.Opened> opened = Optional.empty();
        private Optional<Route> route = Optional.empty();
        private boolean cancelled;
        private int turns;
        private int owed;

        Intake(Grant grant, LeaseScan scan, Iterator<ViewSource> ways) {
            this.grant = grant;
            this.scan = scan;
            this.ways = ways;
        }

        /// Tries the next way.
        ///
        /// @param why there is need of it: what the scan is told where there is none
        void next(Status why) {
            Optional<ViewSource> way;
            int turn;
            synchronized (this) {
                way = cancelled || !ways.hasNext() ? Optional.empty() : Optional.of(ways.next());
                turn = ++turns;
                route = way.map(ViewSource::route).or(() -> route);
                opened = Optional.empty();
            }
            if (way.isEmpty()) {
                scan.fail(new Trouble(Trouble.Part.ROUTE, words(why)));
                return;
            }
            began(way.get().open(grant, window, new Way()), turn);
        }

        /// Frames may have come, and the next way may have been taken, before this is known.
        private void began(ViewSource.Opened stream, int turn) {
            boolean end;
            int frames = 0;
            synchronized (this) {
                end = cancelled;
                if (turn == turns) {
                    opened = Optional.of(stream);
                    frames = owed;
                    owed = 0;
                }
            }
            if (end) {
                stream.cancel();
            } else if (frames > 0) {
                stream.request(frames);
            }
        }

        @Override
        public synchronized Optional<Route> route() {
            return route;
        }

        @Override
        public void cancel() {
            Optional<ViewSource.Opened> stream;
            synchronized (this) {
                cancelled = true;
                stream = opened;
            }
            stream.ifPresent(ViewSource.Opened::cancel);
        }

        /// Asks for a quarter of the window at a time: asking costs as much as a frame.
        private void taken() {
            int quantum = Math.max(1, window / QUANTA);
            if (done.incrementAndGet() % quantum == 0) {
                Optional<ViewSource.Opened> stream;
                synchronized (this) {
                    stream = opened;
                    owed += stream.isPresent() ? 0 : quantum;
                }
                stream.ifPresent(open -> inflow.paced(() -> open.request(quantum), ticker));
            }
        }

        private static String words(Status status) {
            return "the views stream ended: " + status.getCode() + " " + status.getDescription();
        }

        /// One way that was taken.
        private final class Way implements ViewSource.Taker {
            private boolean came;

            @Override
            public void take(ViewFrame frame) {
                came = true;
                switch (frame) {
                    case ViewFrame.Chunk chunk -> {
                        inflow.came(chunk.pixels().length(), ticker.nanos());
                        if (!scan.arrived(chunk, time.now())) {
                            return;
                        }
                        if (!batcher.offer(new Arrival(scan, chunk.pixels(), Intake.this::taken))) {
                            scan.fail(new Trouble(Trouble.Part.VIEWS, "more views came than were asked for"));
                        }
                    }
                    case ViewFrame.Segment segment -> {
                        scan.arrived(segment);
                        taken();
                    }
                    case ViewFrame.End end -> scan.arrived(end);
                }
            }

            @Override
            public void closed(Status status) {
                if (status.isOk()) {
                    if (!scan.ended()) {
                        scan.fail(new Trouble(Trouble.Part.VIEWS, "the views stream ended early"));
                    }
                } else if (status.getCode() == Status.Code.UNAVAILABLE && !came) {
                    next(status);
                } else {
                    scan.fail(new Trouble(part(status.getCode()), words(status)));
                }
            }

            /// No room, no way and no welcome say nothing of the shard.
            private static Trouble.Part part(Status.Code code) {
                return switch (code) {
                    case UNAVAILABLE, RESOURCE_EXHAUSTED, PERMISSION_DENIED -> Trouble.Part.ROUTE;
                    case OK,
                            CANCELLED,
                            UNKNOWN,
                            INVALID_ARGUMENT,
                            DEADLINE_EXCEEDED,
                            NOT_FOUND,
                            ALREADY_EXISTS,
                            FAILED_PRECONDITION,
                            ABORTED,
                            OUT_OF_RANGE,
                            UNIMPLEMENTED,
                            INTERNAL,
                            DATA_LOSS,
                            UNAUTHENTICATED -> Trouble.Part.VIEWS;
                };
            }
        }
    }
}
