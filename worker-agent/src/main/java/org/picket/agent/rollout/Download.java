package org.picket.agent.rollout;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.picket.agent.disk.Room;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.ArtifactChunk;
import org.picket.proto.v1.ArtifactStatement;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.terminal.Amounts;

/// Fetches one artifact. What has come stands in a file beside its place, named by the digest of the whole: a
/// later download goes on at its end, also after the process was killed. Only where all bytes have that digest is it
/// moved to its place, at once.
public final class Download {
    private static final String PART = ".part";
    private static final int STEP = 1 << 20;

    private final ArtifactStatement what;
    private final Path place;
    private final Path part;
    private final LongConsumer progress;

    /// @param what as the coordinator's key vouches for it
    /// @param place where it is to be, in a folder that nobody else may write to
    /// @param progress told how many bytes are there
    public Download(ArtifactStatement what, Path place, LongConsumer progress) {
        this.what = what;
        this.place = place;
        this.part =
                place.resolveSibling(HexFormat.of().formatHex(what.getSha256().toByteArray()) + PART);
        this.progress = progress;
    }

    /// Somebody who hands the artifact out.
    @FunctionalInterface
    public interface Source {
        /// Its chunks from an offset on, as they come.
        Iterator<ArtifactChunk> from(long offset);
    }

    /// What came of it.
    public sealed interface Outcome {
        /// It is at its place.
        record Complete() implements Outcome {}

        /// It is not there.
        ///
        /// @param inWords what happened and what to do; what had come is kept for the next time, unless it
        /// was wrong
        record Failed(String inWords) implements Outcome {}

        /// Its turn did not come: as many transfers as may be are under way.
        ///
        /// @param inWords what happened and what to do; what had come is kept for the next time
        record Crowded(String inWords) implements Outcome {}

        /// The operator of the machine allows no more of it just now.
        ///
        /// @param inWords what is in the way; what had come is kept for the next time
        record Held(String inWords) implements Outcome {}

        /// All bytes came, and have another digest: to fetch them at once again would bring the same.
        ///
        /// @param inWords what happened and what to do; they were thrown away
        record Wrong(String inWords) implements Outcome {}
    }

    /// A chunk that is none of this artifact's, or not the next one.
    private static final class Garbage extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Garbage(String what) {
            super(what, null, false, false);
        }
    }

    /// Whether that is what is left of a download.
    static boolean partial(Path file) {
        return file.getFileName().toString().endsWith(PART);
    }

    /// Fetches what is missing: from each source in its turn, until there were as many failures without a
    /// single byte between them as the attempts allow.
    ///
    /// @param sources at least one
    public Outcome run(List<Source> sources, Attempts attempts) throws InterruptedException {
        try {
            MessageDigest digest = Digest.sha256();
            long have = resume(digest);
            Optional<String> full = full(have);
            if (full.isPresent()) {
                return new Outcome.Failed(full.get());
            }
            try (FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                out.position(have);
                Optional<Outcome> lack = fill(out, digest, sources, attempts);
                if (lack.isPresent()) {
                    return lack.get();
                }
                out.force(true);
            }
            return settle(digest, have > 0);
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return new Outcome.Failed(what.getName() + " cannot be written to " + place.getParent() + " ("
                    + e.getMessage() + "): see that the disk has room and the folder is yours; it is tried again");
        }
    }

    /// Reads what had come before.
    ///
    /// @return how many bytes
    private long resume(MessageDigest digest) throws IOException {
        long have = Files.exists(part) ? Files.size(part) : 0;
        if (have > what.getBytes()) {
            Files.delete(part);
            return 0;
        }
        if (have > 0) {
            byte[] step = new byte[STEP];
            try (InputStream in = Files.newInputStream(part)) {
                for (int read = in.read(step); read >= 0; read = in.read(step)) {
                    digest.update(step, 0, read);
                }
            }
        }
        progress.accept(have);
        return have;
    }

    private Optional<String> full(long have) throws IOException {
        return Room.lacking(what.getBytes() - have, place.getParent())
                .map(lack -> "the disk is full for " + what.getName() + ": " + lack + "; make room, it is tried again");
    }

    /// @return what was in the way
    private Optional<Outcome> fill(FileChannel out, MessageDigest digest, List<Source> sources, Attempts attempts)
            throws IOException, InterruptedException {
        int failures = 0;
        for (int turn = 0; out.position() < what.getBytes(); turn++) {
            long before = out.position();
            String lack = "it ended too soon";
            boolean crowded = false;
            Context.CancellableContext call = Context.current().withCancellation();
            Context outside = call.attach();
            try {
                take(sources.get(turn % sources.size()).from(before), out, digest);
            } catch (StatusRuntimeException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                lack = words(e.getStatus());
                crowded = e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED;
            } catch (Garbage e) {
                lack = e.getMessage();
            } finally {
                // A call whose chunks are not taken to the end would stay open.
                call.detach(outside);
                call.cancel(null);
            }
            if (out.position() == what.getBytes()) {
                break;
            }
            failures = out.position() > before ? 1 : failures + 1;
            if (failures >= attempts.most()) {
                String inWords = what.getName() + " cannot be fetched from the coordinator: " + lack
                        + "; it is tried again, from " + Amounts.bytes(out.position()) + " on";
                return Optional.of(crowded ? new Outcome.Crowded(inWords) : new Outcome.Failed(inWords));
            }
            pause(attempts, failures);
        }
        return Optional.empty();
    }

    private static void pause(Attempts attempts, int failures) throws InterruptedException {
        try {
            attempts.pause(failures);
        } catch (StatusRuntimeException e) {
            throw new InterruptedException();
        }
    }

    private void take(Iterator<ArtifactChunk> chunks, FileChannel out, MessageDigest digest) throws IOException {
        while (out.position() < what.getBytes() && chunks.hasNext()) {
            ArtifactChunk chunk = chunks.next();
            int bytes = chunk.getContent().size();
            if (chunk.getOffset() != out.position()
                    || bytes == 0
                    || bytes > Limits.ARTIFACT_CHUNK_BYTES
                    || bytes > what.getBytes() - out.position()) {
                throw new Garbage("it sent bytes that are not the next ones");
            }
            ByteBuffer content = chunk.getContent().asReadOnlyByteBuffer();
            digest.update(content.duplicate());
            while (content.hasRemaining()) {
                out.write(content);
            }
            progress.accept(out.position());
        }
    }

    /// @param resumed whether a part of it lay on the disk before: then that part may have been damaged here
    private Outcome settle(MessageDigest digest, boolean resumed) throws IOException {
        if (!Digest.finish(digest).bytes().equals(what.getSha256())) {
            Files.delete(part);
            String inWords = "what came is not " + what.getName() + ": its SHA-256 is another one. It was thrown away";
            return resumed
                    ? new Outcome.Failed(inWords + " and is fetched anew, from the beginning")
                    : new Outcome.Wrong(inWords + "; tell the coordinator's operator");
        }
        Files.move(part, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new Outcome.Complete();
    }

    private static String words(Status status) {
        return status.getCode()
                + Optional.ofNullable(status.getDescription())
                        .map(said -> " " + said)
                        .orElse("");
    }
}
