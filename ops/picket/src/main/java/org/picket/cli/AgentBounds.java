package org.picket.cli;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.picket.agent.inference.EngineSettings;
import org.picket.agent.inference.NvidiaTool;
import org.picket.agent.inference.Provider;
import org.picket.agent.session.AgentLimits;
import org.picket.agent.session.WorkHours;
import org.picket.agent.status.AgentScreen;
import org.picket.runtime.config.ConfigKey;
import org.picket.runtime.config.Configuration;
import org.picket.runtime.terminal.Amounts;

/// What the operator of a machine allows its agent, as the settings say.
///
/// @param hours in words; empty: at any time
/// @param down bytes a second that come in
/// @param up bytes a second that go out
/// @param gpuMemory bytes of the graphics card
/// @param gpuBusy percent of the graphics card's time that others may use before the agent pauses
record AgentBounds(
        Optional<String> hours, OptionalLong down, OptionalLong up, OptionalLong gpuMemory, OptionalInt gpuBusy) {
    private static final int BATCH = 32;

    static AgentBounds of(Configuration configuration) {
        Optional<Integer> busy = configuration.get(Keys.AGENT_GPU_BUSY);
        return new AgentBounds(
                configuration
                        .get(Keys.AGENT_HOURS)
                        .map(hours -> hours.from() + "-" + hours.to())
                        .or(() -> configuration.get(Keys.AGENT_DAYS).map(_ -> "on some days only")),
                amount(configuration, Keys.AGENT_DOWN),
                amount(configuration, Keys.AGENT_UP),
                amount(configuration, Keys.AGENT_GPU_MEMORY),
                busy.isPresent() ? OptionalInt.of(busy.get()) : OptionalInt.empty());
    }

    private static OptionalLong amount(Configuration configuration, ConfigKey<Long> key) {
        Optional<Long> value = configuration.get(key);
        return value.isPresent() ? OptionalLong.of(value.get()) : OptionalLong.empty();
    }

    /// How bundles are run within them.
    ///
    /// @param wanted what is to infer; empty: the fastest that works
    EngineSettings engine(Optional<Provider> wanted) {
        return new EngineSettings(wanted, BATCH, Runtime.getRuntime().availableProcessors(), gpuMemory);
    }

    static WorkHours hours(Configuration configuration) {
        return new WorkHours(
                configuration.get(Keys.AGENT_HOURS),
                configuration.get(Keys.AGENT_DAYS).orElse(WorkHours.ALWAYS.days()));
    }

    AgentLimits limits(AgentLeave leave) {
        return new AgentLimits(leave, down, up);
    }

    AgentScreen.Bounds traffic() {
        return new AgentScreen.Bounds(down, up);
    }

    static AgentLeave leave(Configuration configuration) {
        return new AgentLeave(hours(configuration), ZoneId.systemDefault());
    }

    /// The limits that are set, in words, each with what is in its way.
    ///
    /// @param provider that computes
    List<String> words(Provider provider) {
        boolean card = provider == Provider.CUDA || provider == Provider.TENSORRT;
        List<String> words = new ArrayList<>();
        hours.ifPresent(text -> words.add("hours " + text));
        if (gpuMemory.isPresent()) {
            words.add("GPU memory " + Amounts.bytes(gpuMemory.getAsLong())
                    + (provider == Provider.CUDA
                            ? ""
                            : " (no effect: " + provider + " computes, which has no such bound)"));
        }
        if (gpuBusy.isPresent()) {
            words.add("pauses while others use more than " + gpuBusy.getAsInt() + " % of the GPU" + blind(card));
        }
        return words;
    }

    private static String blind(boolean card) {
        if (!card) {
            return " (no effect: the agent does not use it)";
        }
        return switch (NvidiaTool.property("utilization.gpu")) {
            case NvidiaTool.Answer.Said(String _) -> "";
            case NvidiaTool.Answer.Silent() -> " (no effect: nvidia-smi does not answer)";
            case NvidiaTool.Answer.Absent() -> " (no effect: there is no nvidia-smi here, which would measure it)";
        };
    }
}
