package org.picket.coordinator.finding;

import java.util.Objects;

/// An order to be given.
///
/// @param finding what about
/// @param removal what to do
/// @param authority why it may be
/// @param attempt counted from 1; more than 1 where the storage failed before
public record OrderRequest(StoredFinding finding, Removal removal, Authority authority, int attempt) {
    public OrderRequest {
        Objects.requireNonNull(finding);
        Objects.requireNonNull(removal);
        Objects.requireNonNull(authority);
        if (attempt < 1) {
            throw new IllegalArgumentException("attempts are counted from 1, not " + attempt);
        }
    }
}
