package org.picket.crawler.image;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.picket.crawler.image.structure.Format;

/// A program that speaks the wire as a child would that an object has taken over. Its argument says how it
/// lies.
final class TreacherousChild {

    /// What a slow one takes for each object.
    static final Duration SLOW = Duration.ofMillis(1200);
    /// Bytes of objects that are not short.
    static final int SHORT = 1000;

    private static final Duration LONG_WAIT = Duration.ofSeconds(2);

    private TreacherousChild() {}

    static ProcessBuilder command(String lie) {
        return new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TreacherousChild.class.getName(),
                lie));
    }

    public static void main(String[] arguments) throws IOException {
        DataInputStream requests = new DataInputStream(System.in);
        DataOutputStream replies = new DataOutputStream(System.out);
        if (arguments[0].equals("no greeting")) {
            return;
        }
        endComplaints(0);
        reply(replies, DecoderWire.REPLY_MAGIC, 0, DecoderWire.READY, 0, 0, 0);
        while (true) {
            requests.readInt();
            int sequence = requests.readInt();
            int length = requests.readInt();
            requests.skipNBytes(DecoderWire.REQUEST_BYTES - 12L + length);
            int good = DecoderWire.REPLY_MAGIC;
            int bytes = DecoderWire.viewBytes(32);
            switch (arguments[0]) {
                case "die" -> System.exit(7);
                case "other magic" -> reply(replies, 1, sequence, DecoderWire.VIEWS, 0, 1, bytes);
                case "other sequence" -> reply(replies, good, sequence + 1, DecoderWire.VIEWS, 0, 1, bytes);
                case "other kind" -> reply(replies, good, sequence, 9, 0, 1, bytes);
                case "no such format" -> reply(replies, good, sequence, DecoderWire.VIEWS, 200, 1, bytes);
                case "format not decoded" ->
                    reply(replies, good, sequence, DecoderWire.VIEWS, Format.PDF.ordinal(), 1, bytes);
                case "no such flaw" -> reply(replies, good, sequence, DecoderWire.FLAWED, 255, 0, 0);
                case "no views" -> reply(replies, good, sequence, DecoderWire.VIEWS, 0, 0, bytes);
                case "too many views" -> reply(replies, good, sequence, DecoderWire.VIEWS, 0, 32767, bytes);
                case "negative views" -> reply(replies, good, sequence, DecoderWire.VIEWS, 0, -1, bytes);
                case "huge views" -> reply(replies, good, sequence, DecoderWire.VIEWS, 0, 1, Integer.MAX_VALUE);
                case "no fingerprints" -> reply(replies, good, sequence, DecoderWire.VIEWS, 0, 1, bytes);
                case "too many fingerprints" -> prints(replies, sequence, Integer.MAX_VALUE, 50);
                case "negative fingerprints" -> prints(replies, sequence, -1, 50);
                case "quality of more than all" -> prints(replies, sequence, 1, 101);
                case "negative quality" -> prints(replies, sequence, 1, -1);
                case "half a view" -> {
                    reply(replies, good, sequence, DecoderWire.VIEWS, 0, 1, bytes);
                    replies.write(new byte[bytes / 2]);
                    System.exit(0);
                }
                case "much ado" -> {
                    System.err.print("x".repeat(60_000));
                    flaw(replies, sequence);
                }
                case "too much ado" -> {
                    System.err.print("x".repeat(1 << 17));
                    flaw(replies, sequence);
                }
                case "other count of complaints" -> flaw(replies, sequence + 1);
                case "complaints of every second one" -> {
                    System.err.print(sequence % 2 == 0 ? "Premature end of JPEG file\n" : "");
                    views(replies, sequence);
                }
                case "die of short ones when another waits" -> {
                    if (length < SHORT) {
                        awaitRequest();
                        System.exit(7);
                    }
                    flaw(replies, sequence);
                }
                case "slow" -> {
                    LockSupport.parkNanos(SLOW.toNanos());
                    flaw(replies, sequence);
                }
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    /// Another object may wait already; where none comes for long, none will.
    private static void awaitRequest() throws IOException {
        long limit = System.nanoTime() + LONG_WAIT.toNanos();
        while (System.in.available() == 0 && System.nanoTime() < limit) {
            Thread.onSpinWait();
        }
    }

    private static void flaw(DataOutputStream replies, int sequence) throws IOException {
        endComplaints(sequence);
        reply(replies, DecoderWire.REPLY_MAGIC, sequence, DecoderWire.FLAWED, 0, 0, 0);
    }

    private static void views(DataOutputStream replies, int sequence) throws IOException {
        endComplaints(sequence);
        int bytes = DecoderWire.viewBytes(32);
        reply(replies, DecoderWire.REPLY_MAGIC, sequence, DecoderWire.VIEWS, 0, 1, bytes);
        replies.write(new byte[bytes]);
        replies.flush();
    }

    private static void endComplaints(int sequence) throws IOException {
        System.err.flush();
        DataOutputStream complaints = new DataOutputStream(System.err);
        complaints.write(DecoderWire.END_OF_COMPLAINTS);
        complaints.writeInt(sequence);
        complaints.flush();
    }

    private static void reply(
            DataOutputStream replies, int magic, int sequence, int kind, int code, int count, int bytes)
            throws IOException {
        replies.writeInt(magic);
        replies.writeInt(sequence);
        replies.writeByte(kind);
        replies.writeByte(code);
        replies.writeShort(count);
        replies.writeInt(bytes);
        replies.writeInt(0);
        replies.flush();
    }

    /// A reply of one view whose head is sound but for what it says of fingerprints.
    private static void prints(DataOutputStream replies, int sequence, int count, int quality) throws IOException {
        replies.writeInt(DecoderWire.REPLY_MAGIC);
        replies.writeInt(sequence);
        replies.writeByte(DecoderWire.VIEWS);
        replies.writeByte(0);
        replies.writeShort(1);
        replies.writeInt(DecoderWire.viewBytes(32));
        replies.writeInt(count);
        replies.writeByte(quality);
        replies.write(new byte[DecoderWire.FINGERPRINT_BYTES - 1]);
        replies.write(new byte[DecoderWire.viewBytes(32)]);
        replies.flush();
    }
}
