package org.picket.crawler.supply;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.ProbeResponse;

/// Asks about contents many at a time: one call for as many hashes as come within a moment, or a few moments
/// where further ones come; while one call is under way the next gathers.
final class Probes {
    private static final long LOOK_AGAIN_MILLIS = 50;
    private static final int MOST_PAUSES = 4;

    private record Question(Digest hash, CompletableFuture<ProbeResponse.Known> answer) {}

    private final SupplyClient client;
    private final Terms terms;
    private final SupplySettings settings;
    private final ArrayBlockingQueue<Question> questions;

    Probes(SupplyClient client, Terms terms, SupplySettings settings) {
        this.client = client;
        this.terms = terms;
        this.settings = settings;
        // No more than the window can be waiting, and the one that the sender holds.
        this.questions = new ArrayBlockingQueue<>(settings.window() + settings.fetchers() + 1);
    }

    /// Whether the content is ruled already; fails as the call fails.
    CompletableFuture<ProbeResponse.Known> ask(Digest hash) {
        Question question = new Question(hash, new CompletableFuture<>());
        if (!questions.offer(question)) {
            question.answer.completeExceptionally(
                    new IllegalStateException("more questions than objects in the window"));
        }
        return question.answer;
    }

    /// Answers until the stream is over.
    void run(BooleanSupplier over) {
        try {
            while (!over.getAsBoolean()) {
                answer(gather());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            RuntimeException ended = new java.util.concurrent.CancellationException("the stream is over");
            for (Optional<Question> next = poll(); next.isPresent(); next = poll()) {
                next.get().answer.completeExceptionally(ended);
            }
        }
    }

    private Optional<Question> poll() {
        return Optional.ofNullable(questions.poll());
    }

    private List<Question> gather() throws InterruptedException {
        List<Question> gathered = new ArrayList<>(settings.probeHashes());
        Optional<Question> first = Optional.ofNullable(questions.poll(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS));
        if (first.isEmpty()) {
            return gathered;
        }
        gathered.add(first.get());
        // A few pauses for all, where one for each hash would keep a timer busy. Never longer than what it takes
        // to fill the probe: the decoders live on what was answered.
        int wanted = settings.probeHashes() - 1;
        int before = -1;
        for (int pause = 0; pause < MOST_PAUSES && before < questions.size() && questions.size() < wanted; pause++) {
            before = questions.size();
            Thread.sleep(settings.probeWait());
        }
        questions.drainTo(gathered, settings.probeHashes() - 1);
        return gathered;
    }

    private void answer(List<Question> gathered) {
        if (gathered.isEmpty()) {
            return;
        }
        try {
            List<ProbeResponse.Known> known =
                    client.known(terms, gathered.stream().map(Question::hash).toList());
            for (int i = 0; i < gathered.size(); i++) {
                gathered.get(i).answer.complete(known.get(i));
            }
        } catch (RuntimeException e) {
            gathered.forEach(question -> question.answer.completeExceptionally(e));
        }
    }
}
