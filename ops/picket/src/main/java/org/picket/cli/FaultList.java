package org.picket.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// What is wrong with all that a person named, told in one message before anything is started: whoever mends one
/// thing at a time starts the command once for each.
final class FaultList {
    private final List<String> faults = new ArrayList<>();

    void add(String fault) {
        faults.add(fault);
    }

    /// Takes up what is named; empty where that cannot be.
    <T> Optional<T> taken(Supplier<T> named) {
        try {
            return Optional.of(named.get());
        } catch (UsageFault fault) {
            faults.add(fault.getMessage());
            return Optional.empty();
        }
    }

    /// The same, where the setting that names it is to be told.
    <T> Optional<T> taken(String setting, Supplier<T> named) {
        return taken(() -> {
            try {
                return named.get();
            } catch (UsageFault fault) {
                throw new UsageFault(setting + ": " + fault.getMessage(), fault);
            }
        });
    }

    /// Goes on where nothing is wrong.
    ///
    /// @throws UsageFault with everything that is
    void orThrow() {
        if (!faults.isEmpty()) {
            throw new UsageFault(faults.stream().distinct().collect(Collectors.joining("\n")));
        }
    }
}
