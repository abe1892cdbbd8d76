package org.picket.agent.inference;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The tool that comes with NVIDIA's driver, `nvidia-smi`: each question starts a process, so it is asked seldom.
public final class NvidiaTool {
    private static final String NAME = "nvidia-smi";
    private static final long ANSWER_MILLIS = 3_000;
    private static final int ANSWER_BYTES = 64 * 1024;

    private NvidiaTool() {}

    /// What it answers.
    public sealed interface Answer {
        /// Its words.
        record Said(String text) implements Answer {}

        /// It does not know, or not in time.
        record Silent() implements Answer {}

        /// There is no such tool here.
        record Absent() implements Answer {}
    }

    /// Asks for one property of the first device, such as `memory.total`: a number without its unit.
    public static Answer property(String name) {
        return ask("--query-gpu=" + name, "--format=csv,noheader,nounits", "--id=0");
    }

    /// Asks.
    public static Answer ask(String... arguments) {
        List<String> command = new ArrayList<>(List.of(NAME));
        command.addAll(List.of(arguments));
        try {
            Process tool = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            tool.getOutputStream().close();
            if (!tool.waitFor(ANSWER_MILLIS, TimeUnit.MILLISECONDS)) {
                tool.destroyForcibly();
                return new Answer.Silent();
            }
            String text = new String(tool.getInputStream().readNBytes(ANSWER_BYTES), StandardCharsets.US_ASCII);
            return tool.exitValue() == 0 ? new Answer.Said(text) : new Answer.Silent();
        } catch (IOException e) {
            return new Answer.Absent();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Silent();
        }
    }

    /// What it said; empty: nothing.
    public static Optional<String> said(Answer answer) {
        return switch (answer) {
            case Answer.Said(String text) -> Optional.of(text);
            case Answer.Silent() -> Optional.empty();
            case Answer.Absent() -> Optional.empty();
        };
    }
}
