package org.picket.crawler.image;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.concurrent.atomic.AtomicBoolean;
import org.picket.crawler.match.Fingerprint;
import org.picket.runtime.channel.PixelPool;

/// One child process and the pipes to it. Not thread-safe: one user at a time, except [#kill()].
///
/// Nothing that the child says is trusted: lengths, counts and codes are checked before memory is taken for
/// them, and its only free text, the error stream, is read up to a bound and matched against fixed phrases.
final class DecoderChild implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration EXIT_LIMIT = Duration.ofSeconds(2);
    private static final int MAX_COMPLAINT_BYTES = 1 << 16;
    private static final Format[] FORMATS = Format.values();
    private static final Flaw[] FLAWS = Flaw.values();

    private final Process process;
    private final ScheduledExecutorService watchdog;
    private final Duration deadline;
    private final PixelPool arrays;
    private final OutputStream requests;
    private final DataInputStream replies;
    private final InputStream complaints;
    private final boolean listed;
    private int sequence;
    private int asked;

    /// What came of asking a child.
    sealed interface Answer {
        record Told(Decoded decoded) implements Answer {}

        record Late() implements Answer {}

        record Died() implements Answer {}
    }

    private record Reply(int sequence, int kind, int code, int count, int viewBytes, int fingerprints) {}

    private DecoderChild(Process process, ScheduledExecutorService watchdog, Duration deadline, PixelPool arrays)
            throws IOException {
        this.process = process;
        this.watchdog = watchdog;
        this.deadline = deadline;
        this.arrays = arrays;
        this.requests = process.getOutputStream();
        this.replies = new DataInputStream(process.getInputStream());
        this.complaints = process.getErrorStream();
        try {
            ScheduledFuture<?> limit = killAfter(START_LIMIT, new AtomicBoolean());
            Reply reply = reply();
            limit.cancel(false);
            if (reply.kind() != DecoderWire.READY || reply.sequence() != 0) {
                throw new IOException("a decoder process did not begin with its greeting");
            }
            this.listed = reply.code() == DecoderWire.LISTED;
            complaints();
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

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /// How many objects it was given.
    int asked() {
        return asked;
    }

    /// Decodes one object. After [Answer.Late] and [Answer.Died] the child is dead.
    ///
    /// @param wish its bound on pixels holds beside the one that the child was started with
    Answer ask(byte[] object, int length, int size, DecoderWish wish) {
        asked++;
        AtomicBoolean late = new AtomicBoolean();
        Optional<ScheduledFuture<?>> limit = Optional.empty();
        try {
            limit = Optional.of(killAfter(deadline, late));
            sequence++;
            requests.write(ByteBuffer.allocate(DecoderWire.REQUEST_BYTES)
                    .putInt(DecoderWire.REQUEST_MAGIC)
                    .putInt(sequence)
                    .putInt(length)
                    .putInt(size)
                    .putLong(wish.maxPixels())
                    .putInt(wish.fingerprinted() ? 1 : 0)
                    .array());
            requests.write(object, 0, length);
            requests.flush();
            Decoded decoded = decoded(reply(), size, wish.fingerprinted());
            Optional<Flaw> hidden = DecoderComplaints.flaw(complaints());
            return new Answer.Told(
                    decoded instanceof Decoded.Views && hidden.isPresent()
                            ? hidden.get().undecodable()
                            : decoded instanceof Decoded.Undecodable && hidden.equals(Optional.of(Flaw.OUT_OF_MEMORY))
                                    ? Flaw.OUT_OF_MEMORY.undecodable()
                                    : decoded);
        } catch (IOException | RejectedExecutionException breach) {
            kill();
            return late.get() ? new Answer.Late() : new Answer.Died();
        } finally {
            limit.ifPresent(pending -> pending.cancel(false));
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

    private Decoded decoded(Reply reply, int size, boolean fingerprinted) throws IOException {
        if (reply.sequence() != sequence) {
            throw new IOException("a decoder process answered another request");
        }
        if (reply.kind() == DecoderWire.FLAWED
                && reply.code() < FLAWS.length
                && reply.count() == 0
                && reply.fingerprints() == 0) {
            return FLAWS[reply.code()].undecodable();
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

    /// What the child has printed by now. Its decoders print before it replies, so after a reply this is
    /// complete.
    private String complaints() throws IOException {
        StringBuilder printed = new StringBuilder();
        for (int waiting = complaints.available(); waiting > 0; waiting = complaints.available()) {
            byte[] bytes = complaints.readNBytes(Math.min(waiting, MAX_COMPLAINT_BYTES));
            printed.append(new String(bytes, StandardCharsets.ISO_8859_1));
            if (printed.length() > MAX_COMPLAINT_BYTES) {
                throw new IOException("a decoder process printed too much");
            }
        }
        return printed.toString();
    }

    private ScheduledFuture<?> killAfter(Duration limit, AtomicBoolean late) {
        return watchdog.schedule(
                () -> {
                    late.set(true);
                    kill();
                },
                limit.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    /// Ends the process whatever it does. May be called by any thread at any time.
    void kill() {
        process.destroyForcibly();
    }

    /// Lets an idle process end by itself, or ends it.
    @Override
    public void close() {
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
