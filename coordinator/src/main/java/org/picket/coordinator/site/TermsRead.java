package org.picket.coordinator.site;

import java.util.List;

/// What became of terms that were handed in.
public sealed interface TermsRead {

    /// They are sound.
    record Sound(Terms terms) implements TermsRead {}

    /// They are not.
    ///
    /// @param faults one line each, those of the policy as `LINE:COLUMN: message`; at least one
    record Faulty(List<String> faults) implements TermsRead {
        public Faulty {
            faults = List.copyOf(faults);
        }
    }
}
