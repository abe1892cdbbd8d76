package org.picket.agent.intake;

/// Why a lease cannot be finished.
///
/// @param part which part failed
/// @param detail for people; names no key and holds no content
public record Trouble(Part part, String detail) {
    /// Whose fault it is.
    public enum Part {
        /// The stream broke, or broke its rules.
        VIEWS,
        /// The model gave no scores.
        INFERENCE,
        /// The crawler could not be reached, or went away.
        ROUTE
    }
}
