package org.picket.crawler.removal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// One step of carrying out an order. Each makes at most one change to the storage or the record, and each may
/// run again after a crash: it looks first at what is already so.
///
/// @param name for tests and messages
record Step(String name, Act act) {

    /// Does the step; an outcome ends the order.
    @FunctionalInterface
    interface Act {
        Optional<Outcome> run() throws IOException;
    }

    /// A step that never ends the order.
    @FunctionalInterface
    interface Change {
        void run() throws IOException;
    }

    static Step of(String name, Change change) {
        return new Step(name, () -> {
            change.run();
            return Optional.empty();
        });
    }

    /// A last step that only says what came of it.
    static Step end(Outcome outcome) {
        return new Step("end", () -> Optional.of(outcome));
    }

    /// Runs steps in turn until one ends the order.
    static Optional<Outcome> run(List<Step> steps, KillSwitch killSwitch) throws IOException {
        for (Step step : steps) {
            killSwitch.check();
            Optional<Outcome> outcome = step.act().run();
            if (outcome.isPresent()) {
                return outcome;
            }
        }
        return Optional.empty();
    }
}
