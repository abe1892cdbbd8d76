package org.picket.crawler.image;

import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import org.picket.crawler.image.confinement.Lockdown;
import org.picket.crawler.image.picture.Natives;
import org.picket.crawler.image.picture.PictureDecoder;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.FlawedObject;
import org.picket.crawler.image.structure.Octets;

/// The child: reads requests from its standard input and answers each on its standard output, until the input
/// ends.
///
/// One thread only reads, so that the end of the input, which is the end of the parent however it came about,
/// ends the process at once even while another thread is deep in native code. It reads one object ahead.
final class DecoderProcess {

    /// One huge picture must not make a child hold its memory for ever.
    private static final long MAX_HELD_BYTES = 64L << 20;

    private static final int FIRST_BYTES = 1 << 20;
    /// An array of so many bytes is kept for the objects to come.
    private static final int MAX_KEPT_BYTES = 16 << 20;

    private static final int EXIT_ORPHANED = 0;
    private static final int EXIT_PROTOCOL = 2;
    private static final int EXIT_FAILED = 3;

    private record Request(int sequence, Octets octets, int size, long maxPixels, boolean fingerprinted) {}

    /// Where an object is taken from as soon as the one before is answered.
    private final SynchronousQueue<Request> requests = new SynchronousQueue<>();

    private final int maxObjectBytes;
    private final long maxPixels;
    private final OutputStream output = new FileOutputStream(FileDescriptor.out);
    private final OutputStream complaints = new FileOutputStream(FileDescriptor.err);
    /// For the object that is decoded and the one that is read, by turns.
    private final byte[][] objects = {new byte[FIRST_BYTES], new byte[FIRST_BYTES]};

    private DecoderProcess(int maxObjectBytes, long maxPixels) {
        this.maxObjectBytes = maxObjectBytes;
        this.maxPixels = maxPixels;
    }

    /// @param arguments the largest object in bytes, the largest picture in pixels
    public static void main(String[] arguments) {
        // Nothing but replies may get into the reply stream.
        System.setOut(System.err);
        DecoderProcess process = new DecoderProcess(Integer.parseInt(arguments[0]), Long.parseLong(arguments[1]));
        Thread.ofPlatform().daemon().name("requests").start(process::read);
        try {
            process.answer();
        } catch (IOException | InterruptedException gone) {
            Runtime.getRuntime().halt(EXIT_ORPHANED);
        } catch (Throwable fault) {
            Runtime.getRuntime().halt(EXIT_FAILED);
        }
    }

    private void read() {
        try (InputStream input = new FileInputStream(FileDescriptor.in)) {
            byte[] head = new byte[DecoderWire.REQUEST_BYTES];
            int turn = 0;
            while (true) {
                readFully(input, head, head.length);
                ByteBuffer fields = ByteBuffer.wrap(head);
                int magic = fields.getInt();
                int sequence = fields.getInt();
                int length = fields.getInt();
                int size = fields.getInt();
                long most = fields.getLong();
                int fingerprinted = fields.getInt();
                if (magic != DecoderWire.REQUEST_MAGIC
                        || length < 0
                        || length > maxObjectBytes
                        || size < 1
                        || size > DecoderWire.MAX_VIEW_SIZE
                        || fingerprinted < 0
                        || fingerprinted > 1) {
                    Runtime.getRuntime().halt(EXIT_PROTOCOL);
                }
                byte[] object = room(turn, length);
                turn ^= 1;
                readFully(input, object, length);
                requests.put(new Request(
                        sequence, new Octets(object, length), size, Math.min(most, maxPixels), fingerprinted == 1));
            }
        } catch (IOException | InterruptedException gone) {
            Runtime.getRuntime().halt(EXIT_ORPHANED);
        } catch (Throwable fault) {
            Runtime.getRuntime().halt(EXIT_FAILED);
        }
    }

    /// The request before the last one was answered when the last one was taken, so its array is free.
    private byte[] room(int turn, int length) {
        if (length > MAX_KEPT_BYTES) {
            return new byte[length];
        }
        if (objects[turn].length < length) {
            objects[turn] = new byte[length];
        }
        return objects[turn];
    }

    private static void readFully(InputStream input, byte[] into, int length) throws IOException {
        if (input.readNBytes(into, 0, length) < length) {
            throw new EOFException();
        }
    }

    private void answer() throws IOException, InterruptedException {
        PictureDecoder decoder = new PictureDecoder(maxPixels);
        Natives.load();
        Lockdown.widenPipes();
        // From here on bytes of strangers come in.
        reply(0, DecoderWire.READY, Lockdown.enter() ? DecoderWire.LISTED : DecoderWire.UNLISTED);
        while (true) {
            Request request = requests.take();
            try {
                PictureDecoder.Picture picture =
                        decoder.decode(request.octets(), request.size(), request.maxPixels(), request.fingerprinted());
                reply(request, picture);
            } catch (FlawedObject flawed) {
                reply(request.sequence(), DecoderWire.FLAWED, flawed.flaw().ordinal());
            } catch (OutOfMemoryError full) {
                decoder.release();
                reply(request.sequence(), DecoderWire.FLAWED, Flaw.OUT_OF_MEMORY.ordinal());
            }
            if (decoder.heldBytes() > MAX_HELD_BYTES) {
                decoder.release();
            }
        }
    }

    /// Before each reply, so that the parent knows whose complaints it reads.
    private void endComplaints(int sequence) throws IOException {
        ByteBuffer end = ByteBuffer.allocate(1 + Integer.BYTES);
        end.put((byte) DecoderWire.END_OF_COMPLAINTS).putInt(sequence);
        complaints.write(end.array());
    }

    private void reply(int sequence, int kind, int code) throws IOException {
        endComplaints(sequence);
        ByteBuffer frame = ByteBuffer.allocate(DecoderWire.REPLY_BYTES);
        frame.putInt(DecoderWire.REPLY_MAGIC).putInt(sequence).put((byte) kind).put((byte) code);
        output.write(frame.array());
    }

    private void reply(Request request, PictureDecoder.Picture picture) throws IOException {
        endComplaints(request.sequence());
        List<byte[]> views = picture.views();
        int viewBytes = DecoderWire.viewBytes(request.size());
        int headBytes = DecoderWire.REPLY_BYTES + picture.fingerprints().size() * DecoderWire.FINGERPRINT_BYTES;
        ByteBuffer frame = ByteBuffer.allocate(headBytes + (views.size() == 1 ? viewBytes : 0));
        frame.putInt(DecoderWire.REPLY_MAGIC).putInt(request.sequence());
        frame.put((byte) DecoderWire.VIEWS).put((byte) picture.format().ordinal());
        frame.putShort((short) views.size()).putInt(viewBytes);
        frame.putInt(picture.fingerprints().size());
        picture.fingerprints().forEach(fingerprint -> DecoderWire.write(fingerprint, frame));
        if (views.size() == 1) {
            frame.put(views.getFirst());
            output.write(frame.array());
            return;
        }
        output.write(frame.array());
        for (byte[] view : views) {
            output.write(view);
        }
    }
}
