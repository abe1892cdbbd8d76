package org.picket.coordinator.finding;

import java.util.Objects;

/// Why an order may be given.
public sealed interface Authority {

    /// The site's own setting.
    record SiteMode() implements Authority {}

    /// A person's word.
    ///
    /// @param name as that person is known to the coordinator
    record Person(String name) implements Authority {
        public Person {
            Objects.requireNonNull(name);
        }
    }
}
