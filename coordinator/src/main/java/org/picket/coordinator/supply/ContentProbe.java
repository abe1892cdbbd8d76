package org.picket.coordinator.supply;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.ruling.Ruling;

/// Knows contents that need no view: allowed by the site, or ruled already under the terms' epoch.
@FunctionalInterface
public interface ContentProbe {
    /// Rulings of those among the contents that are known.
    ///
    /// @param contents SHA-256 each
    Map<ByteString, Known> probe(StorageTerms terms, List<ByteString> contents);

    /// A content that is known.
    ///
    /// @param ruling what it was ruled
    /// @param matched whether hash lists have nothing to say beyond that; else they are to be matched first
    record Known(Ruling ruling, boolean matched) {}
}
