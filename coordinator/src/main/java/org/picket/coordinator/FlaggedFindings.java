package org.picket.coordinator;

import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.content.FlaggedContents;
import org.picket.coordinator.database.Horizon;
import org.picket.coordinator.finding.Findings;
import org.picket.coordinator.ruling.Ruling;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;

/// Flagged contents are those of findings.
public record FlaggedFindings(Findings findings) implements FlaggedContents {
    @Override
    public Map<Digest, Ruling.Flagged> find(
            Handle handle, StorageId storage, Digest epoch, Collection<Digest> contents) {
        return findings.contentFlagged(handle, storage, epoch, contents);
    }

    @Override
    public void each(Handle handle, StorageId storage, Digest epoch, Horizon since, Consumer<Digest> listener) {
        findings.eachContentFlagged(handle, storage, epoch, since, listener);
    }
}
