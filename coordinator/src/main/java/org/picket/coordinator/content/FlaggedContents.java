package org.picket.coordinator.content;

import java.util.Collection;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.ruling.Ruling;
import org.picket.proto.seal.Digest;

/// Finds contents that are flagged under an epoch at any storage.
@FunctionalInterface
public interface FlaggedContents {
    /// Rulings of those among the contents that are flagged.
    Map<Digest, Ruling.Flagged> find(Handle handle, Digest epoch, Collection<Digest> contents);
}
