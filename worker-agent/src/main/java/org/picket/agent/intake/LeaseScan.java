package org.picket.agent.intake;

import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.runtime.channel.ViewFrame;

/// The state of one lease: which views came, which are scored, which segments are complete. It checks that the
/// stream keeps its rules. Safe for any number of threads; nothing in it blocks but [#await].
public final class LeaseScan {
    /// Views of one lease, whose digests and scores are held until they are reported.
    private static final int MAX_VIEWS = Limits.SHARD_OBJECTS * Limits.OBJECT_VIEWS;

    /// Segments of one lease that wait to be reported: one object each, and no more than may wait at the
    /// coordinator.
    static final int MAX_SEGMENTS = 4 * Limits.SHARD_OBJECTS;

    private record Mark(int to, int viewsUpTo) {}

    private final int viewBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /// Of views that are not reported yet.
    private final List<Digest> digests = new ArrayList<>();

    private final List<short[]> scores = new ArrayList<>();
    /// Ends of segments that are not reported yet.
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();

    private int received;
    private int lastOrdinal = -1;
    private int lastView;
    private int segmentEnd;
    private int reportedTo;
    private int reportedViews;
    private boolean ended;
    private Optional<Instant> firstView = Optional.empty();
    private Optional<Trouble> trouble = Optional.empty();

    public LeaseScan(int viewBytes) {
        this.viewBytes = viewBytes;
    }

    /// Where a scan stands.
    public enum Standing {
        /// Views or scores are missing.
        UNDER_WAY,
        /// Every view is scored.
        COMPLETE,
        /// It cannot be finished; [#trouble] says why.
        FAILED
    }

    /// Takes note of a view.
    ///
    /// @return whether it is in order and to be scored
    boolean arrived(ViewFrame.Chunk chunk, Instant now) {
        lock.lock();
        try {
            boolean next = chunk.ordinal() == lastOrdinal
                    ? chunk.view() == lastView + 1
                    : chunk.ordinal() > lastOrdinal && chunk.view() == 0;
            if (!next || ended || chunk.ordinal() < segmentEnd) {
                failed(new Trouble(Trouble.Part.VIEWS, "a view came out of order"));
            } else if (chunk.pixels().length() != viewBytes) {
                failed(new Trouble(
                        Trouble.Part.VIEWS,
                        "a view has " + chunk.pixels().length() + " bytes; the bundle takes " + viewBytes));
            } else if (received >= MAX_VIEWS) {
                failed(new Trouble(Trouble.Part.VIEWS, "more than " + MAX_VIEWS + " views in one lease"));
            }
            if (trouble.isPresent()) {
                return false;
            }
            lastOrdinal = chunk.ordinal();
            lastView = chunk.view();
            received++;
            firstView = firstView.or(() -> Optional.of(now));
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Takes note that a segment is complete.
    void arrived(ViewFrame.Segment segment) {
        lock.lock();
        try {
            int length = segment.to() - segment.from();
            if (ended
                    || segment.from() != segmentEnd
                    || length < 1
                    || length > Limits.SEGMENT_OBJECTS
                    || lastOrdinal >= segment.to()) {
                failed(new Trouble(Trouble.Part.VIEWS, "a segment came out of order"));
                return;
            }
            if (marks.size() >= MAX_SEGMENTS) {
                failed(new Trouble(Trouble.Part.VIEWS, "more than " + MAX_SEGMENTS + " segments wait in one lease"));
                return;
            }
            segmentEnd = segment.to();
            marks.add(new Mark(segment.to(), received));
        } finally {
            lock.unlock();
        }
    }

    /// Takes note that nothing more comes.
    void arrived(ViewFrame.End end) {
        lock.lock();
        try {
            if (end.objects() != segmentEnd) {
                failed(new Trouble(Trouble.Part.VIEWS, "the stream ended within a segment"));
            }
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Takes note of the scores of the next view.
    void scored(Digest digest, short[] fixed) {
        lock.lock();
        try {
            digests.add(digest);
            scores.add(fixed);
            // Whoever waits does so for the end: waking at each view costs more than the view.
            if (standing() == Standing.COMPLETE) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Takes note that the scan cannot be finished; the first reason stays.
    public void fail(Trouble reason) {
        lock.lock();
        try {
            failed(reason);
        } finally {
            lock.unlock();
        }
    }

    private void failed(Trouble reason) {
        trouble = trouble.or(() -> Optional.of(reason));
        changed.signalAll();
    }

    /// Whether the stream's end has come, in order.
    public boolean ended() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    public Optional<Trouble> trouble() {
        lock.lock();
        try {
            return trouble;
        } finally {
            lock.unlock();
        }
    }

    /// One past the last ordinal whose scores are complete.
    public int cursor() {
        lock.lock();
        try {
            return finished().map(Mark::to).orElse(reportedTo);
        } finally {
            lock.unlock();
        }
    }

    /// Views that came and are not scored.
    public int waiting() {
        lock.lock();
        try {
            return received - reportedViews - scores.size();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the scan is complete or failed, but not longer than asked.
    public Standing await(Duration longest) throws InterruptedException {
        lock.lock();
        try {
            long left = longest.toNanos();
            while (standing() == Standing.UNDER_WAY && left > 0) {
                left = changed.awaitNanos(left);
            }
            return standing();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the stream has ended or the scan failed, but not longer than asked.
    public boolean awaitEnd(Duration longest) throws InterruptedException {
        lock.lock();
        try {
            long left = longest.toNanos();
            while (!ended && trouble.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return ended || trouble.isPresent();
        } finally {
            lock.unlock();
        }
    }

    private Standing standing() {
        if (trouble.isPresent()) {
            return Standing.FAILED;
        }
        return ended && reportedViews + scores.size() == received ? Standing.COMPLETE : Standing.UNDER_WAY;
    }

    private Optional<Mark> finished() {
        int scored = reportedViews + scores.size();
        return marks.stream().filter(mark -> mark.viewsUpTo() <= scored).reduce((earlier, later) -> later);
    }

    /// The segments that are complete and not reported; empty where there are none. Reporting them is confirmed
    /// by [#reported].
    public Optional<Passage> passage() {
        lock.lock();
        try {
            return finished().map(mark -> {
                int views = mark.viewsUpTo() - reportedViews;
                MessageDigest together = Digest.sha256();
                int concepts = views == 0 ? 0 : scores.getFirst().length;
                ByteBuffer payload = ByteBuffer.allocate(views * concepts * Short.BYTES);
                for (int view = 0; view < views; view++) {
                    digests.get(view).bytes().asReadOnlyByteBufferList().forEach(together::update);
                    payload.asShortBuffer().put(scores.get(view));
                    payload.position(payload.position() + concepts * Short.BYTES);
                }
                return new Passage(
                        reportedTo,
                        mark.to(),
                        views,
                        Digest.finish(together),
                        UnsafeByteOperations.unsafeWrap(payload.array()),
                        firstView.orElse(Instant.EPOCH));
            });
        } finally {
            lock.unlock();
        }
    }

    /// Lets go of what was reported.
    public void reported(Passage passage) {
        lock.lock();
        try {
            reportedTo = passage.to();
            reportedViews += passage.views();
            digests.subList(0, passage.views()).clear();
            scores.subList(0, passage.views()).clear();
            marks.removeIf(mark -> mark.to() <= passage.to());
        } finally {
            lock.unlock();
        }
    }
}
