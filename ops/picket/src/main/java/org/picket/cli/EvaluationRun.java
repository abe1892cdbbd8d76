package org.picket.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import org.picket.agent.inference.Engine;
import org.picket.agent.inference.Inference;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.coordinator.ruling.ObjectEvidence;
import org.picket.coordinator.ruling.Ruling;
import org.picket.coordinator.ruling.RulingRules;
import org.picket.coordinator.ruling.ViewScores;
import org.picket.crawler.image.Decoded;
import org.picket.crawler.image.DecoderPool;
import org.picket.crawler.image.View;
import org.picket.proto.seal.Digest;

/// Decodes, scores and rules on labelled pictures in this process, as a scan would, and does nothing about them.
final class EvaluationRun {
    private final DecoderPool decoders;
    private final Engine engine;
    private final CompiledPolicy policy;
    private final int viewSize;
    private final int threads;

    /// @param viewSize side of a view
    /// @param threads pictures under way at once
    EvaluationRun(DecoderPool decoders, Engine engine, CompiledPolicy policy, int viewSize, int threads) {
        this.decoders = decoders;
        this.engine = engine;
        this.viewSize = viewSize;
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
                    ByteBuffer input = engine.newInput();
                    for (int at = next.getAndIncrement(); at < pictures.size(); at = next.getAndIncrement()) {
                        judged.set(at, judge(pictures.get(at), input));
                        done.accept(finished.incrementAndGet());
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

    private Judged judge(LabelledPicture picture, ByteBuffer input) throws InterruptedException {
        byte[] bytes;
        try {
            if (Files.size(picture.file()) > policy.policy().scope().maxBytes()) {
                return new Judged.Apart(picture, "too large");
            }
            bytes = Files.readAllBytes(picture.file());
        } catch (IOException cause) {
            return new Judged.Apart(picture, Files.exists(picture.file()) ? "cannot be read" : "not there");
        }
        Decoded decoded = decoders.decode(
                bytes, bytes.length, viewSize, policy.policy().scope().maxPixels());
        return switch (decoded) {
            case Decoded.Undecodable undecodable ->
                new Judged.Apart(
                        picture,
                        undecodable.reason().name().toLowerCase(Locale.ROOT).replace('_', ' '));
            case Decoded.Views views -> score(picture, Digest.of(bytes), views.views(), input);
        };
    }

    private Judged score(LabelledPicture picture, Digest sha256, List<View> views, ByteBuffer input) {
        int concepts = engine.concepts();
        short[] scores = new short[views.size() * concepts];
        for (int from = 0; from < views.size(); from += engine.maxBatch()) {
            int count = Math.min(engine.maxBatch(), views.size() - from);
            input.clear();
            views.subList(from, from + count).forEach(view -> input.put(view.pixels()));
            switch (engine.infer(input, count)) {
                case Inference.Scored scored ->
                    System.arraycopy(scored.fixed(), 0, scores, from * concepts, count * concepts);
                case Inference.NotFinite notFinite -> {
                    return new Judged.Apart(picture, "scores are no numbers");
                }
                case Inference.Broken broken ->
                    throw new UsageFault("the bundle cannot be run here: " + broken.reason());
            }
        }
        Ruling ruling = RulingRules.rule(
                policy, new ObjectEvidence.Scored(sha256, new ViewScores(scores, 0, views.size(), concepts)));
        return switch (ruling) {
            case Ruling.Cleared cleared ->
                new Judged.Scored(picture, scores, views.size(), Optional.empty(), Optional.empty());
            case Ruling.Flagged flagged ->
                new Judged.Scored(picture, scores, views.size(), Optional.of(flagged.ruleId()), Optional.empty());
            case Ruling.Inconclusive inconclusive ->
                new Judged.Scored(
                        picture,
                        scores,
                        views.size(),
                        Optional.empty(),
                        Optional.of(inconclusive
                                .reason()
                                .name()
                                .toLowerCase(Locale.ROOT)
                                .replace('_', ' ')));
        };
    }
}
