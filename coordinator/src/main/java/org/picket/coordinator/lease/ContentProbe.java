package org.picket.coordinator.lease;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.ruling.Ruling;

/// Knows contents that need no view: decided by a list, or ruled already under the terms' epoch.
@FunctionalInterface
public interface ContentProbe {
    /// Rulings of those among the contents that are known.
    ///
    /// @param contents SHA-256 each
    Map<ByteString, Ruling> probe(StorageTerms terms, List<ByteString> contents);
}
