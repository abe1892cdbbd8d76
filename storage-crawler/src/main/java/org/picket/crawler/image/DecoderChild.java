package org.picket.crawler.image;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.picket.crawler.image.picture.DecoderComplaints;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.Format;
import org.picket.crawler.match.Fingerprint;
import org.picket.runtime.channel.PixelPool;

/// One child process and the pipes to it. Several threads may ask it at once: their requests stand in line, and
/// while the child decodes one object the next already lies in its memory, so that it never waits for this
/// process.
///
/// The object at the head of the line is the one that the child works on: its time runs, and it alone is blamed
/// for a death. Those behind it are put off, which is nobody's fault.
///
/// Nothing that the child says is trusted: lengths, counts and codes are checked before memory is taken for
/// them, and its only free text, the error stream, is read up to a bound and matched against fixed phrases.
final class DecoderChild implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration EXIT_LIMIT = Duration.ofSeconds(2);
    private static final int MAX_COMPLAINT_BYTES = 1 << 16;
    private static final Format[] FORMATS = Format.values();
    private static final Flaw[] FLAWS = Flaw.values();

    /// Looks at the time of the object at the head come so many times within its deadline.
    private static final int LOOKS = 16;

    private final Process process;
    private final PixelPool arrays;
    private final OutputStream requests;
    private final DataInputStream replies;
    private final DataInputStream complaints;
    private final boolean listed;
    private final DecoderLine line;
    /// Held while one request is written, so that requests come whole and in the order of the line.
    private final ReentrantLock writing = new ReentrantLock();

    private volatile Optional<ScheduledFuture<?>> watch = Optional.empty();

    /// What came of asking a child.
    sealed interface Answer {
        record Told(Decoded decoded) implements Answer {}

        record Late() implements Answer {}

        record Died() implements Answer {}

        /// The child ended before it came to this object, or is not to be asked any more.
        record PutOff() implements Answer {}
    }

    private record Reply(int sequence, int kind, int code, int count, int viewBytes, int fingerprints) {}

    private DecoderChild(Process process, ScheduledExecutorService watchdog, Duration deadline, PixelPool arrays)
            throws IOException {
        this.process = process;
        this.line = new DecoderLine(deadline);
        this.arrays = arrays;
        this.requests = process.getOutputStream();
        this.replies = new DataInputStream(process.getInputStream());
        this.complaints = new DataInputStream(process.getErrorStream());
        try {
            ScheduledFuture<?> limit = watchdog.schedule(this::kill, START_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
            Reply reply = reply();
            if (reply.kind() != DecoderWire.READY || reply.sequence() != 0) {
                throw new IOException("a decoder process did not begin with its greeting");
            }
            this.listed = reply.code() == DecoderWire.LISTED;
            complaints(0);
            limit.cancel(false);
            // One look at intervals costs nothing; a timer for each object would wake its thread each time.
            long interval = Math.max(1, deadline.toNanos() / LOOKS);
            this.watch =
                    Optional.of(watchdog.scheduleWithFixedDelay(this::look, interval, interval, TimeUnit.NANOSECONDS));
        } catch (IOException | RejectedExecutionException e) {
            kill();
            throw e;
        }
    }

    /// Starts a child and waits until it can decode; throws [IOException] if it cannot be started.
    static DecoderChild start(
            ProcessBuilder command, ScheduledExecutorService watchdog, Duration deadline, PixelPool arrays)
            throws IOException {
        try {
            // The system ends a child with the thread that started it, so that must be one that stays.
            return new DecoderChild(watchdog.submit(command::start).get(), watchdog, deadline, arrays);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (CancellationException closed) {
            throw new IOException("the decoder pool was closed", closed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a decoder process was started", e);
        }
    }

    /// Whether it has given up all calls of the kernel but those of a short list, as it says.
    boolean isListed() {
        return listed;
    }

    /// Whether it can be asked, as far as is known.
    boolean isUsable() {
        return !line.isBroken() && process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /// How many objects it was given.
    int asked() {
        return line.joined();
    }

    /// Decodes one object; waits until those asked for before it are done. After [Answer.Late] and
    /// [Answer.Died] the child is dead; after [Answer.PutOff] another one is to be asked.
    ///
    /// @param wish its bound on pixels holds beside the one that the child was started with
    Answer ask(byte[] object, int length, int size, DecoderWish wish) {
        int number;
        boolean sent;
        writing.lock();
        try {
            number = line.join();
            if (number == DecoderLine.NONE) {
                return new Answer.PutOff();
            }
            sent = write(request(number, object, length, size, wish));
        } finally {
            writing.unlock();
        }
        if (!line.awaitHead(number)) {
            line.leave();
            return line.wasLate(number) ? new Answer.Late() : new Answer.PutOff();
        }
        Optional<Decoded> decoded = Optional.empty();
        try {
            // What could not be sent will not be answered.
            decoded = sent ? answer(number, size, wish) : decoded;
        } finally {
            if (decoded.isEmpty()) {
                kill();
            }
            line.leave();
        }
        if (line.isDone()) {
            end();
        }
        return decoded.<Answer>map(Answer.Told::new)
                .orElseGet(() -> line.wasLate(number) ? new Answer.Late() : new Answer.Died());
    }

    private boolean write(byte[] request) {
        try {
            requests.write(request);
            requests.flush();
            return true;
        } catch (IOException gone) {
            return false;
        }
    }

    /// One array and so one write: the child wakes once.
    private static byte[] request(int number, byte[] object, int length, int size, DecoderWish wish) {
        return ByteBuffer.allocate(DecoderWire.REQUEST_BYTES + length)
                .putInt(DecoderWire.REQUEST_MAGIC)
                .putInt(number)
                .putInt(length)
                .putInt(size)
                .putLong(wish.maxPixels())
                .putInt(wish.fingerprinted() ? 1 : 0)
                .put(object, 0, length)
                .array();
    }

    /// Ends a child that has taken too long for the object at the head of the line.
    private void look() {
        if (line.isOverdue()) {
            kill();
        }
    }

    /// The child's answer; none where it broke off or lied.
    private Optional<Decoded> answer(int number, int size, DecoderWish wish) {
        try {
            Decoded decoded = decoded(reply(), number, size, wish.fingerprinted());
            Optional<Flaw> hidden = DecoderComplaints.flaw(complaints(number));
            boolean counts = decoded instanceof Decoded.Views || hidden.equals(Optional.of(Flaw.OUT_OF_MEMORY));
            return Optional.of(hidden.filter(flaw -> counts)
                    .<Decoded>map(Decoded.Undecodable::new)
                    .orElse(decoded));
        } catch (IOException breach) {
            return Optional.empty();
        }
    }

    private Reply reply() throws IOException {
        byte[] head = new byte[DecoderWire.REPLY_BYTES];
        replies.readFully(head);
        ByteBuffer fields = ByteBuffer.wrap(head);
        if (fields.getInt() != DecoderWire.REPLY_MAGIC) {
            throw new IOException("a decoder process sent something else than a reply");
        }
        return new Reply(
                fields.getInt(),
                fields.get(),
                Byte.toUnsignedInt(fields.get()),
                fields.getShort(),
                fields.getInt(),
                fields.getInt());
    }

    private Decoded decoded(Reply reply, int number, int size, boolean fingerprinted) throws IOException {
        if (reply.sequence() != number) {
            throw new IOException("a decoder process answered another request");
        }
        if (reply.kind() == DecoderWire.FLAWED
                && reply.code() < FLAWS.length
                && reply.count() == 0
                && reply.fingerprints() == 0) {
            return new Decoded.Undecodable(FLAWS[reply.code()]);
        }
        int viewBytes = DecoderWire.viewBytes(size);
        if (reply.kind() != DecoderWire.VIEWS
                || reply.code() >= FORMATS.length
                || !FORMATS[reply.code()].isDecoded()
                || reply.count() < 1
                || reply.count() > Decoded.MAX_VIEWS
                || reply.viewBytes() != viewBytes
                || reply.fingerprints() < (fingerprinted ? 1 : 0)
                || reply.fingerprints() > (fingerprinted ? Decoded.MAX_FINGERPRINTS : 0)) {
            throw new IOException("a decoder process sent a reply outside its bounds");
        }
        List<Fingerprint> fingerprints = fingerprints(reply.fingerprints());
        List<View> views = new ArrayList<>(reply.count());
        for (int i = 0; i < reply.count(); i++) {
            byte[] pixels = arrays.take(viewBytes);
            replies.readFully(pixels);
            views.add(new View(pixels));
        }
        return new Decoded.Views(FORMATS[reply.code()], views, fingerprints);
    }

    private List<Fingerprint> fingerprints(int count) throws IOException {
        byte[] bytes = new byte[count * DecoderWire.FINGERPRINT_BYTES];
        replies.readFully(bytes);
        ByteBuffer fields = ByteBuffer.wrap(bytes);
        List<Fingerprint> fingerprints = new ArrayList<>(count);
        try {
            for (int i = 0; i < count; i++) {
                fingerprints.add(DecoderWire.fingerprint(fields));
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("a decoder process sent a fingerprint outside its bounds", e);
        }
        return fingerprints;
    }

    /// What the child printed up to its answer to a request. The next object's complaints may lie behind it
    /// already.
    private String complaints(int number) throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream(0);
        for (int next = complaints.read(); next != DecoderWire.END_OF_COMPLAINTS; next = complaints.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            if (printed.size() == MAX_COMPLAINT_BYTES) {
                throw new IOException("a decoder process printed too much");
            }
            printed.write(next);
        }
        if (complaints.readInt() != number) {
            throw new IOException("a decoder process lost count of its answers");
        }
        return printed.toString(StandardCharsets.ISO_8859_1);
    }

    /// Ends the process whatever it does. May be called by any thread at any time.
    void kill() {
        line.breakOff();
        watch.ifPresent(look -> look.cancel(false));
        process.destroyForcibly();
    }

    /// Takes no further request, and lets the process end when those in line are answered.
    @Override
    public void close() {
        line.close();
        if (line.isDone()) {
            end();
        }
    }

    /// Lets an idle process end by itself, or ends it.
    private void end() {
        watch.ifPresent(look -> look.cancel(false));
        try {
            requests.close();
            if (!process.waitFor(EXIT_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        } catch (IOException broken) {
            kill();
        } catch (InterruptedException interrupted) {
            kill();
            Thread.currentThread().interrupt();
        }
    }
}
