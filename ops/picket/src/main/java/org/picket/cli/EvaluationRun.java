package org.picket.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import org.picket.coordinator.policy.ContentHashes;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.coordinator.ruling.Ruling;
import org.picket.coordinator.ruling.RulingRules;
import org.picket.coordinator.ruling.ViewScores;
import org.picket.crawler.image.Decoded;
import org.picket.crawler.image.DecoderPool;
import org.picket.proto.seal.Digest;

/// Decodes, scores and rules on labelled pictures in this process, as a scan would, and does nothing about them.
final class EvaluationRun {
    /// No array is longer.
    private static final long MOST_BYTES = 1L << 30;

    private static final String NOT_FINITE = "scores are no numbers";

    private final DecoderPool decoders;
    private final Judges judges;
    private final CompiledPolicy policy;
    private final int threads;

    /// @param policy ready for the bundles of the judges
    /// @param threads pictures under way at once
    EvaluationRun(DecoderPool decoders, Judges judges, CompiledPolicy policy, int threads) {
        this.decoders = decoders;
        this.judges = judges;
        this.policy = policy;
        this.threads = threads;
    }

    /// All of them, in order.
    ///
    /// @param done told how many are done, from several threads
    List<Judged> judge(List<LabelledPicture> pictures, IntConsumer done) {
        AtomicReferenceArray<Judged> judged = new AtomicReferenceArray<>(pictures.size());
        AtomicInteger next = new AtomicInteger();
        AtomicInteger finished = new AtomicInteger();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> workers = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                workers.add(pool.submit(() -> {
                    List<ByteBuffer> inputs = judges.inputs();
                    try {
                        for (int at = next.getAndIncrement(); at < pictures.size(); at = next.getAndIncrement()) {
                            judged.set(at, judge(pictures.get(at), inputs));
                            done.accept(finished.incrementAndGet());
                        }
                    } catch (RuntimeException | Error failed) {
                        // The others stop at their next picture, whichever worker is waited for first.
                        next.set(pictures.size());
                        throw failed;
                    }
                    return finished.get();
                }));
            }
            workers.forEach(worker -> await(worker, next, pictures.size()));
        }
        List<Judged> all = new ArrayList<>(pictures.size());
        for (int at = 0; at < pictures.size(); at++) {
            all.add(judged.get(at));
        }
        return all;
    }

    /// If one worker fails, the others stop at their next picture.
    private static void await(Future<?> worker, AtomicInteger next, int end) {
        try {
            worker.get();
        } catch (ExecutionException failed) {
            next.set(end);
            switch (failed.getCause()) {
                case RuntimeException unforeseen -> throw unforeseen;
                case Error fatal -> throw fatal;
                default -> throw new IllegalStateException(failed.getCause());
            }
        } catch (InterruptedException stopped) {
            next.set(end);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the evaluation was interrupted; run it again", stopped);
        }
    }

    private Judged judge(LabelledPicture picture, List<ByteBuffer> inputs) throws InterruptedException {
        byte[] bytes;
        try {
            // Nothing but a file: reading from a pipe would wait for ever.
            if (!Files.isRegularFile(picture.file())) {
                return unread(picture, Files.exists(picture.file()) ? "no file" : "not there");
            }
            if (Files.size(picture.file()) > Math.min(policy.policy().scope().maxBytes(), MOST_BYTES)) {
                return unread(picture, "too large");
            }
            bytes = Files.readAllBytes(picture.file());
        } catch (IOException cause) {
            return unread(picture, "cannot be read");
        }
        return judge(new Content(picture, bytes, Digest.of(bytes)), inputs);
    }

    private static Judged unread(LabelledPicture picture, String reason) {
        return new Judged.Apart(picture, Optional.empty(), reason);
    }

    /// A labelled picture that was read.
    private record Content(LabelledPicture picture, byte[] bytes, Digest digest) {
        Judged apart(String reason) {
            return new Judged.Apart(picture, Optional.of(digest), reason);
        }

        Judged apart(Decoded.Undecodable undecodable) {
            return apart(words(undecodable.reason()));
        }
    }

    private static String words(Enum<?> reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private Judged judge(Content content, List<ByteBuffer> inputs) throws InterruptedException {
        return switch (decode(content, 0)) {
            case Decoded.Undecodable undecodable -> content.apart(undecodable);
            case Decoded.Views views -> {
                Optional<ViewScores> scores = judges.score(0, views.views(), inputs);
                yield scores.isPresent() ? further(content, scores.get(), inputs) : content.apart(NOT_FINITE);
            }
        };
    }

    /// @param bundle 0: the first one
    private Decoded decode(Content content, int bundle) throws InterruptedException {
        return decoders.decode(
                content.bytes(),
                content.bytes().length,
                judges.viewSize(bundle),
                policy.policy().scope().maxPixels());
    }

    /// Has further bundles score it as long as the policy asks for one, and rules on it by all scores.
    ///
    /// @param first the first bundle's, which alone are told
    private Judged further(Content content, ViewScores first, List<ByteBuffer> inputs) throws InterruptedException {
        ViewScores all = first;
        CompiledPolicy rules = policy;
        for (OptionalInt place = rules.waitsFor(all); place.isPresent(); place = rules.waitsFor(all)) {
            int bundle = 1 + place.getAsInt();
            Decoded decoded = decode(content, bundle);
            if (decoded instanceof Decoded.Undecodable undecodable) {
                return content.apart(undecodable);
            }
            Optional<ViewScores> scores = judges.score(bundle, ((Decoded.Views) decoded).views(), inputs);
            if (scores.isEmpty()) {
                return content.apart(NOT_FINITE);
            }
            all = all.beside(scores.get());
            rules = policy.after(rules.scored() | 1 << place.getAsInt());
        }
        return ruled(content, first, RulingRules.byScores(rules, all));
    }

    private Judged ruled(Content content, ViewScores first, Ruling ruling) {
        Optional<String> rule =
                ruling instanceof Ruling.Flagged flagged ? Optional.of(flagged.ruleId()) : Optional.empty();
        Optional<String> undecided = ruling instanceof Ruling.Inconclusive inconclusive
                ? Optional.of(words(inconclusive.reason()))
                : Optional.empty();
        boolean listed = RulingRules.byLists(policy, ContentHashes.NONE, content.digest())
                .isPresent();
        return new Judged.Scored(
                content.picture(), Optional.of(content.digest()), first.q(), first.views(), rule, undecided, listed);
    }
}
