package org.picket.agent.inference;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;

/// How much memory there is where a provider computes.
public final class DeviceMemory {
    private static final int MOST_DIGITS = 9;
    private static final long MEBIBYTE = 1L << 20;

    private DeviceMemory() {}

    /// In bytes; empty: nobody tells.
    ///
    /// @param bound that the operator has set for the graphics card
    public static OptionalLong of(Provider provider, OptionalLong bound) {
        return switch (provider) {
            case CPU, COREML -> machine();
            case CUDA, TENSORRT -> bound.isPresent() ? bound : card();
        };
    }

    /// Of this machine, or what its container may take.
    private static OptionalLong machine() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? OptionalLong.of(system.getTotalMemorySize())
                : OptionalLong.empty();
    }

    /// Of the first graphics card, as its driver tells.
    public static OptionalLong card() {
        return NvidiaTool.said(NvidiaTool.property("memory.total"))
                .map(DeviceMemory::read)
                .orElse(OptionalLong.empty());
    }

    static OptionalLong read(String mebibytes) {
        String number = mebibytes.strip();
        return number.matches("\\d{1," + MOST_DIGITS + "}")
                ? OptionalLong.of(Long.parseLong(number) * MEBIBYTE)
                : OptionalLong.empty();
    }
}
